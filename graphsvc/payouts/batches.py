"""The life of a batch once it is made: approved by a second person, sent, settled; payouts that fail or come back.

States follow one another as draft → approved → sent → settled; a draft may be discarded. A step that is asked for twice changes
nothing the second time. A payout is what its batch is, unless it failed or came back, and then its money is owed again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from graphsvc import ledger
from graphsvc.errors import Code, Refused, nearest
from graphsvc.ledger.accounts import MAIN, clearing, payable
from graphsvc.ledger.entries import NOBODY, Entry
from graphsvc.payouts.making import clear, digest_of, entry_of
from graphsvc.payouts.rows import BANK, FAILED, RETURNED, SETTLED, group, said_why, view
from graphsvc.people import Who
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

SHOWN = 100


def batches(database: Database, *, limit: int = SHOWN) -> list[Row]:
    """The newest batches, newest first."""
    return [view(row) for row in database.run("payouts.batches", limit=limit)]


def batch(database: Database, batch_id: str) -> Row:
    """One batch; refuses an unknown id with the nearest."""
    row = database.one("payouts.batch", batch_id=batch_id)
    if row is None:
        raise _unknown(database, batch_id)
    return view(row)


def payouts(database: Database, batch_id: str, *, after: str = "", limit: int = SHOWN) -> list[Row]:
    """Payouts of a batch by partner, a page after a partner."""
    batch(database, batch_id)
    return database.run("payouts.of_batch", batch_id=batch_id, after=after, limit=limit)


def approve(database: Database, batch_id: str, *, who: Who) -> Row:
    """Approve a draft, as another person than who made it: its payouts leave what partners are owed, in one transaction."""
    who.named("approve a payout batch")
    found = batch(database, batch_id)
    if found["state"] == "draft":
        digest, count, amount_minor = digest_of(database, batch_id)
        if (digest, count, amount_minor) != (found["digest"], found["payouts"], found["amount_minor"]):
            raise Refused(
                Code.PAYOUT_STALE, f"The payouts of batch {batch_id} are not those that were drawn; discard it and ask why."
            )

    def work(tx: Transaction) -> None:
        there = _take(tx, batch_id)
        if there["approver_person"] == who.person and there["state"] in ("approved", "sent", "settled"):
            return  # said before
        _demand(there, batch_id, "draft", "approve")
        who.other_than(there["person"], "approve this payout batch", "made it")
        if not there["current"]:
            raise Refused(
                Code.PAYOUT_STALE,
                f"Holds changed since batch {batch_id} was made; discard it and make it anew, so that they count.",
            )
        tx.run("payouts.approve", batch_id=batch_id, actor=who.actor, person=who.person)
        ledger.append(tx, group(batch_id))

    database.transact(work)
    return batch(database, batch_id)


def discard(database: Database, batch_id: str) -> Row:
    """Give a batch up that was never approved; nothing of it stays but that it was."""

    def work(tx: Transaction) -> None:
        _demand(_take(tx, batch_id), batch_id, ("making", "draft", "discarded"), "discard")
        tx.run("payouts.discard", batch_id=batch_id)

    _known(database, batch_id)
    database.transact(work)
    clear(database, batch_id)
    return batch(database, batch_id)


def send(database: Database, batch_id: str, *, who: Who) -> Row:
    """Say that an approved batch was handed to the bank."""

    def work(tx: Transaction) -> None:
        there = _take(tx, batch_id)
        if there["state"] not in ("sent", "settled"):
            _demand(there, batch_id, "approved", "send")
            tx.run("payouts.send", batch_id=batch_id, actor=who.actor)

    _known(database, batch_id)
    database.transact(work)
    return batch(database, batch_id)


def settle(database: Database, batch_id: str, *, who: Who) -> Row:
    """Say that all of a sent batch that did not fail has arrived; the periods whose main balances it paid in whole are paid."""
    now = dt.datetime.now(dt.UTC)

    def work(tx: Transaction) -> None:
        there = _take(tx, batch_id)
        if there["state"] == "settled":
            return
        _demand(there, batch_id, "sent", "settle")
        arrived = tx.run("payouts.arrived", batch_id=batch_id)[0]["amount_minor"]
        if arrived:
            moved = {clearing(group(batch_id)): -arrived, BANK: arrived}
            _post(tx, batch_id, _entry(there, batch_id, f"{group(batch_id)}/settled", SETTLED, NOBODY, moved, who, now, ""))
        tx.run("payouts.settle", batch_id=batch_id, actor=who.actor)
        if there["balance"] == MAIN:
            tx.run("payouts.pay_periods", currency=there["currency"], cut=there["cut"], day=there["day"])

    _known(database, batch_id)
    database.transact(work)
    return batch(database, batch_id)


def fail(database: Database, payout_id: str, *, reason: str, who: Who) -> Row:
    """Say that a payout of a batch that was sent and is not settled did not go through: its money is owed again."""
    return _end(
        database, payout_id, "failed", said_why(reason, "let a payout fail"), who, lambda batch_id: clearing(group(batch_id))
    )


def take_back(database: Database, payout_id: str, *, reason: str, who: Who) -> Row:
    """Say that a settled payout came back: its money is owed again."""
    return _end(database, payout_id, "returned", said_why(reason, "take a payout back"), who, lambda _: BANK)


def _end(database: Database, payout_id: str, state: str, reason: str, who: Who, account: Callable[[str], str]) -> Row:
    found, now = payout(database, payout_id), dt.datetime.now(dt.UTC)
    batch_id, before = found["batch_id"], {"failed": "sent", "returned": "settled"}[state]
    kind = {"failed": FAILED, "returned": RETURNED}[state]

    def work(tx: Transaction) -> None:
        there = _take(tx, batch_id)
        standing = tx.run("payouts.payout", payout_id=payout_id)[0]
        if standing["state"] == state:
            return
        if standing["state"] != before:
            raise Refused(
                Code.PAYOUT_STATE, f"Payout {payout_id} is {standing['state']}; only one that is {before} can be {state}."
            )
        amount, entry_id = standing["amount_minor"], f"{group(payout_id)}/{state}"
        moved = {account(batch_id): -amount, payable(standing["partner_id"], there["balance"]): amount}
        _post(tx, batch_id, _entry(there, batch_id, entry_id, kind, standing["block"], moved, who, now, reason))
        tx.run("payouts.end", payout_id=payout_id, state=state, reason=reason, entry_id=entry_id)

    database.transact(work)
    return payout(database, payout_id)


def payout(database: Database, payout_id: str) -> Row:
    """One payout; refuses an unknown id."""
    row = database.one("payouts.payout", payout_id=payout_id)
    if row is None:
        batch_id, _, partner_id = payout_id.partition("/")
        _known(database, batch_id)
        raise Refused(Code.PAYOUT_UNKNOWN, f"Batch {batch_id} pays nothing to {partner_id!r}; a payout is named BATCH/PARTNER.")
    return row


def _known(database: Database, batch_id: str) -> None:
    if database.one("payouts.batch", batch_id=batch_id) is None:
        raise _unknown(database, batch_id)


def _unknown(database: Database, batch_id: str) -> Refused:
    known = nearest(batch_id, [row["id"] for row in database.run("payouts.batches", limit=SHOWN)])
    return Refused(Code.PAYOUT_UNKNOWN, f"There is no payout batch {batch_id!r}; {known}. `graphsvc payout list` shows them.")


def _take(tx: Transaction, batch_id: str) -> Row:
    there = tx.one("payouts.take", batch_id=batch_id)
    if there is None:
        raise Refused(Code.PAYOUT_UNKNOWN, f"There is no payout batch {batch_id!r}.")
    return there


def _demand(there: Row, batch_id: str, states: str | tuple[str, ...], act: str) -> None:
    wanted = (states,) if isinstance(states, str) else states
    if there["state"] not in wanted:
        raise Refused(
            Code.PAYOUT_STATE, f"Batch {batch_id} is {there['state']}; to {act} it, it has to be {' or '.join(wanted)}."
        )


def _entry(
    there: Row,
    batch_id: str,
    entry_id: str,
    kind: str,
    block: int,
    moved: dict[str, int],
    who: Who,
    now: dt.datetime,
    reason: str,
) -> Entry:
    fields: dict[str, Any] = {"actor": who.actor, "now": now, "reason": reason}
    corrects = "" if kind == SETTLED else f"{group(batch_id)}/{block:07}"
    return entry_of(entry_id, kind, batch_id, there["currency"], block, moved, corrects=corrects, **fields)


def _post(tx: Transaction, batch_id: str, entry: Entry) -> None:
    tx.run("ledger.stage", run_id=group(batch_id), entries=[entry.stored()])
    ledger.append(tx, group(batch_id))
