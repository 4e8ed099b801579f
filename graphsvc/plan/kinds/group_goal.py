"""Group goal: a sum to each of a team, or to everybody, when what they sold together reaches a goal (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc import money
from graphsvc.plan import awarded, quantities, sums_of
from graphsvc.plan.compiled import Award
from graphsvc.plan.conditions import Conditions


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """leader '' is everybody; a team is a partner and all below it in the tree that standings look down. goal in thousandths;
    summed is the window whose volumes are counted."""
    rules = {
        "leader": "" if bonus["team"] == "everybody" else bonus["team"]["partner"],
        "goal": quantities.scaled(bonus["goal"], money.VOLUME_DECIMALS),
        "picks": sums_of.sums(bonus["sum"], bonus["name"], conditions, frame),
        # TV of the period is summed in every plan; over a span it is summed because this reads it
        "summed": conditions.metrics[conditions.metric(bonus["metric"])].window if "spans" in bonus else 0,
    }
    return awarded.award(bonus, conditions, named, "bucket", rules)
