"""Unilevel: a percentage of an order to each partner above its seller, level by level (mechanics section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import rates_of
from graphsvc.plan.compiled import ACTIVE, SourceSet, Walk
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import walking
from graphsvc.plan.rates_of import Pays


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Walk:
    """The bonus as a walk; a matrix is a unilevel on its own tree."""
    classes = rates_of.classes([level["rate"] for level in bonus["levels"]])
    pays = Pays(bonus["base"], frame)
    return walk(bonus, walking.orders(bonus, classes, conditions, frame), pays, conditions, named)


def walk(
    bonus: Mapping[str, Any],
    source: SourceSet,
    pays: Pays,
    conditions: Conditions,
    named: Mapping[str, int],
    key: str = "rate",
    *,
    reads: tuple[str, ...] = (),
    carries: bool = False,
) -> Walk:
    """Any bonus that pays by levels counted up a tree. key: rate, or sum for each thing counted."""
    levels, compression, classes = len(bonus["levels"]), bonus["compression"], source.classes
    within, hold = walking.qualified(bonus, conditions, named)
    openings = walking.opened(bonus, bonus["levels"], within, conditions, named)
    picks, steps = walking.leveled(bonus, key, classes, openings, conditions, pays)
    vanish, from_seller = bonus.get("vanish", "inactive"), bonus["first_level"] == "seller"
    carried = levels * (2 if compression == "roll_up" else 1)
    states = carried + (0 if from_seller else 1)
    walking.fits(bonus, states * len(classes))
    rules = {
        "classes": len(classes),
        "compression": compression,
        "from_seller": from_seller,
        "openings": openings,
        "picks": picks,
        "vanish": ACTIVE if vanish == "inactive" else named[vanish],
    }
    return Walk(
        name=bonus["name"],
        kind=bonus["kind"],
        source=source,
        query="bonuses.unilevel",
        rules=rules,
        states=states,
        starts=(1 if from_seller else states,),
        pays=tuple(pays.pays),
        lines=bonus["lines"],
        reads=reads,
        hold=hold,
        base=pays.base,
        value=pays.value,
        steps=steps,
        carries=carries,
    )
