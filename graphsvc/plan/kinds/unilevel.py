"""Unilevel: a percentage of an order to each partner above its seller, level by level (mechanics section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import checks, quantities
from graphsvc.plan.compiled import ACTIVE, EVERY_ACTIVE, Level, Unilevel
from graphsvc.plan.conditions import Conditions


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Unilevel:
    """The bonus with its levels, and what a unit of its base pays at each."""
    levels: list[Level] = []
    for number, level in enumerate(bonus["levels"], 1):
        opens = level["opens"]
        if isinstance(opens, str):
            condition = EVERY_ACTIVE if opens == "active" else named[opens]
        else:
            condition = conditions.add(f"{bonus['name']} level {number}", opens)
        levels.append(Level(quantities.ppm(level["rate"]), condition))
    vanish = bonus.get("vanish", "inactive")
    base, sources = bonus["base"], bonus["sources"]
    value, exponent = frame["volume_value"], frame["exponent"]
    pairs = [quantities.share(base, value, exponent, level.rate_ppm, frame["unit_minor"]) for level in levels]
    worth = quantities.worth(base, value, exponent)
    return Unilevel(
        name=bonus["name"],
        base=base,
        kinds=checks.KINDS if sources["kinds"] == "all" else tuple(sources["kinds"]),
        categories=None if sources["categories"] == "all" else tuple(sources["categories"]),
        first_level=bonus["first_level"],
        compression=bonus["compression"],
        vanish=ACTIVE if vanish == "inactive" else named[vanish],
        lines=bonus["lines"],
        levels=tuple(levels),
        numerators=tuple(numerator for numerator, _ in pairs),
        denominators=tuple(denominator for _, denominator in pairs),
        value_numerator=worth[0],
        value_denominator=worth[1],
    )
