"""Accounts of the ledger and what they stand at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphsvc.query.runner import Database
from graphsvc.query.values import Row

PAGE = 1_000
MAIN = "main"


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account stands at: minor units, above zero where the company owes it."""

    account: str
    currency: str
    amount_minor: int
    postings: int

    @property
    def is_clearing(self) -> bool:
        """Whether it has to come to zero: money is only on its way through it."""
        return self.account.startswith("clearing:")


def payable(partner_id: str, balance: str = MAIN) -> str:
    """The account of what a partner is owed, on one of its balances."""
    return f"payable/{balance}:{partner_id}"


def commission(plan: str, bonus: str) -> str:
    """The account of what a bonus of a plan has cost the company."""
    return f"commission:{plan}:{bonus}"


def clearing(run_id: str) -> str:
    """The account that the lines of a run pass on their way from the bonuses to the partners."""
    return f"clearing:{run_id}"


def balances(database: Database, *, each: bool = False) -> list[Balance]:
    """Every account by currency and name; those of partners together under `payable/BALANCE`, unless `each`."""
    return [Balance(**row) for row in database.run("ledger.balances", each=each)]


def page(database: Database, partner_id: str, *, after: tuple[int, str] | None, limit: int) -> list[Row]:
    """A partner's postings, oldest first, from just after a place in the ledger and an account on."""
    sequence, account = after or (0, "")
    rows = database.run("ledger.of_partner", partner_id=partner_id, after=max(0, sequence - 1), limit=limit + 1)
    return [row for row in rows if (row["sequence"], row["account"]) > (sequence, account)][:limit]


def statement(database: Database, partner_id: str) -> Iterator[Row]:
    """A partner's postings, oldest first, a page in memory at a time."""
    after = 0
    while rows := database.run("ledger.of_partner", partner_id=partner_id, after=after, limit=PAGE):
        yield from rows
        after = rows[-1]["sequence"]
