"""Holds: part of a line is not paid out until somebody decides; never more than that part, never the rest of the balance."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc import earnings, network
from graphsvc.errors import Code, Refused, nearest
from graphsvc.money import format_minor
from graphsvc.payouts import balances
from graphsvc.payouts.rows import request_id, said_why
from graphsvc.plan import store
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row


@dataclass(frozen=True, slots=True)
class Line:
    """A line as people name it: whose, of which closed month, plan, bonus and level; class and source where needed."""

    partner_id: str
    month: str
    bonus: str
    level: int
    plan: str | None = None
    class_: str = ""
    source_id: str = ""


def place(
    database: Database, hold_id: str, line: Line, amount_minor: int | None, *, reason: str, public_reason: str, actor: str
) -> Row:
    """Hold part of a line (None: all that is left of it) that was not paid out yet; the same hold again changes nothing."""
    request_id(hold_id, "hold")
    why, told = said_why(reason, "place a hold"), said_why(public_reason, "place a hold, the partner")
    if network.visible(database, line.partner_id) is None:
        raise network.unknown(database, line.partner_id)
    closed = earnings.closed_run(database, line.month, line.plan)
    run_id, splits = closed["run_id"], store.get(database, closed["plan"], closed["plan_version"]).splits
    key = {
        "run_id": run_id,
        "partner_id": line.partner_id,
        "bonus": line.bonus,
        "level": line.level,
        "class": line.class_,
        "source_id": line.source_id,
    }

    def work(tx: Transaction) -> None:
        tx.run("payouts.turn", changed=0)
        there = tx.one("payouts.hold", id=hold_id)
        if there is not None:
            if any(there[name] != value for name, value in key.items()) or amount_minor not in (None, there["amount_minor"]):
                raise Refused(Code.DUPLICATE, f"Hold {hold_id} is of another line or sum; choose another id.")
            return
        found = tx.one("payouts.line", **key)
        if found is None:
            raise _no_line(database, line, run_id)
        left = found["amount_minor"] - found["held_minor"]
        amount = left if amount_minor is None else amount_minor
        if found["paid_with"] is not None:
            raise Refused(
                Code.HOLD_UNFIT,
                f"That line was paid out with payout {found['paid_with']}, so nothing of it can be held; take it back instead.",
            )
        if not 0 < amount <= left:
            raise Refused(
                Code.HOLD_UNFIT,
                f"Of that line {format_minor(left, found['currency'])} {found['currency']} can be held, "
                f"not {format_minor(amount, found['currency'])}; ask for a part of what is left.",
            )
        held = {"amount_minor": amount, "currency": found["currency"], "available_on": found["available_on"]}
        split = balances.parts(splits, amount)
        where = {"balances": list(split), "amounts": list(split.values())}
        tx.run("payouts.place_hold", id=hold_id, **key, **held, **where, reason=why, public_reason=told, actor=actor)
        tx.run("payouts.turn", changed=1)

    database.transact(work)
    return database.run("payouts.hold", id=hold_id)[0]


def release(database: Database, hold_id: str, *, actor: str, partner_id: str | None = None) -> Row:
    """Let what a hold held be paid out; twice is the same as once. partner_id: whose hold it has to be, where that is known."""

    def work(tx: Transaction) -> None:
        tx.run("payouts.turn", changed=0)
        there = tx.one("payouts.hold", id=hold_id)
        if there is None or partner_id not in (None, there["partner_id"]):
            raise Refused(Code.HOLD_UNKNOWN, f"There is no hold {hold_id!r}; `graphsvc hold list PARTNER` shows a partner's.")
        if there["state"] == "placed":
            tx.run("payouts.release_hold", id=hold_id, actor=actor)
            tx.run("payouts.turn", changed=1)

    database.transact(work)
    return database.run("payouts.hold", id=hold_id)[0]


def of_partner(database: Database, partner_id: str) -> list[Row]:
    """A partner's holds, newest first."""
    if network.visible(database, partner_id) is None:
        raise network.unknown(database, partner_id)
    return database.run("payouts.holds", partner_id=partner_id)


def _no_line(database: Database, line: Line, run_id: str) -> Refused:
    rows = database.run("earnings.of_partner", run_id=run_id, partner_id=line.partner_id)
    known = [f"{row['bonus']} {row['level']} {row['class']} {row['source_id']}".strip() for row in rows]
    asked = f"{line.bonus} {line.level} {line.class_} {line.source_id}".strip()
    return Refused(Code.LINE_UNKNOWN, f"{line.partner_id} has no line {asked!r} in {line.month}; {nearest(asked, known)}.")
