"""Keys under which a caller asks for one effect, however often the request has to be sent.

A key is taken before the request runs and holds for a lease, under the caller's own name. What the request answers is kept with
it, and only then told: so a caller who was told something is told the same for thirty days. A request that was refused gives
its key back. Where nobody knows what a request did (its process died, a commit's answer was lost), the key stays until the
lease runs out; then the same request runs again, under the same `effect_id`, and has to find what it did before.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graphsvc.query.runner import Database

KEPT_DAYS = 30
LEASE_SECONDS = 60  # longer than a request takes; one that takes longer loses its key, and both of them one effect
PURGED_AT_ONCE = 1_000


class Outcome(StrEnum):
    """What became of a key that a request wanted to take."""

    TAKEN = "taken"
    REUSED = "reused"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, as plain values."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A key in the hands of one request: `owner` proves it, `effect_id` names what the request makes."""

    caller: str
    key: str
    owner: str
    effect_id: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome; the hold where it was taken, the kept answer where it is done, the seconds of the lease that runs."""

    outcome: Outcome
    hold: Hold
    seconds: int
    answer: Answer | None


def digest(*request: Any) -> str:
    """SHA-256 of what a request asks for, parsed: spelling and order of its keys do not count, everything else does."""
    text = json.dumps(request, sort_keys=True, separators=(",", ":"), default=repr)  # fractions are Decimal, and no text
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def take(database: Database, caller: str, key: str, request_digest: str) -> Taken:
    """Take a caller's key for one request, or learn what became of it."""
    owner = secrets.token_hex(16)
    row = database.run(
        "idempotency.take",
        caller=caller,
        key=key,
        digest=request_digest,
        owner=owner,
        effect_id=secrets.token_hex(8),
        lease_seconds=LEASE_SECONDS,
        days=KEPT_DAYS,
    )[0]
    outcome = Outcome(row["outcome"])
    answer = None
    if outcome is Outcome.DONE:
        answer = Answer(row["status"], [(name, value) for name, value in json.loads(row["headers"])], row["body"])
    return Taken(outcome, Hold(caller, key, owner, row["effect_id"]), row["seconds"], answer)


def finish(database: Database, hold: Hold, answer: Answer) -> bool:
    """Keep the answer; False where the lease ran out and another request took the key over."""
    kept = database.one(
        "idempotency.finish",
        caller=hold.caller,
        key=hold.key,
        owner=hold.owner,
        status=answer.status,
        headers=json.dumps(list(answer.headers)),
        body=answer.body,
        days=KEPT_DAYS,
    )
    return kept is not None


def release(database: Database, hold: Hold) -> None:
    """Give the key back, as if the request had never been sent."""
    database.run("idempotency.release", caller=hold.caller, key=hold.key, owner=hold.owner)


def purge(database: Database) -> int:
    """Delete the keys whose time is over, some in each transaction; how many."""
    purged = 0
    while True:
        count: int = database.run("idempotency.purge", count=PURGED_AT_ONCE)[0]["purged"]
        purged += count
        if count < PURGED_AT_ONCE:
            return purged
