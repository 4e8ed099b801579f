"""Infinity: a percentage of everything from a level down to the next partner of the payee's rank (mechanics section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import rates_of
from graphsvc.plan.compiled import Step, Walk
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import walking
from graphsvc.plan.rates_of import Pays


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Walk:
    """The bonus as a walk; the step of a line is the payee's rank, from 1."""
    name, as_, names = bonus["name"], bonus["as"], frame["ranks"]
    classes = rates_of.classes([bonus["rate"]])
    pays = Pays(bonus["base"], frame)
    ranks = walking.own_rank(as_, conditions, frame, f"{name} rank")
    picks = [
        walking.by_rank(
            ranks,
            [
                rates_of.picks(rates_of.by_source(bonus["rate"], told), f"{name} rate", conditions, pays, number)
                for number in range(1, len(names) + 1)
            ],
            conditions,
        )
        for told in classes
    ]
    condition, hold = walking.qualified(bonus, conditions, named)
    rows, nearest = len(names), bonus["from_level"]
    states = rows * (nearest + 1)
    walking.fits(bonus, states * len(classes))
    return Walk(
        name=name,
        kind=bonus["kind"],
        source=walking.orders(bonus, classes, conditions, frame),
        query="bonuses.infinity",
        rules={
            "rows": rows,
            "nearest": nearest,
            "stop": bonus["stop"],
            "ranks": ranks,
            "picks": picks,
            "qualified": condition,
        },
        states=states,
        starts=tuple(rows * nearest + row for row in range(1, rows + 1)),
        pays=tuple(pays.pays),
        lines=bonus["lines"],
        hold=hold,
        base=pays.base,
        value=pays.value,
        steps=tuple(Step(number, condition) for number in range(1, rows + 1)),
        form=tuple(names),
    )
