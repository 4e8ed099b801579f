"""Tenure: a sum after so many periods with a condition met, in a row or in all (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import awarded, sums_of
from graphsvc.plan.compiled import Award
from graphsvc.plan.conditions import Conditions


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """steps: {periods, picks}; the number of periods so far is carried."""
    rules = {
        "condition": conditions.who(bonus["name"], bonus["condition"], named),
        "in_row": bonus["counted"] == "in_row",
        "steps": [
            {
                "periods": step["periods"],
                "picks": sums_of.sums(step["sum"], f"{bonus['name']} after {step['periods']}", conditions, frame),
            }
            for step in bonus["sums"]
        ],
        "columns": ["periods"],
    }
    return awarded.award(bonus, conditions, named, "bucket", rules, carries=True)
