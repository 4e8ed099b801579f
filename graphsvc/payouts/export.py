"""The generic payout file: what a bank or payment provider is told."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.errors import Code, Refused
from graphsvc.money import format_minor
from graphsvc.payouts.batches import batch
from graphsvc.payouts.rows import paged
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

COLUMNS = ("payout_id", "partner_id", "name", "amount", "currency", "destination_kind", "destination_token", "destination")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def exported(database: Database, batch_id: str) -> Iterator[Row]:
    """Payouts of an approved batch by partner, a page in memory at a time; amount is a decimal in major units."""
    found = batch(database, batch_id)
    if found["state"] not in ("approved", "sent", "settled"):
        raise Refused(Code.PAYOUT_STATE, f"Batch {batch_id} is {found['state']}; only what a second person approved is exported.")
    return (_row(row) for row in paged(database, batch_id) if row["state"] not in ("failed", "returned"))


def _row(row: Row) -> Row:
    return {
        "payout_id": row["id"],
        "partner_id": row["partner_id"],
        "name": _inert(row["name"] or ""),
        "amount": format_minor(row["amount_minor"], row["currency"]),
        "currency": row["currency"],
        "destination_kind": row["destination_kind"],
        "destination_token": row["destination_token"],
        "destination": row["destination"],
    }


def _inert(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
