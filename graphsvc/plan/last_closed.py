"""Caps of a plan beside what the last closed period of the plan of that name came to: those that would have cut nothing there.

A cap that is never reached is no fault, so this warns and refuses nothing. A bonus that the closed version did not have says
nothing of what it will pay, so a cap on it is left alone; so is the cap of a binary where the cap that the closed version had may
have cut somebody, because what that one would have got is nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphsvc import money
from graphsvc.plan import store, sums_of
from graphsvc.plan.checks.view import View, leaves
from graphsvc.plan.compiled import Award, CompiledPlan, Limit
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


def has_caps(plan: CompiledPlan) -> bool:
    """Whether anything in a plan is capped, by a limit or by a binary bonus of its own."""
    return bool(plan.limits) or any(_is_capped(bonus) for bonus in plan.bonuses)


def look(database: Database, document: dict[str, Any]) -> Looked | None:
    """A sound plan's caps beside the last closed period of its name; None where there are no caps, or no such period."""
    plan = compile_plan(document)
    if not has_caps(plan):
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
    before = {bonus.name: bonus for bonus in earlier.bonuses}
    for number, bonus in enumerate(plan.bonuses):
        was = before.get(bonus.name)
        if _is_capped(bonus) and was is not None and was.kind == bonus.kind:
            found += _paired(database, closed["run_id"], document, plan, number, bonus, was)
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


def _is_capped(bonus: Any) -> bool:
    return bonus.kind == "binary" and bool(bonus.rules["caps"])


def _paired(
    database: Database, run_id: str, document: dict[str, Any], plan: CompiledPlan, number: int, bonus: Award, was: Award
) -> Iterator[Slack]:
    """The cap of a binary bonus beside the most that one partner got of it."""
    pairings, is_units = was.rules["pairings"], bonus.rules["cap_units"]
    if is_units and [_sizes(one) for one in pairings] != [_sizes(one) for one in bonus.rules["pairings"]]:
        return  # other units than those that were counted
    lessers = [one["lesser"] for one in pairings]
    row = database.run("limits.paired", run_id=run_id, bonus=bonus.name, lessers=lessers)[0]
    if _may_have_cut(was, row, plan.unit_minor):
        return

    def shown(amount: int) -> str:
        return f"{amount} units" if is_units else _shown(plan, amount)

    came_to = row["units" if is_units else "money_minor"]
    place = ("bonuses", number, "cap", "values")
    for at, given, _ in leaves(View(document, []).get(*place), place):
        cap = int(given) if is_units else sums_of.amount(given, plan.currency)
        if cap >= came_to:
            yield Slack(where(document, at), shown(cap), f"most of {bonus.name} for a partner", shown(came_to))


def _sizes(pairing: dict[str, Any]) -> tuple[int, int]:
    return pairing["lesser"], pairing["greater"]


def _may_have_cut(was: Award, row: Row, unit_minor: int) -> bool:
    """Whether a closed binary may have cut somebody: who got less than its least cap, by more than a unit pays, was not."""
    caps = [most for _, most in was.rules["caps"] if most >= 0]
    if not caps or was.rules["cap_units"]:
        return bool(caps) and row["units"] >= min(caps)
    pays = max((-(-pick[2] // pick[3]) for pairing in was.rules["pairings"] for pick in pairing["picks"]), default=0) * unit_minor
    return bool(row["money_minor"] + pays > min(caps))


def _shown(plan: CompiledPlan, amount_minor: int) -> str:
    return f"{money.format_minor(amount_minor, plan.currency)} {plan.currency}"
