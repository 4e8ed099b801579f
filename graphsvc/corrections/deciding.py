"""The second person: a correction is computed once more and posted if it still is what was proposed; or anybody withdraws it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from graphsvc import ledger
from graphsvc.corrections.computing import Computed, computed, same
from graphsvc.corrections.proof import changed
from graphsvc.corrections.rows import KIND, correction, corrects, digest_of, group, paged
from graphsvc.errors import Code, GraphsvcError, Refused, Unavailable
from graphsvc.ledger.accounts import clearing, commission
from graphsvc.ledger.entries import NOBODY, Entry
from graphsvc.payouts.rows import said_why
from graphsvc.people import Who
from graphsvc.periods import bounds
from graphsvc.plan import store
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row
from graphsvc.recalculation import computable, counts_in


def approve(database: Database, correction_id: str, *, who: Who, progress: Progress | None = None) -> Row:
    """Approve a correction as another person than who proposed it: its difference is posted in the open period at once.

    It is computed once more before that; if it is no longer what was proposed, it is refused. Approved twice is approved once.
    """
    who.named("approve a correction")
    head = correction(database, correction_id)
    if _decided(head, correction_id, who):
        return head
    progress = progress or Silent()
    try:
        kept = list(paged(database, correction_id))
        if digest_of(head, kept) != head["digest"]:
            raise changed(correction_id, "its lines are not those that were proposed")
        with computed(database, head, who=who, progress=progress) as found:
            if not same(kept, found.lines):
                if _decided(correction(database, correction_id), correction_id, who):  # meanwhile: then nothing is left to post
                    return correction(database, correction_id)
                raise Refused(
                    Code.CORRECTION_STALE,
                    f"Correction {correction_id} is not what {head['month']} would differ by any more: something changed since "
                    "it was proposed. Withdraw it and propose it anew, so that it is posted on the facts of today.",
                )
            entries = [entry.stored() for entry in _entries(database, head, found, who)]
            database.transact(lambda tx: _post(tx, head, entries, who))
    except Unavailable:
        raise
    except GraphsvcError as error:
        database.run("corrections.note", id=correction_id, failure=error.sentence)
        raise
    return correction(database, correction_id)


def _post(tx: Transaction, head: Row, entries: list[dict[str, Any]], who: Who) -> None:
    """Decide once more under the correction's lock, and post."""
    correction_id = head["id"]
    there = _take(tx, correction_id)
    if _decided(there, correction_id, who):
        return
    tx.run("corrections.post", id=correction_id, actor=who.actor, person=who.person)
    tx.run("ledger.stage", run_id=group(correction_id), entries=entries)
    ledger.append(tx, group(correction_id))


def withdraw(database: Database, correction_id: str, *, reason: str, who: Who) -> Row:
    """Give a correction up that was not posted, as either of the two people or another; twice is the same as once."""
    who.named("withdraw a correction")
    why = said_why(reason, "withdraw a correction")
    correction(database, correction_id)

    def work(tx: Transaction) -> None:
        there = _take(tx, correction_id)
        if there["state"] == "withdrawn":
            return
        if there["state"] == "posted":
            raise Refused(
                Code.CORRECTION_STATE,
                f"Correction {correction_id} is posted, and what is posted stays; correct its month once more instead.",
            )
        tx.run("corrections.withdraw", id=correction_id, actor=who.actor, person=who.person, reason=why)

    database.transact(work)
    return correction(database, correction_id)


def _take(tx: Transaction, correction_id: str) -> Row:
    there = tx.one("corrections.take", id=correction_id)
    if there is None:
        raise Refused(Code.CORRECTION_UNKNOWN, f"There is no correction {correction_id!r}.")
    return there


def _decided(there: Row, correction_id: str, who: Who) -> bool:
    """Whether this person approved it before; refuses where it does not wait, or where the person is the one who proposed it."""
    if there["state"] == "posted" and there["approver_person"] == who.person:
        return True
    if there["state"] != "proposed":
        raise Refused(
            Code.CORRECTION_STATE, f"Correction {correction_id} is {there['state']}; to approve it, it has to be proposed."
        )
    who.other_than(there["person"], "approve this correction", "proposed it")
    return False


def _entries(database: Database, head: Row, found: Computed, who: Who) -> list[Entry]:
    """What is posted: what bonuses cost more, and what partners are owed more, through a clearing account of the correction."""
    bonuses: Counter[str] = Counter()
    for line in found.lines:
        bonuses[line["bonus"]] += line["difference_minor"]
    costs = {commission(head["plan"], bonus): -amount for bonus, amount in sorted(bonuses.items()) if amount}
    moves = [(NOBODY, costs), *found.moved.items()]
    now = dt.datetime.now(dt.UTC)
    chosen, closed = computable(database, {**head, "run_id": head["closed_run"]}, head["closed_version"])
    available_on = bounds(chosen, closed.time_zone).ends_on + dt.timedelta(days=closed.hold_days)
    made = []
    for number, (block, moved) in enumerate(moves):
        through = -sum(moved.values())
        accounts = ({clearing(group(head["id"])): through} if through else {}) | moved
        if not accounts:
            continue
        made.append(
            Entry(
                id=f"{group(head['id'])}/{number:07}",
                kind=KIND,
                recorded_at=now,
                actor=who.actor,
                reason=head["reason"],
                currency=head["currency"],
                available_on=None if block == NOBODY else available_on,
                plan=head["plan"],
                month=str(counts_in(database, store.get(database, head["plan"]), now.date())),
                run_id=group(head["id"]),
                corrects=corrects(head["closed_run"], head["digest"]),
                block=block,
                accounts=tuple(accounts),
                amounts=tuple(accounts.values()),
            )
        )
    unsound = [entry.id for entry in made if not entry.is_sound]
    if unsound:
        raise Refused(Code.RUN_UNPROVED, f"Entry {unsound[0]} does not sum to zero; nothing was posted, please report it.")
    return made
