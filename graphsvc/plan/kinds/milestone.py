"""Milestone: a sum, or a rate of own PV, for a number that is reached (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import awarded, quantities, sums_of
from graphsvc.plan.compiled import Award
from graphsvc.plan.conditions import Conditions


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """steps: {from, base, worth, picks}; worth makes money of the base. A pick of a sum is [condition, amount], one of a rate
    [condition, ppm, numerator, denominator]."""
    metric = conditions.metric(bonus["metric"])
    steps: list[dict[str, Any]] = []
    for number, step in enumerate(bonus["steps"], 1):
        name = f"{bonus['name']} step {number}"
        if "sum" in step:
            base, worth, picks = "", (1, 1), sums_of.sums(step["sum"], name, conditions, frame)
        else:
            base = step["of"]
            worth = quantities.worth(base, frame["volume_value"], frame["exponent"])
            rates = sums_of.picks(step["rate"], name, conditions, quantities.ppm)
            picks = [[condition, ppm, *awarded.share(base, frame, ppm)] for condition, ppm in rates]
        steps.append({"from": sums_of.bound(metric, step["from"], conditions), "base": base, "worth": [*worth], "picks": picks})
    once = bonus["how_often"] == "once"
    rules = {"metric": metric, "steps": steps, "every": bonus["pays"] == "every", "once": once}
    rules |= {"columns": [f"paid_{step['from']}" for step in steps] if once else []}
    return awarded.award(bonus, conditions, named, "bucket", rules, carries=once)
