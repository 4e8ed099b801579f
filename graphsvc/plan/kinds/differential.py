"""Differential and infinity differential: own rate less what was met, or paid, on the way up (mechanics sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphsvc.plan import quantities, rates_of, sums_of
from graphsvc.plan.compiled import Step, Walk
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import walking
from graphsvc.plan.rates_of import Pays

NOBODY = -1


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Walk:
    """The bonus as a walk; the step of a line is its margin in parts per million."""
    classes = rates_of.classes([bonus["rates"]])
    trees = [rates_of.by_source(bonus["rates"], name) for name in classes]
    rates = [0, *sorted(set().union(*(rates_of.all_rates(tree) for tree in trees if tree is not None)) - {0})]
    picks = [
        sums_of.picks(tree, f"{bonus['name']} rate", conditions, lambda given: rates.index(quantities.ppm(given)))
        if tree is not None
        else []
        for tree in trees
    ]
    pays = Pays(bonus["base"], frame)
    method = bonus.get("method", "highest")
    if method == "highest":
        met, table = rates, _margins(rates, pays)
        everyone, blocks_from = bonus["met"] == "everyone", bonus["blocks_from"]
    else:
        met, table = _shares(rates, quantities.ppm(method["remaining"]), pays)
        everyone, blocks_from = False, bonus["blocks_from"]
    last = max(bonus["pays_from"], blocks_from)
    states = (last + 1) * len(table)
    walking.fits(bonus, states * len(classes))
    condition, hold = walking.qualified(bonus, conditions, named)
    return Walk(
        name=bonus["name"],
        kind=bonus["kind"],
        source=walking.orders(bonus, classes, conditions, frame),
        query="bonuses.differential",
        rules={
            "rates": picks,
            "table": table,
            "mets": len(table),
            "pays_from": bonus["pays_from"],
            "blocks_from": blocks_from,
            "last": last,
            "everyone": everyone,
            "qualified": condition,
        },
        states=states,
        starts=(1,),
        pays=tuple(pays.pays),
        lines=bonus["lines"],
        hold=hold,
        base=pays.base,
        value=pays.value,
        steps=(Step(0, condition),),
        form=(tuple(rates), tuple(met)),
    )


def _margins(rates: Sequence[int], pays: Pays) -> list[list[list[int]]]:
    """For each rate met and each own rate: the rate met from there on, and what the margin pays. Where the highest rate was met
    nobody above can be paid, so no state is kept for it."""

    def step(met: int, own: int) -> list[int]:
        if own <= met:
            return [met, 0]
        margin = rates[own] - rates[met]
        return [NOBODY if own == len(rates) - 1 else own, pays.ppm(margin, margin)]

    return [[step(met, own) for own in range(len(rates))] for met in range(max(1, len(rates) - 1))]


def _shares(rates: Sequence[int], total: int, pays: Pays) -> tuple[list[int], list[list[list[int]]]]:
    """Every sum of shares that can have been paid on the way, and what each own rate makes of it; none is left at the total."""
    sums = [0]
    for paid in sums:
        sums += [after for after in (min(paid + rate, total) for rate in rates) if after < total and after not in sums]
    sums = sorted(set(sums))

    def step(paid: int, rate: int) -> list[int]:
        margin = min(rate, total - paid)
        return [NOBODY if paid + margin == total else sums.index(paid + margin), pays.ppm(margin, margin)]

    return sums, [[step(paid, rate) for rate in rates] for paid in sums]
