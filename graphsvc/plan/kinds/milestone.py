"""Milestone: a sum, or a rate of own PV, for a number that is reached (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import awarded, rates_of, sums_of
from graphsvc.plan.compiled import Award
from graphsvc.plan.conditions import Conditions


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """steps: {from, base, worth, pays, picks}; worth makes money of the base. A pick of a sum is [condition, amount], one of a
    rate [condition, pay code]."""
    metric = conditions.metric(bonus["metric"])
    steps: list[dict[str, Any]] = []
    for number, step in enumerate(bonus["steps"], 1):
        name, base = f"{bonus['name']} step {number}", step.get("of", "")
        made: dict[str, Any] = {"from": sums_of.bound(metric, step["from"], conditions), "base": base}
        if base:
            pays = rates_of.Pays(base, frame)
            picks = rates_of.picks(step["rate"], name, conditions, pays, number)
            made |= {"worth": list(pays.value), "pays": tuple(pays.pays), "picks": picks}
        else:
            made |= {"worth": [1, 1], "pays": (), "picks": sums_of.sums(step["sum"], name, conditions, frame)}
        steps.append(made)
    once = bonus["how_often"] == "once"
    rules = {"metric": metric, "steps": steps, "every": bonus["pays"] == "every", "once": once}
    rules |= {"columns": [f"paid_{step['from']}" for step in steps] if once else []}
    return awarded.award(bonus, conditions, named, "bucket", rules, carries=once)
