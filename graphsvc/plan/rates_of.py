"""What a payee's rate is, where it hangs on rank, type, a scale or the source: trees of the document as picks of pay codes.

A walking bonus pays by codes. Each different way to turn a base into money is one code, and the first pick of a payee whose
condition holds says which code it is paid by (0: nothing). Slices are no pick: the line's own base is cut at their bounds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphsvc import money
from graphsvc.plan import quantities, sums_of
from graphsvc.plan.compiled import Pay
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.sums_of import Pick

OTHER = "other"


@dataclass(frozen=True)
class Slices:
    """A scale whose tiers each apply to their own slice of the line's base: (lower bound, rate) as the document says them."""

    tiers: tuple[tuple[Any, str], ...]


@dataclass
class Pays:
    """The pay codes of one bonus, each once. base: cv, qv, money (lines of other bonuses too), or count."""

    base: str
    frame: Mapping[str, Any]
    pays: list[Pay] = field(default_factory=list)

    def rate(self, level: int, given: Any) -> int:
        """The code of a rate (or of slices) at a level."""
        if isinstance(given, Slices):
            cuts = tuple((self._bound(bound), *self._share(quantities.ppm(rate))) for bound, rate in given.tiers)
            return self._code(Pay(level, None, 0, 1, cuts))
        return self.ppm(level, quantities.ppm(given))

    def ppm(self, level: int, rate_ppm: int) -> int:
        """The code of a rate in parts per million at a level; 0 for a rate of nothing."""
        return self._code(Pay(level, rate_ppm, *self._share(rate_ppm))) if rate_ppm else 0

    def amount(self, level: int, given: Any) -> int:
        """The code of a sum for each thing counted."""
        minor = sums_of.amount(given, self.frame["currency"])
        return self._code(Pay(level, None, *quantities.reduced(minor, self.frame["unit_minor"]))) if minor else 0

    @property
    def value(self) -> tuple[int, int]:
        """What a unit of the base is in minor units; what is only counted is no money."""
        if self.base == "count":
            return 0, 1
        return quantities.worth(self.base, self.frame["volume_value"], self.frame["exponent"])

    def _share(self, rate_ppm: int) -> tuple[int, int]:
        frame = self.frame
        return quantities.share(self.base, frame["volume_value"], frame["exponent"], rate_ppm, frame["unit_minor"])

    def _bound(self, given: Any) -> int:
        return quantities.scaled(given, self.frame["exponent"] if self.base == "money" else money.VOLUME_DECIMALS)

    def _code(self, pay: Pay) -> int:
        if pay not in self.pays:
            self.pays.append(pay)
        return self.pays.index(pay) + 1


def by_source(tree: Any, name: str) -> Any:
    """The part of a tree that a source class takes; None where it pays that class nothing."""
    if not (isinstance(tree, Mapping) and tree.get("by") == "source"):
        return tree
    values = tree["values"]
    return values.get(name, values.get(OTHER))


def classes(trees: Sequence[Any]) -> tuple[str, ...]:
    """The source classes that some trees tell apart, `other` last; one empty name where they tell none apart."""
    named = {name for tree in trees if isinstance(tree, Mapping) and tree.get("by") == "source" for name in tree["values"]}
    return (*sorted(named - {OTHER}), *([OTHER] if OTHER in named else [])) or ("",)


def picks(tree: Any, name: str, conditions: Conditions, pays: Pays, level: int) -> list[Pick]:
    """The picks of a tree of rates at a level."""
    return [] if tree is None else sums_of.picks(_sealed(tree), name, conditions, lambda given: pays.rate(level, given))


def sum_picks(tree: Any, name: str, conditions: Conditions, pays: Pays, level: int) -> list[Pick]:
    """The picks of a tree of sums for each thing counted, at a level."""
    return [] if tree is None else sums_of.picks(tree, name, conditions, lambda given: pays.amount(level, given))


def all_rates(tree: Any) -> set[int]:
    """Every rate, in parts per million, that stands in a tree."""
    if not (isinstance(tree, Mapping) and "by" in tree):
        return {quantities.ppm(tree)}
    values = tree["values"]
    inner = values.values() if isinstance(values, Mapping) else (tier["value"] for tier in values)
    return set().union(*(all_rates(value) for value in inner))


def _sealed(tree: Any) -> Any:
    """The tree with every scale of slices as one leaf."""
    if not (isinstance(tree, Mapping) and "by" in tree):
        return tree
    values = tree["values"]
    if tree["by"] == "scale":
        if tree["tiers"] == "slices":
            return Slices(tuple((tier["from"], tier["value"]) for tier in values))
        return {**tree, "values": [{**tier, "value": _sealed(tier["value"])} for tier in values]}
    return {**tree, "values": {name: _sealed(value) for name, value in values.items()}}
