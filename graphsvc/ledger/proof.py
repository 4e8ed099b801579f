"""The proof of the ledger: every entry is read again in order, its digests computed anew, the first that does not fit named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graphsvc.ledger.accounts import Balance
from graphsvc.ledger.entries import FIRST, link, of_row
from graphsvc.ledger.heads import Head, present
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

PAGE = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is not what was posted: its place, its id where one stands there, and what is wrong with it."""

    sequence: int
    id: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a proof found: entries in order, the head, how many heads kept outside were held against it, the first fault or none,
    and what every account stands at."""

    entries: int
    head: Head
    kept_outside: int
    fault: Fault | None
    balances: list[Balance] = field(default_factory=list)

    @property
    def unbalanced(self) -> list[str]:
        """Currencies whose accounts do not sum to zero."""
        sums: dict[str, int] = {}
        for one in self.balances:
            sums[one.currency] = sums.get(one.currency, 0) + one.amount_minor
        return sorted(currency for currency, amount in sums.items() if amount != 0)

    @property
    def uncleared(self) -> list[Balance]:
        """Clearing accounts that money has not left yet."""
        return [one for one in self.balances if one.is_clearing and one.amount_minor != 0]

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, dropped, swapped or inserted, and nothing made or lost."""
        return self.fault is None and not self.unbalanced


def verify(database: Database, seen: Sequence[Head] = ()) -> Verified:
    """Read the whole ledger. seen: heads that were kept outside the database, which the chain has to pass."""
    head = present(database)
    outside = {one.sequence: one.digest for one in seen if one.ledger_id == head.ledger_id}
    sums: dict[tuple[str, str], list[int]] = {}
    at, digest = 0, FIRST
    for row in _entries(database):
        fault = _fault(row, at, digest, outside)
        if fault is not None:
            return Verified(at, head, len(outside), fault)
        at, digest = row["sequence"], row["digest"]
        for account, amount in zip(row["accounts"], row["amounts"], strict=True):
            held = sums.setdefault((row["currency"], account), [0, 0])
            held[0] += amount
            held[1] += 1
    longest = max([head.sequence, *outside])
    if at < longest:
        return Verified(at, head, len(outside), Fault(at + 1, "", f"is missing, as is everything after it up to {longest}"))
    if (head.sequence, head.digest) != (at, digest):
        return Verified(
            at, head, len(outside), Fault(at, "", f"is the last entry, but the head of the ledger is {head.sequence}")
        )
    found = [Balance(account, currency, held[0], held[1]) for (currency, account), held in sorted(sums.items())]
    return Verified(at, head, len(outside), None, found)


def _fault(row: Row, at: int, digest: str, outside: dict[int, str]) -> Fault | None:
    sequence, named = row["sequence"], row["id"]
    if sequence != at + 1:
        return Fault(at + 1, "", f"is missing; {named} stands next, at {sequence}")
    entry = of_row(row)
    if not entry.is_sound:
        return Fault(sequence, named, "does not sum to zero over its accounts")
    if entry.body() != row["body"]:
        return Fault(sequence, named, "was changed: its fields do not have the digest that it was posted with")
    if row["previous"] != digest or link(digest, sequence, row["body"]) != row["digest"]:
        return Fault(sequence, named, "does not follow the entry before it: one of them was swapped, inserted or changed")
    if outside.get(sequence, row["digest"]) != row["digest"]:
        return Fault(sequence, named, "is not the head that was kept outside the database at that place")
    return None


def _entries(database: Database) -> Iterator[Row]:
    after = 0
    while True:
        rows = database.run("ledger.entries", after=after, limit=PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1]["sequence"]
