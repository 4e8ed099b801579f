"""What the limits of a closed run left of its lines, for lines that change later (mechanics section 8): room is frozen.

A cap leaves a line the room beside the payee's other lines of that run as they stood there; a limit of the company scales as it
scaled then, by the same two sums, or not at all.
"""

from __future__ import annotations

from typing import Any

from graphsvc.month import limits
from graphsvc.month.awards import DIGITS
from graphsvc.plan.compiled import CompiledPlan
from graphsvc.query.runner import Database
from graphsvc.query.values import Row


def scales(database: Database, run_id: str, plan: CompiledPlan) -> list[Row]:
    """The limits of the company that scaled lines in a run, in the order in which they ran, with what both sums were then."""
    order = [number for _, number in limits.of_company(plan)]
    found = [
        {"bonuses": list(plan.limits[number].bonuses), **limits.came_to(database, run_id, plan, number, order[place:])}
        for place, number in enumerate(order)
    ]
    return [row for row in found if row["paid_minor"] > row["limit_minor"]]


def parameters(plan: CompiledPlan, bonus: str, scaled: list[Row]) -> dict[str, Any]:
    """How the lines of one bonus are cut."""
    at = [other.name for other in plan.bonuses].index(bonus)
    return {
        "conditions": len(plan.conditions),
        "caps": limits.caps(bonus, plan),
        "uncut": [number for after, number in limits.of_company(plan) if after >= at],
        "scaled": [row for row in scaled if bonus in row["bonuses"]],
        "digits": DIGITS,
        "unit_minor": plan.unit_minor,
    }
