"""From a plan document to what the month's queries take: every choice made, every number an integer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from graphsvc import money
from graphsvc.periods import Calendar
from graphsvc.plan import canonical, checks, kinds, limiting, quantities, sums_of
from graphsvc.plan.compiled import PLACES_MAX, CompiledPlan, Condition, Other, Rank, Titles, Tree, VolumeTransfer
from graphsvc.plan.conditions import Conditions

COUNTS = {"qv": (True, False), "cv": (False, True), "both": (True, True), "neither": (False, False)}


def compile_plan(document: dict[str, Any]) -> CompiledPlan:
    """A plan document as the month takes it; `BadInput` with every finding when it is not fit for that."""
    checks.demand_sound(document)
    volumes, rounding = document["volumes"], document["rounding"]
    exponent = money.exponent(document["currency"])
    unit_minor = quantities.unit_minor(rounding["to"], exponent)
    ranks = document.get("ranks", {"list": [], "title": "kept"})
    names = tuple(rank["name"] for rank in ranks["list"])
    calendar = _calendar(document["calendar"])
    conditions = Conditions(document["currency"], names, calendar.noun)
    conditions.add("active", document["active"]["conditions"])
    # Sorted, so that a plan compiles alike from its file and from the store, where keys are sorted.
    named = {name: conditions.add(name, items) for name, items in sorted(document.get("conditions", {}).items())}
    held = tuple(Rank(rank["name"], conditions.add(rank["name"], rank["conditions"])) for rank in ranks["list"])
    breakaway = conditions.add("breakaway", document["breakaway"]) if "breakaway" in document else None
    # What every kind of bonus may ask of the plan around it.
    frame = {
        "volume_value": volumes["volume_value"],
        "exponent": exponent,
        "unit_minor": unit_minor,
        "currency": document["currency"],
        "ranks": names,
        "trees": document.get("trees", {}),
        "standings_tree": document.get("standings_tree", "sponsor"),
        "document": document,
    }
    bonuses = tuple(kinds.compiled(bonus, conditions, named, frame) for bonus in document["bonuses"])
    limits = limiting.limits(document, conditions, frame)
    return CompiledPlan(
        name=document["plan"],
        version=document["version"],
        digest=canonical.digest(document),
        currency=document["currency"],
        exponent=exponent,
        time_zone=document["time_zone"],
        counted_by=volumes["counted_by"],
        refunds=volumes["refunds"],
        refunds_belong_to=volumes["refunds_belong_to"],
        late_orders=volumes["late_orders"],
        late_order_days=volumes["late_order_days"],
        counts={"retail": (True, True), "own_use": COUNTS[volumes["own_use"]], "joining_pack": COUNTS[volumes["joining_pack"]]},
        windows=tuple(conditions.windows),
        metrics=tuple(conditions.metrics),
        lists=tuple(conditions.lists),
        conditions=tuple(conditions.conditions),
        grace_periods=document["active"]["grace_periods"],
        bonuses=bonuses,
        rounding=rounding["rule"],
        unit_minor=unit_minor,
        calendar=calendar,
        ranks=held,
        titles=_titles(ranks["title"]),
        breakaway=breakaway,
        standings_tree=document.get("standings_tree", "sponsor"),
        trees=tuple(_tree(name, tree) for name, tree in sorted(document.get("trees", {}).items())),
        transfer=_transfer(document, conditions, named),
        events=tuple(conditions.events),
        recruit_trees=tuple(conditions.recruit_trees),
        frontline=tuple(named[name] for name in conditions.frontline),
        marks=tuple(conditions.marks),
        running=tuple(conditions.running),
        others=tuple(
            Other(name, other["plan"], other["until"]) for name, other in sorted(document.get("other_plans", {}).items())
        ),
        readings=tuple(conditions.readings),
        limits=limits,
        deductions=limiting.deductions(document, frame),
        splits=limiting.splits(document),
        cascading=tuple(b["name"] for b in document["bonuses"] if b.get("reversals") == "cascade"),
        **_payouts(document.get("payouts"), document["currency"]),
    )


def _calendar(given: str | dict[str, str]) -> Calendar:
    if isinstance(given, str):
        return Calendar(given)
    ((kind, first),) = given.items()
    return Calendar(kind, dt.date.fromisoformat(first))


def _payouts(given: dict[str, Any] | None, currency: str) -> dict[str, int]:
    if given is None:
        return {}
    minimum = 0 if given["minimum"] == "none" else sums_of.amount(given["minimum"], currency)
    return {"hold_days": given["hold_days"], "minimum_payout_minor": minimum}


def _titles(rule: str | dict[str, int]) -> Titles:
    if isinstance(rule, str):
        return Titles(rule)
    ((name, periods),) = rule.items()
    return Titles(name, periods)


def _tree(name: str, tree: dict[str, Any]) -> Tree:
    width = PLACES_MAX if tree["kind"] == "unilevel" else tree.get("width", 2)
    return Tree(name, tree["kind"], width, tree["placement"], tree["holding_days"])


def _transfer(document: dict[str, Any], conditions: Conditions, named: dict[str, int]) -> VolumeTransfer | None:
    """Of a condition that reads only the period's PV what remains is one number: all clauses hold from the largest of their
    smallest needs up."""
    if "transfer" not in document:
        return None
    condition: Condition = conditions.conditions[named[document["transfer"]["who_fails"]]]
    need = max((min(test.need for test in clause) for clause in condition.clauses), default=0)
    return VolumeTransfer(need, document["transfer"]["judged_on"])
