"""Making a batch: payouts are drawn block by block and their entries laid ready, so approving it is one short transaction.

What was made half-way belongs to nobody and is thrown away when the batch is made again or given up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from graphsvc import money
from graphsvc.errors import Code, Refused
from graphsvc.ledger.accounts import MAIN, clearing, payable
from graphsvc.ledger.entries import Entry
from graphsvc.payouts import balances
from graphsvc.payouts.rows import LEFT_OUT, PAGE, PAYOUT, group, paged, request_id, view
from graphsvc.people import Who
from graphsvc.plan import store
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

LEASE_SECONDS = 60
BLOCKS = 16  # of 1 024 partners, in one transaction
CLEAR_LIMIT = 10_000


def make(
    database: Database,
    batch_id: str,
    currency: str,
    *,
    balance: str = MAIN,
    day: dt.date | None = None,
    who: Who,
    progress: Progress | None = None,
) -> Row:
    """Draw a batch of everything in a currency that is available on a day (default today, UTC); it then waits for another person.

    balance: which balance of the partners is paid, the main one or one that a plan splits off.

    batch_id is the caller's own: the same id again goes on with what was interrupted, or gives the batch that was made.
    """
    request_id(batch_id, "batch")
    person = who.named("make a payout batch")
    if currency not in money.exponents():
        raise Refused(Code.BAD_INPUT, f"{currency!r} is not an ISO 4217 currency code, such as USD, EUR or RUB.")
    balances.demand(database, balance)
    made = _Making(database, batch_id, currency, balance, day or dt.datetime.now(dt.UTC).date(), progress or Silent())
    opened = made.open(who.actor, person)
    if opened["outcome"] != "made":
        made.draw(opened["cut"], who.actor)
    found = database.one("payouts.batch", batch_id=batch_id)
    assert found is not None
    return view(found)


@dataclass(frozen=True, slots=True)
class _Making:
    """One batch as it is made by this process."""

    database: Database
    batch_id: str
    currency: str
    balance: str
    day: dt.date
    progress: Progress
    owner: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "owner", f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(8)}")

    def open(self, actor: str, person: str) -> Row:
        """Open the batch or take it up; refuses while another one of the currency waits."""
        opened = self.database.run(
            "payouts.open_batch",
            id=self.batch_id,
            currency=self.currency,
            balance=self.balance,
            day=self.day,
            minimum_minor=self._minimum(),
            owner=self.owner,
            actor=actor,
            person=person,
            lease_seconds=LEASE_SECONDS,
        )[0]
        refused = {
            "another": (
                Code.PAYOUT_DRAFT,
                f"Batch {opened['other_id']} in {self.currency} waits to be approved or discarded; "
                "there is one draft of a currency and balance at a time, so that nothing is paid twice.",
            ),
            "different": (
                Code.DUPLICATE,
                f"Batch {self.batch_id} is of another currency, balance or day; look at it with "
                f"`graphsvc payout show {self.batch_id}`, or choose another id.",
            ),
            "busy": (Code.BUSY, f"Batch {self.batch_id} is being made by another process; wait for it."),
        }.get(opened["outcome"])
        if refused is not None:
            raise Refused(*refused)
        return opened

    def _minimum(self) -> int:
        """The largest minimum payout of the plans in force that pay this currency: a balance belongs to no plan."""
        found = 0
        for name in store.names(self.database):
            versions = [one.version for one in store.versions(self.database, name) if one.valid_from <= self.day]
            if versions:
                plan = store.get(self.database, name, max(versions))
                found = max(found, plan.minimum_payout_minor if plan.currency == self.currency else 0)
        return found

    def draw(self, cut: int, actor: str) -> None:
        """Draw every payout and lay its entries ready; then the batch is a draft."""
        self._clear()
        left_out: dict[str, list[int]] = {}
        blocks = self.database.run("payouts.blocks")[0]["blocks"]
        minimum = self._minimum_opened()
        now = dt.datetime.now(dt.UTC)
        with self.progress.step("Draw payouts", blocks) as advance:
            for first in range(0, blocks, BLOCKS):
                span = list(range(first, min(first + BLOCKS, blocks)))
                for row in self._draw(span, cut, minimum):
                    told = left_out.setdefault(row["outcome"], [0, 0])
                    told[0] += row["partners"]
                    told[1] += row["amount_minor"]
                entries = list(self._entries(span, actor, now))
                if entries:
                    self._write("ledger.stage", run_id=group(self.batch_id), entries=[entry.stored() for entry in entries])
                advance(len(span))
        digest, count, amount_minor = digest_of(self.database, self.batch_id)
        if left_out.pop("pay", [0, 0]) != [count, amount_minor]:
            raise Refused(
                Code.RUN_UNPROVED,
                f"Batch {self.batch_id} has {count} payouts of {amount_minor} (minor units), but others were drawn; "
                "it was not made, discard it and please report it.",
            )
        told_as = {
            name: {"partners": left_out[name][0], "amount_minor": left_out[name][1]} for name in LEFT_OUT if name in left_out
        }
        done = self.database.one(
            "payouts.finish",
            batch_id=self.batch_id,
            owner=self.owner,
            payouts=count,
            amount_minor=amount_minor,
            left_out=json.dumps(told_as, sort_keys=True),
            digest=digest,
        )
        if done is None:
            raise self._lost()

    def _minimum_opened(self) -> int:
        found = self.database.one("payouts.batch", batch_id=self.batch_id)
        if found is None:
            raise self._lost()
        minimum: int = found["minimum_minor"]
        return minimum

    def _clear(self) -> None:
        clear(self.database, self.batch_id)

    def _draw(self, blocks: list[int], cut: int, minimum: int) -> list[Row]:
        return self._write(
            "payouts.draw",
            batch_id=self.batch_id,
            currency=self.currency,
            day=self.day,
            cut=cut,
            minimum_minor=minimum,
            balance=self.balance,
            blocks=blocks,
        )

    def _entries(self, blocks: list[int], actor: str, now: dt.datetime) -> Iterator[Entry]:
        rows = self.database.run("payouts.drawn", batch_id=self.batch_id, blocks=blocks)
        for block, found in groupby(rows, key=lambda row: row["block"]):
            moved = {payable(row["partner_id"], self.balance): -row["amount_minor"] for row in found}
            yield entry_of(
                f"{group(self.batch_id)}/{block:07}",
                PAYOUT,
                self.batch_id,
                self.currency,
                block,
                {clearing(group(self.batch_id)): -sum(moved.values())} | moved,
                actor=actor,
                now=now,
            )

    def _write(self, query: str, **params: Any) -> list[Row]:
        def work(tx: Transaction) -> list[Row]:
            held = tx.one("payouts.hold_batch", batch_id=self.batch_id, owner=self.owner, lease_seconds=LEASE_SECONDS)
            if held is None:
                raise self._lost()
            return tx.run(query, **params)

        return self.database.transact(work)

    def _lost(self) -> Refused:
        return Refused(
            Code.RUN_LOST, f"Batch {self.batch_id} was taken over by another process, or discarded; `graphsvc payout list` tells."
        )


def clear(database: Database, batch_id: str) -> None:
    """Throw away what was laid ready of a batch that is not approved."""
    for query, named in (("payouts.clear", {"batch_id": batch_id}), ("ledger.clear_staged", {"run_id": group(batch_id)})):
        while database.run(query, limit=CLEAR_LIMIT, **named)[0]["removed"] == CLEAR_LIMIT:
            pass


def entry_of(
    entry_id: str,
    kind: str,
    batch_id: str,
    currency: str,
    block: int,
    moved: dict[str, int],
    *,
    actor: str,
    now: dt.datetime,
    reason: str = "",
    corrects: str = "",
) -> Entry:
    """An entry of a batch; moved: minor units by account, which sum to zero."""
    return Entry(
        id=entry_id,
        kind=kind,
        recorded_at=now,
        actor=actor,
        reason=reason,
        currency=currency,
        available_on=None,
        plan="",
        month="",
        run_id=group(batch_id),
        corrects=corrects,
        block=block,
        accounts=tuple(moved),
        amounts=tuple(moved.values()),
    )


def digest_of(database: Database, batch_id: str) -> tuple[str, int, int]:
    """(SHA-256, payouts, sum in minor units) of a batch, by partner: who gets how much where."""
    hashed, count, amount_minor = hashlib.sha256(), 0, 0
    for row in paged(database, batch_id, page=PAGE):
        cells = [row["partner_id"], row["amount_minor"], row["currency"], row["destination_kind"], row["destination_token"]]
        hashed.update((json.dumps([*cells, row["destination_digest"]], ensure_ascii=False) + "\n").encode())
        count += 1
        amount_minor += row["amount_minor"]
    return hashed.hexdigest(), count, amount_minor
