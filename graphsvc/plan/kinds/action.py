"""Action: sums by level for each accepted event of a kind, such as a lead or a task (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan.compiled import Walk
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import unilevel, walking
from graphsvc.plan.rates_of import Pays


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Walk:
    """The bonus as a walk of events, counted by partner."""
    source = walking.source_set(bonus["tree"], "sources.events", {"kind": conditions.event(bonus["event"])}, ("",))
    return unilevel.walk({**bonus, "lines": "step"}, source, Pays("count", frame), conditions, named, "sum")
