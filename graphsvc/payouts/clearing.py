"""Clearing accounts that are not at zero: money may rest on its way, but never unseen and never without somebody it waits for."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.ledger.accounts import Balance, balances, clearing
from graphsvc.payouts.rows import group
from graphsvc.query.runner import Database

WAITS = {
    "approved": "to be handed to the bank (`graphsvc payout sent`)",
    "sent": "for the bank (`graphsvc payout settled` or `failed`)",
}


@dataclass(frozen=True, slots=True)
class Uncleared:
    """A clearing account that money has not left yet: whose it is, and what it waits for."""

    balance: Balance
    owner: str
    waits: str


def uncleared(database: Database, found: list[Balance] | None = None) -> list[Uncleared]:
    """Every clearing account that is not at zero. found: the balances, where they were read already."""
    there = [one for one in (balances(database) if found is None else found) if one.is_clearing and one.amount_minor != 0]
    return [_owned(database, one) for one in there]


def _owned(database: Database, balance: Balance) -> Uncleared:
    prefix = clearing(group(""))
    row = None
    if balance.account.startswith(prefix):
        row = database.one("payouts.batch", batch_id=balance.account.removeprefix(prefix))
    if row is None:
        return Uncleared(balance, "", "nobody knows for what; please report it")
    people = [row[name] for name in ("person", "approver_person") if row[name]]
    return Uncleared(balance, " + ".join(people), WAITS.get(row["state"], f"nobody knows for what: the batch is {row['state']}"))
