"""Recruit: sums by level, once for each recruit, in the first period in which it meets a condition (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import rates_of
from graphsvc.plan.compiled import Walk
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import unilevel, walking
from graphsvc.plan.rates_of import Pays


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Walk:
    """The bonus as a walk of recruits, each counted once; level 1 is the recruit's parent in the tree."""
    classes = rates_of.classes([level["sum"] for level in bonus["levels"]])
    types, other = walking.types(bonus, classes, conditions) if "sums_by" in bonus else ([], 0)
    rules = {
        "condition": conditions.add(f"{bonus['name']} counts", bonus["counts_when"]),
        "types": types,
        "other": other,
        "part": bonus["name"],
    }
    source = walking.source_set(bonus["tree"], "sources.recruits", rules, classes, of=bonus["name"])
    counted = {**bonus, "first_level": "sponsor", "lines": "step"}
    return unilevel.walk(counted, source, Pays("count", frame), conditions, named, "sum", carries=True)
