"""Unilevel: a percentage of an order to each partner above its seller, level by level (mechanics section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import rates_of
from graphsvc.plan.compiled import ACTIVE, Level, SourceSet, Unilevel, Walk
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
        form=_form(bonus, rules, pays) if bonus["kind"] == "unilevel" and key == "rate" else None,
    )


def _form(bonus: Mapping[str, Any], rules: Mapping[str, Any], pays: Pays) -> Unilevel | None:
    """What the example on the plan's page is drawn from, where every level has one plain rate."""
    if not all(isinstance(level["rate"], str) for level in bonus["levels"]):
        return None
    paid = [pays.pays[picks[0][1] - 1] if picks[0][1] else None for picks in rules["picks"]]
    numerators = tuple(pay.numerator if pay else 0 for pay in paid)
    sources, (value_numerator, value_denominator) = bonus["sources"], pays.value
    return Unilevel(
        name=bonus["name"],
        base=bonus["base"],
        kinds=walking.KINDS if sources["kinds"] == "all" else tuple(sources["kinds"]),
        categories=None if sources["categories"] == "all" else tuple(sources["categories"]),
        first_level=bonus["first_level"],
        compression=bonus["compression"],
        vanish=rules["vanish"],
        lines=bonus["lines"],
        levels=tuple(Level(pay.rate_ppm or 0 if pay else 0, opens) for pay, opens in zip(paid, rules["openings"], strict=True)),
        numerators=numerators,
        denominators=tuple(pay.denominator if pay else 1 for pay in paid),
        value_numerator=value_numerator,
        value_denominator=value_denominator,
    )
