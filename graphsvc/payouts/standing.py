"""What a partner is owed, told as a cabinet shows it: in all, waiting, held, available, and what was paid out."""

from __future__ import annotations

import datetime as dt

from graphsvc import network
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

PAYOUTS_SHOWN = 100


def balance(database: Database, partner_id: str, *, day: dt.date | None = None) -> list[Row]:
    """By currency and balance: owed_minor is all; waiting_minor of it waits for its hold days (the first until next_on),
    held_minor is held by compliance, available_minor is the rest, below zero where the partner owes."""
    if network.visible(database, partner_id) is None:
        raise network.unknown(database, partner_id)
    on = day or dt.datetime.now(dt.UTC).date()
    rows = database.run("payouts.balance", partner_id=partner_id, day=on)
    return [row | {"available_minor": row["owed_minor"] - row["waiting_minor"] - row["held_minor"]} for row in rows]


def paid_out(database: Database, partner_id: str, *, limit: int = PAYOUTS_SHOWN) -> list[Row]:
    """A partner's payouts of approved batches, newest first."""
    if network.visible(database, partner_id) is None:
        raise network.unknown(database, partner_id)
    return database.run("payouts.of_partner", partner_id=partner_id, limit=limit)
