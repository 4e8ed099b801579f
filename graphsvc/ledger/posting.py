"""From the lines of a run to entries of the ledger.

Entries are written first and belong to nothing: they have no sequence, and nothing counts them. The transaction that closes the
period gives all of them their place at once, so a run is posted whole or not at all, however many partners it pays.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from graphsvc.errors import Code, Refused
from graphsvc.ledger.accounts import clearing, commission, payable
from graphsvc.ledger.entries import NOBODY, Entry, link
from graphsvc.query.runner import Transaction
from graphsvc.query.values import Row

if TYPE_CHECKING:
    from graphsvc.month.context import Context

EARNINGS = "earnings"


def stage(context: Context, label: str) -> None:
    """Write the entries of a run: one of what its bonuses cost, one of what is owed for each block of partners."""
    poster = _Poster(context)
    context.clear("ledger.clear_staged", label)
    total = poster.bonuses(label)
    buckets = context.buckets()
    owed = 0
    with context.progress.step(label, sum(partners for *_, partners in buckets)) as advance:
        for bucket, _, partners in buckets:
            owed += poster.owed(label, bucket)
            advance(partners)
    if owed != total:
        raise Refused(
            Code.RUN_UNPROVED,
            f"Run {context.run_id} pays {total} in lines, but its partners are owed {owed} (minor units); nothing was posted, "
            "please report this plan and month.",
        )


class _Poster:
    """Makes the entries of one run, all of the same moment."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.actor = context.database.run("month.run", run_id=context.run_id)[0]["actor"] or ""
        self.now = dt.datetime.now(dt.UTC)
        self.available_on = context.window(0).ends_on + dt.timedelta(days=context.plan.hold_days)

    def bonuses(self, label: str) -> int:
        """Write what each bonus costs; what all of them do, minor units."""
        context, rows = self.context, self.context.database.run("ledger.by_bonus", run_id=self.context.run_id)
        total: int = sum(row["amount_minor"] for row in rows)
        moved = {commission(context.plan.name, row["bonus"]): -row["amount_minor"] for row in rows}
        self._write(label, [self._entry(0, NOBODY, moved | {clearing(context.run_id): total})] if rows else [])
        return total

    def owed(self, label: str, bucket: int) -> int:
        """Write what the partners of a bucket are owed, an entry for each block; what it is in all, minor units."""
        context = self.context
        asked = {"run_id": context.run_id, "bucket": bucket, "split": bool(context.plan.splits)}
        entries = list(self._blocks(context.database.run("ledger.owed", **asked)))
        self._write(label, entries)
        return -sum(entry.amounts[0] for entry in entries)

    def _blocks(self, rows: list[Row]) -> Iterator[Entry]:
        for block, found in groupby(rows, key=lambda row: row["block"]):
            owed = {payable(row["partner_id"], row["balance"]): row["amount_minor"] for row in found}
            yield self._entry(block + 1, block, {clearing(self.context.run_id): -sum(owed.values())} | owed)

    def _entry(self, number: int, block: int, moved: dict[str, int]) -> Entry:
        plan, run_id = self.context.plan, self.context.run_id
        return Entry(
            id=f"{run_id}/{number:07}",
            kind=EARNINGS,
            recorded_at=self.now,
            actor=self.actor,
            reason="",
            currency=plan.currency,
            available_on=None if block == NOBODY else self.available_on,
            plan=plan.name,
            month=str(self.context.month),
            run_id=run_id,
            corrects="",
            block=block,
            accounts=tuple(moved),
            amounts=tuple(moved.values()),
        )

    def _write(self, label: str, entries: list[Entry]) -> None:
        unsound = [entry.id for entry in entries if not entry.is_sound]
        if unsound:
            raise Refused(Code.RUN_UNPROVED, f"Entry {unsound[0]} does not sum to zero; nothing was posted, please report it.")
        if entries:
            self.context.write("ledger.stage", label, entries=[entry.stored() for entry in entries])


def append(tx: Transaction, run_id: str) -> tuple[int, str]:
    """Give the entries of a run their place at the end of the ledger, in this transaction; its new head."""
    head = tx.run("ledger.lock")[0]
    sequence, digest = head["sequence"], head["digest"]
    links = []
    for row in tx.run("ledger.staged", run_id=run_id):
        previous, sequence = digest, sequence + 1
        digest = link(previous, sequence, row["body"])
        links.append({"id": row["id"], "sequence": sequence, "previous": previous, "digest": digest})
    tx.run("ledger.chain", links=links, sequence=sequence, digest=digest)
    return sequence, digest
