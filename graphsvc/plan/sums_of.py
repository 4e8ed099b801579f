"""What a payee is given, where it hangs on rank, type or a scale: a tree of the document as picks, tried in order.

A pick is [condition, number]: the first whose condition holds decides (EVERY_ACTIVE holds for everybody), and a number of 0
is nothing. A rank that is not named takes the nearest named below it; a type that is not named, and a number below the first
bound of a scale, take nothing (mechanics section 7).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphsvc import money
from graphsvc.plan import quantities
from graphsvc.plan.compiled import EVERY_ACTIVE, Clause, Condition, Test
from graphsvc.plan.conditions import Conditions

Pick = list[int]


def picks(tree: Any, name: str, conditions: Conditions, leaf: Callable[[Any], int], nothing: int = 0) -> list[Pick]:
    """The picks of a tree whose leaves are read by `leaf`; name is what its conditions are called, nothing what stands for it."""
    found: list[Pick] = []
    _walk(tree, (), name, conditions, leaf, nothing, found)
    return found


def sums(tree: Any, name: str, conditions: Conditions, frame: Mapping[str, Any]) -> list[Pick]:
    """The picks of a tree of sums, in minor units of the plan's currency, rounded as its lines are."""
    unit, rule = frame["unit_minor"], frame["document"]["rounding"]["rule"]
    return picks(
        tree, name, conditions, lambda given: money.round_ratio(amount(given, conditions.currency), 1, unit, rule) * unit
    )


def amount(given: Any, currency: str) -> int:
    """A sum of the document in minor units."""
    return money.parse(str(given), currency)


def bound(metric: int, given: Any, conditions: Conditions) -> int:
    """A lower bound on a metric, in the metric's own unit; 0 is one too."""
    unit = conditions.metrics[metric].unit
    if unit == "share":
        return quantities.ppm(str(given))
    if unit == "money":
        return amount(given, conditions.currency)
    return quantities.scaled(given, money.VOLUME_DECIMALS) if unit == "volume" else int(given)


def _walk(
    tree: Any,
    above: tuple[Clause, ...],
    name: str,
    conditions: Conditions,
    leaf: Callable[[Any], int],
    nothing: int,
    found: list[Pick],
) -> None:
    if not (isinstance(tree, Mapping) and "by" in tree):
        found.append([_condition(above, name, conditions), leaf(tree)])
        return
    for clauses, inner in _ways(tree, conditions):
        _walk(inner, above + clauses, name, conditions, leaf, nothing, found)
        if isinstance(inner, Mapping) and "by" in inner:
            # Whoever came this far and found nothing further in does not fall through to what stands below.
            found.append([_condition(above + clauses, name, conditions), nothing])


def _ways(tree: Mapping[str, Any], conditions: Conditions) -> list[tuple[tuple[Clause, ...], Any]]:
    """The alternatives of one step of the tree, the one that is tried first at first."""
    values = tree["values"]
    if tree["by"] == "rank":
        held = conditions.held(tree["as"])
        ranked = sorted(((conditions.rank(rank), inner) for rank, inner in values.items()), key=lambda pair: -pair[0])
        return [(((Test(held, number),),), inner) for number, inner in ranked]
    if tree["by"] == "type":
        return [(conditions.clauses({"type": [word]}), inner) for word, inner in sorted(values.items())]
    metric = conditions.metric(tree["metric"])
    return [(((Test(metric, bound(metric, tier["from"], conditions)),),), tier["value"]) for tier in reversed(values)]


def _condition(clauses: tuple[Clause, ...], name: str, conditions: Conditions) -> int:
    """The condition of these clauses; never that of activity, which also sees status and grace."""
    if not clauses:
        return EVERY_ACTIVE
    for index, known in enumerate(conditions.conditions):
        if index and known.clauses == clauses:
            return index
    conditions.conditions.append(Condition(name, clauses))
    return len(conditions.conditions) - 1
