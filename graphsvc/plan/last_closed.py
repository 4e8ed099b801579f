"""Caps of a plan beside what the last closed period of the plan of that name came to: those that would have cut nothing there.

A cap that is never reached is no fault, so this warns and refuses nothing. A bonus that the closed version did not have says
nothing of what it will pay, so a cap on it is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphsvc import money
from graphsvc.plan import store, sums_of
from graphsvc.plan.checks.view import View, leaves
from graphsvc.plan.compiled import CompiledPlan, Limit
from graphsvc.plan.compiler import compile_plan
from graphsvc.plan.document import where
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

_OF = {
    "line": "most on a line",
    "partner_bonus": "most of one bonus for a partner",
    "partner": "most for a partner",
    "company": "all lines",
}


@dataclass(frozen=True, slots=True)
class Slack:
    """A cap that would have cut nothing: where it stands, its amount, and what the lines under it came to before caps."""

    where: str
    cap: str
    of: str
    came_to: str


@dataclass(frozen=True, slots=True)
class Looked:
    """The closed period that caps were held against, and those that would have cut nothing there."""

    month: str
    caps: list[Slack]


def look(database: Database, document: dict[str, Any]) -> Looked | None:
    """A sound plan's caps beside the last closed period of its name; None where there are no caps, or no such period."""
    plan = compile_plan(document)
    if not plan.limits:
        return None
    closed = database.one("plans.last_closed", name=plan.name)
    if closed is None:
        return None
    earlier = store.get(database, plan.name, closed["plan_version"])
    if earlier.currency != plan.currency:
        return None
    known = {bonus.name for bonus in earlier.bonuses}
    found: list[Slack] = []
    for number, limit in enumerate(plan.limits):
        if known.issuperset(limit.bonuses):
            asked = {"bonuses": list(limit.bonuses), "window": earlier.as_sold()}
            row = database.run("limits.reached", run_id=closed["run_id"], **asked)[0]
            found += _slack(document, plan, number, limit, row)
    return Looked(closed["month"], found)


def _slack(document: dict[str, Any], plan: CompiledPlan, number: int, limit: Limit, row: Row) -> Iterator[Slack]:
    came_to, shown = row[f"{limit.cap}_minor"], _shown(plan, row[f"{limit.cap}_minor"])
    if limit.cap == "company" and limit.sum_minor is None:
        rated = money.round_ratio(row["cv"], limit.numerator, limit.denominator, plan.rounding) * plan.unit_minor
        if rated >= came_to:
            stands = where(document, ("limits", number, "rate"))
            rate = View(document, []).get("limits", number, "rate")
            yield Slack(stands, f"{rate} of what was sold, {_shown(plan, rated)}", _OF[limit.cap], shown)
        return
    place = ("limits", number, "sum")
    for at, given, _ in leaves(View(document, []).get(*place), place):
        cap = sums_of.amount(given, plan.currency)
        if cap >= came_to:
            yield Slack(where(document, at), _shown(plan, cap), _OF[limit.cap], shown)


def _shown(plan: CompiledPlan, amount_minor: int) -> str:
    return f"{money.format_minor(amount_minor, plan.currency)} {plan.currency}"
