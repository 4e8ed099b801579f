"""What all of payouts share: names, pages, and the rule of ids."""

from __future__ import annotations

import json
from collections.abc import Iterator

from graphsvc.errors import Code, Refused
from graphsvc.imports import values
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

PAGE = 20_000
# Kinds of ledger entries.
PAYOUT, SETTLED, FAILED, RETURNED = "payout", "payout-settled", "payout-failed", "payout-returned"
# Why somebody who has something is not in a batch.
LEFT_OUT = ("negative", "held", "minimum", "destination")
BANK = "bank"  # the account of what left the company
REASON_CHARACTERS_MAX = 500


def group(batch_id: str) -> str:
    """What entries of a batch stand under where those of a run have the run's id; no run has a slash in its id."""
    return f"payout/{batch_id}"


def view(row: Row) -> Row:
    """A batch as people see it: `left_out` by reason, how many partners and what they have."""
    return row | {"left_out": json.loads(row["left_out"] or "{}")}


def paged(database: Database, batch_id: str, *, page: int = PAGE, after: str = "") -> Iterator[Row]:
    """Payouts of a batch by partner, a page in memory at a time."""
    while True:
        rows = database.run("payouts.of_batch", batch_id=batch_id, after=after, limit=page)
        yield from rows
        if len(rows) < page:
            return
        after = rows[-1]["partner_id"]


def request_id(text: str, noun: str) -> str:
    """An id of the caller's choice; refuses what could not be told apart or printed."""
    try:
        found = values.identity(text)
    except values.Wrong as wrong:
        raise Refused(Code.BAD_INPUT, f"The id of a {noun} {text[:100]!r} {wrong.reason}; {wrong.fix}.") from None
    if "/" in found:
        raise Refused(
            Code.BAD_INPUT, f"The id of a {noun} {text[:100]!r} has a slash, which parts the ids below it; leave it out."
        )
    return found


def said_why(reason: str, act: str) -> str:
    """The reason of an act, which has to have one."""
    found = reason.strip()
    if not found or len(found) > REASON_CHARACTERS_MAX:
        raise Refused(Code.BAD_INPUT, f"To {act} needs a reason of 1 to {REASON_CHARACTERS_MAX} characters; say why.")
    return found
