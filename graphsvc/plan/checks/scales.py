"""Lists that climb: scales, steps and periods must ascend, and their bounds must fit what is measured."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from graphsvc import money
from graphsvc.plan import metrics, quantities
from graphsvc.plan.checks.view import Found, Tree, View, branches
from graphsvc.plan.document import Place


def check(view: View) -> Found:
    """Scales of all trees, then steps, periods and places of bonuses."""
    for tree in view.trees():
        for place, node, _ in branches(view.get(*tree.place), tree.place):
            if node["by"] == "scale":
                yield from _bounds(view, (*place, "values"), node["metric"], "tier")
                if node["tiers"] == "slices":
                    yield from _slices(tree, place, node)
    for place, kind in view.bonuses():
        if kind == "milestone":
            metric = view.get(*place, "metric")
            if isinstance(metric, dict):
                yield from _bounds(view, (*place, "steps"), metric, "step")
        elif kind == "tenure":
            yield from _ascending(
                (*place, "sums"),
                "periods",
                [_plain(view, (*place, "sums"), n, "periods") for n in range(view.size(*place, "sums"))],
            )
        elif kind == "binary":
            at = (*place, "pay", "steps")
            yield from _ascending(at, "volume", [_plain(view, at, n, "volume") for n in range(view.size(*at))])


def _plain(view: View, place: Place, index: int, key: str) -> Fraction | None:
    value = view.get(*place, index, key)
    try:
        return None if value is None else Fraction(str(value))
    except ValueError:
        return None


def measured(metric: Mapping[str, Any], given: int | str, currency: Any) -> int:
    """A bound of a metric as an integer of its unit; ValueError with a sentence where it does not fit."""
    unit = metrics.known(metric).unit
    text = str(given)
    if unit == "share":
        if not text.endswith("%"):
            raise ValueError("is no percentage, and the metric is a share")
        return quantities.ppm(text)
    if text.endswith("%"):
        raise ValueError("is a percentage, and the metric is none")
    if unit == "count":
        if not text.isdecimal():
            raise ValueError("is not a whole number, and the metric is a count")
        return int(text)
    exponent = money.exponent(currency) if currency in money.exponents() else 2
    return quantities.scaled(text, exponent if unit == "money" else money.VOLUME_DECIMALS)


def _bounds(view: View, place: Place, metric: Mapping[str, Any], what: str) -> Found:
    found: list[int | None] = []
    for index in range(view.size(*place)):
        given = view.get(*place, index, "from")
        try:
            found.append(None if given is None else measured(metric, given, view.get("currency")))
        except ValueError as error:
            found.append(None)
            yield (*place, index, "from"), str(error), f"write where the {what} begins, in the unit of {metric['metric']}"
    yield from _ascending(place, "from", found)
    if what == "step" and found and found[0] == 0:
        yield (*place, 0, "from"), "is 0, which everybody has reached", "write what must be reached, above 0"


def _ascending(place: Place, key: str, numbers: list[Any]) -> Found:
    for index, (before, number) in enumerate(itertools.pairwise(numbers), 1):
        if before is not None and number is not None and number <= before:
            reason = (
                "is not above the one before it, so the one before has nothing left"
                if number == before
                else "is below the one before it"
            )
            yield (*place, index, key), reason, "write them ascending, each once"


def _slices(tree: Tree, place: Place, node: dict[str, Any]) -> Found:
    at = (*place, "tiers")
    unit = metrics.known(node["metric"]).unit
    base = "money" if tree.base in ("money", "lines") else "volume"
    if tree.stem != "rate":
        yield at, "cuts a base into slices, and sums have none", "write whole"
    elif tree.place[2] == "pay":
        yield at, "cuts the base of a line, and what is paired of two legs is paid as it is paired", "write whole"
    elif tree.own:
        yield at, "cuts a base into slices, but here each partner has one rate for all", "write whole"
    elif unit not in ("volume", "money"):
        yield at, f"cuts the base at bounds of {node['metric']['metric']}, which is neither volume nor money", "write whole"
    elif tree.base and unit != base:
        reason = f"cuts the base, which is {base}, at bounds of {node['metric']['metric']}, which is {unit}"
        yield at, reason, f"take a metric that is {base}, or write whole"
    elif any(isinstance(tier["value"], dict) for tier in node["values"]):
        yield (*place, "values"), "branch once more inside slices", "write plain percentages, or whole"
