"""From a payout to the postings it takes, to the lines behind each of them, and the proof that all of it adds up.

A payout takes what was available and not paid before: the postings since the partner's last payout, and what was held then. What
is held now stays. So: payout = carried + postings - held; and every posting of a run = the lines of the run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from graphsvc import corrections
from graphsvc.corrections.rows import KIND as CORRECTION
from graphsvc.errors import Code, Refused
from graphsvc.ledger import accounts
from graphsvc.ledger.posting import EARNINGS
from graphsvc.payouts.batches import batch, payout
from graphsvc.payouts.rows import PAYOUT, group, paged
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

COLUMNS = ("part", "sequence", "kind", "plan", "month", "bonus", "level", "class", "source_id", "amount_minor", "currency")
_OPEN_END = 1_000_000  # payouts of one partner that are looked through for the one before


@dataclass(frozen=True, slots=True)
class Trace:
    """What a payout pays. rows: `carried`, `posting` and `held` sum to the payout; a posting's `line` rows follow it and sum
    to it, but for what the plan put on other balances (`other`)."""

    payout_id: str
    amount_minor: int
    currency: str
    rows: list[Row]


def of_payout(database: Database, payout_id: str) -> Trace:
    """Trace one payout of an approved batch; refuses where it does not add up, which nothing but a changed database can do."""
    found = payout(database, payout_id)
    if found["state"] in ("making", "draft", "discarded"):
        raise Refused(Code.PAYOUT_STATE, f"Payout {payout_id} is {found['state']}; it pays nothing before it is approved.")
    currency, partner_id = found["currency"], found["partner_id"]
    statement = [row for row in accounts.statement(database, partner_id) if row["currency"] == currency]
    own_account = accounts.payable(partner_id, found["balance"])
    postings = [row for row in statement if row["account"] == own_account]
    own = _paid(postings, found["batch_id"])
    if own["amount_minor"] != -found["amount_minor"]:
        raise _broken(payout_id, f"its posting is {own['amount_minor']}, but it pays {found['amount_minor']}")
    taken, carried = _taken(postings, found["cut"], found["day"]), 0
    before = _before(database, partner_id, found)
    if before is not None:
        earlier = _taken(postings, before["cut"], before["day"])
        carried = sum(row["amount_minor"] for row in earlier) - before["amount_minor"]
        known = {row["sequence"] for row in earlier} | {_paid(postings, before["batch_id"])["sequence"]}
        taken = [row for row in taken if row["sequence"] not in known]
    rows = [_row("carried", currency, carried)] if carried else []
    for posting in taken:
        rows.append(_row("posting", currency, posting["amount_minor"], posting))
        rows += _behind(database, payout_id, posting, statement)
    held = carried + sum(row["amount_minor"] for row in taken) - found["amount_minor"]
    if held < 0:
        raise _broken(payout_id, f"it pays {-held} more than was available")
    if held:
        rows.append(_row("held", currency, -held))
    return Trace(payout_id, found["amount_minor"], currency, rows)


def verify(database: Database, batch_id: str, *, progress: Progress | None = None) -> int:
    """Trace every payout of a batch; how many there are."""
    found, count = batch(database, batch_id), 0
    with (progress or Silent()).step("Trace payouts", found["payouts"]) as advance:
        for row in paged(database, batch_id):
            of_payout(database, row["id"])
            count += 1
            advance(1)
    return count


def _taken(postings: list[Row], cut: int, day: dt.date) -> list[Row]:
    return [row for row in postings if row["sequence"] <= cut and _available(row, day)]


def _available(row: Row, day: dt.date) -> bool:
    return row["amount_minor"] < 0 or row["available_on"] is None or row["available_on"] <= day


def _paid(postings: list[Row], batch_id: str) -> Row:
    for row in postings:
        if row["run_id"] == group(batch_id) and row["kind"] == PAYOUT:
            return row
    raise _broken(batch_id, "its posting is missing")


def _before(database: Database, partner_id: str, found: Row) -> Row | None:
    """The partner's payout before this one; those that failed or came back took part in the balance all the same."""
    earlier = database.run("payouts.of_partner", partner_id=partner_id, limit=_OPEN_END)
    same = [row for row in earlier if (row["currency"], row["balance"]) == (found["currency"], found["balance"])]
    return next((row for row in same if row["cut"] < found["cut"]), None)


def _behind(database: Database, payout_id: str, posting: Row, statement: list[Row]) -> Iterator[Row]:
    if posting["kind"] not in (EARNINGS, CORRECTION):
        return
    partner_id, currency = posting["account"].split(":", 1)[1], posting["currency"]
    if posting["kind"] == EARNINGS:
        lines = database.run("earnings.of_partner", run_id=posting["run_id"], partner_id=partner_id)
        lines = [line | {"kind": "line", "month": posting["month"]} for line in lines]
    else:
        correction_id = posting["run_id"].partition("/")[2]
        found = corrections.of_partner(database, partner_id, correction_id=correction_id)
        named = {"kind": f"correction {correction_id}"}
        lines = [line | named | {"amount_minor": line["difference_minor"]} for line in found]
    for line in lines:
        named = {name: line[name] for name in ("kind", "month", "bonus", "level", "class", "source_id")}
        yield _row("line", currency, line["amount_minor"], posting) | named
    others = [row for row in statement if row["id"] == posting["id"] and row["account"] != posting["account"]]
    for other in others:
        yield _row("other", currency, -other["amount_minor"], posting) | {"kind": other["account"].split(":", 1)[0]}
    if sum(line["amount_minor"] for line in lines) != posting["amount_minor"] + sum(row["amount_minor"] for row in others):
        raise _broken(payout_id, f"the lines of run {posting['run_id']} do not sum to posting {posting['sequence']}")


def _row(part: str, currency: str, amount_minor: int, posting: Row | None = None) -> Row:
    found: Row = dict.fromkeys(COLUMNS)
    found |= {"part": part, "amount_minor": amount_minor, "currency": currency}
    if posting is not None:
        found |= {name: posting[name] for name in ("sequence", "kind", "plan", "month")}
    return found


def _broken(payout_id: str, what: str) -> Refused:
    return Refused(
        Code.LEDGER_BROKEN, f"Payout {payout_id} does not add up: {what}; `graphsvc ledger verify` looks at all of it."
    )
