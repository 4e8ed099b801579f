"""Generations: a percentage of everything down to the n-th boundary of a rank (mechanics section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import rates_of
from graphsvc.plan.compiled import SourceSet, Walk
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import walking
from graphsvc.plan.rates_of import Pays

OWN = "own"


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Walk:
    """The bonus as a walk; the step of a line is its generation."""
    classes = rates_of.classes([level["rate"] for level in bonus["generations"]])
    source = walking.orders(bonus, classes, conditions, frame)
    return walk(bonus, bonus["boundary"], source, Pays(bonus["base"], frame), conditions, named, frame)


def walk(
    bonus: Mapping[str, Any],
    boundary: Mapping[str, Any],
    source: SourceSet,
    pays: Pays,
    conditions: Conditions,
    named: Mapping[str, int],
    frame: Mapping[str, Any],
    *,
    reads: tuple[str, ...] = (),
) -> Walk:
    """Any bonus that pays by generations of a boundary, a fixed rank or the payee's own."""
    name, levels = bonus["name"], bonus.get("generations") or bonus["levels"]
    within, hold = walking.qualified(bonus, conditions, named)
    openings = walking.opened(bonus, levels, within, conditions, named, "generation")
    picks, steps = walking.leveled(bonus, "rate", source.classes, openings, conditions, pays)
    own = boundary["rank"] == OWN
    if own:
        ranks, rows = walking.own_rank(boundary["as"], conditions, frame, f"{name} rank"), len(frame["ranks"])
    else:
        ranks, rows = walking.at_least(boundary["rank"], boundary["as"], conditions, f"{name} boundary"), 1
    states = rows * (len(levels) + 1)
    walking.fits(bonus, states * len(source.classes))
    return Walk(
        name=name,
        kind=bonus["kind"],
        source=source,
        query="bonuses.generation",
        rules={
            "classes": len(source.classes),
            "rows": rows,
            "own": own,
            "inclusive": boundary["counts"] == "inclusive",
            "ranks": ranks,
            "openings": openings,
            "picks": picks,
        },
        states=states,
        starts=tuple(rows * len(levels) + row for row in range(1, rows + 1)),
        pays=tuple(pays.pays),
        lines=bonus["lines"],
        reads=reads,
        hold=hold,
        base=pays.base,
        value=pays.value,
        # Two people may be paid for one generation of an order, so there is nothing that all sources could have paid at most.
        steps=tuple(walking.unbounded(step) for step in steps),
        form=tuple(frame["ranks"]) if own else (boundary["rank"],),
    )
