"""What all of corrections share: how they are found, their lines page by page, and the digest of these."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from graphsvc.errors import Code, Refused, nearest
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

KIND = "correction"  # of ledger entries
PAGE = 20_000
SHOWN = 100
# What a line is, and what it was and comes to; causes are kept beside.
KEY = ("partner_id", "bonus", "level", "class", "source_id")
AMOUNTS = ("old_minor", "new_minor", "difference_minor")


def group(correction_id: str) -> str:
    """What entries of a correction stand under where those of a run have the run's id; no run has a slash in its id."""
    return f"correction/{correction_id}"


def corrections(database: Database, *, limit: int = SHOWN) -> list[Row]:
    """The newest corrections, newest first."""
    return database.run("corrections.newest", limit=limit)


def correction(database: Database, correction_id: str) -> Row:
    """One correction; refuses an unknown id with the nearest."""
    row = database.one("corrections.correction", id=correction_id)
    if row is None:
        known = nearest(correction_id, [one["id"] for one in corrections(database)])
        raise Refused(
            Code.CORRECTION_UNKNOWN, f"There is no correction {correction_id!r}; {known}. `graphsvc correction list` shows them."
        )
    return row


def lines(database: Database, correction_id: str, *, after: int = 0, limit: int = SHOWN) -> list[Row]:
    """Lines of a correction by number, a page after one; numbers begin at 1."""
    correction(database, correction_id)
    return database.run("corrections.lines", id=correction_id, after=after, limit=limit)


def paged(database: Database, correction_id: str) -> Iterator[Row]:
    """All lines of a correction, a page in memory at a time."""
    after = 0
    while True:
        rows = database.run("corrections.lines", id=correction_id, after=after, limit=PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1]["number"]


def of_partner(database: Database, partner_id: str, closed_run: str | None = None, correction_id: str | None = None) -> list[Row]:
    """What posted corrections changed for a partner, the oldest first; of one closed run, or of one correction, if named."""
    return database.run("corrections.of_partner", partner_id=partner_id, closed_run=closed_run, id=correction_id)


def facts(row: Row) -> list[object]:
    """What a line says, without what is behind it."""
    return [row[name] for name in (*KEY, *AMOUNTS)]


def digest_of(head: Row, rows: Iterable[Row]) -> str:
    """SHA-256 of all lines of a correction with their causes, and of what they correct by which version in which currency."""
    named = [head[name] for name in ("id", "plan", "month", "closed_run", "plan_version", "currency", "partners")]
    hashed = hashlib.sha256((json.dumps(named, ensure_ascii=False) + "\n").encode())
    for row in rows:
        hashed.update((json.dumps([*facts(row), row["causes"]], ensure_ascii=False) + "\n").encode())
    return hashed.hexdigest()


def corrects(closed_run: str, digest: str) -> str:
    """What entries of a correction say that they correct: the closed run, and the lines, by their digest."""
    return f"{closed_run}#{digest}"
