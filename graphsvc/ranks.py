"""Ranks set by hand: for one partner and one period that is still open, with a reason, kept for ever (mechanics section 2).

Such a rank stands in for the paid-as rank of the period; the title follows from it by the plan's own rule.
"""

from __future__ import annotations

from graphsvc import network
from graphsvc.errors import Code, Refused, nearest
from graphsvc.periods import parse_month
from graphsvc.plan import store
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

NONE = "none"
COMPUTED = "computed"
REASON_CHARACTERS_MAX = 500


def force(database: Database, partner_id: str, rank: str, month: str, plan_name: str, *, reason: str, actor: str) -> Row:
    """Set a partner's paid-as rank of an open period: a rank's name, `none` for no rank, `computed` to take the hand off."""
    period = parse_month(month)
    plan = store.in_force(database, plan_name, period.first_day)
    names = [one.name for one in plan.ranks]
    if not names:
        raise Refused(Code.BAD_INPUT, f"Plan {plan_name} has no ranks; name a plan that has.")
    if rank not in (NONE, COMPUTED, *names):
        raise Refused(
            Code.BAD_INPUT, f"Plan {plan_name} has no rank {rank!r}; write {', '.join(names)}, {NONE} for no rank or {COMPUTED}."
        )
    if not reason.strip() or len(reason) > REASON_CHARACTERS_MAX:
        raise Refused(
            Code.BAD_INPUT,
            f"A rank set by hand needs a reason of 1 to {REASON_CHARACTERS_MAX} characters; say why it is set.",
        )
    if network.visible(database, partner_id) is None:
        raise network.unknown(database, partner_id)

    def work(tx: Transaction) -> Row:
        there = tx.run("ranks.take", plan=plan_name, month=month, partner_id=partner_id)[0]
        if there["status"] != "open":
            raise Refused(
                Code.MONTH_CLOSED,
                f"{month} of plan {plan_name} is {there['status']}, so ranks in it stand; set one in a period that is open.",
            )
        set_ = {"plan": plan_name, "month": month, "partner_id": partner_id, "rank": rank, "number": there["decisions"] + 1}
        said = {"reason": reason.strip(), "actor": actor}
        return set_ | said | tx.run("ranks.force", **set_, **said)[0]

    return database.transact(work)


def forced(database: Database, plan_name: str, month: str | None = None) -> list[Row]:
    """Every decision ever made by hand in a plan, newest period first; of each partner and period the last one counts."""
    names = store.names(database)
    if plan_name not in names:
        raise Refused(Code.PLAN_UNKNOWN, f"There is no plan {plan_name!r}; {nearest(plan_name, names)}.")
    return database.run("ranks.list", plan=plan_name, month=None if month is None else str(parse_month(month)))
