"""The kinds of bonuses: from the document of each to what the month computes. A kind is one module here and one query or two.

A module has `compiled(bonus, conditions, named, frame)`: bonus is its part of the document; conditions collects what it tests
and reads; named are the plan's own conditions by name; frame is what all bonuses share.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from graphsvc.errors import BadInput, Code, Finding
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import (
    action,
    binary,
    contest,
    differential,
    fast_start,
    generation,
    group_goal,
    infinity,
    match_down,
    matching,
    milestone,
    pool,
    rank_bonus,
    recruit,
    tenure,
    unilevel,
)

MODULES: dict[str, ModuleType] = {
    "action": action,
    "binary": binary,
    "contest": contest,
    "differential": differential,
    "fast_start": fast_start,
    "generation": generation,
    "group_goal": group_goal,
    "infinity": infinity,
    "infinity_differential": differential,
    "match_down": match_down,
    "matching": matching,
    "milestone": milestone,
    "pool": pool,
    "rank_bonus": rank_bonus,
    "recruit": recruit,
    "tenure": tenure,
    "unilevel": unilevel,
}


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Any:
    """A bonus of any kind as the month takes it; a kind that the language knows and nobody computes yet is refused."""
    module = MODULES.get(bonus["kind"])
    if module is None:
        finding = Finding(f"bonus {bonus['name']}", "is of a kind that is not computed yet", bonus["kind"], "leave the bonus out")
        raise BadInput(Code.BAD_PLAN, f"Bonuses of kind {bonus['kind']} are not computed yet.", [finding])
    return module.compiled(bonus, conditions, named, frame)
