"""Rates and sums that vary (mechanics, section 7): by rank, type or scale of the payee, by class of the source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.model.exact import minor, percent, ppm
from tests.model.standings import Standings
from tests.model.volumes import Source

Tree = Any  # of RATE or SUM: a leaf, or {by: …, values: …}


@dataclass(frozen=True)
class Slices:
    """Rates for parts of a base: from this bound on, what stands there (a rate, further slices, or nothing)."""

    parts: tuple[tuple[int, Any], ...]


def leaf(standings: Standings, tree: Tree, payee: str, *, money: bool = False) -> Any:
    """What a tree says for a payee: a fraction (of a base, or minor units), slices, or None for nothing."""
    if tree is None:
        return None
    if not isinstance(tree, dict):
        return Fraction(minor(tree, standings.currency)) if money else percent(tree)
    values = tree["values"]
    if tree["by"] == "rank":
        ranked = {standings.rank_number(name): inner for name, inner in values.items()}
        own = standings.rank(payee, tree["as"])
        found = [rank for rank in ranked if rank <= own]
        return leaf(standings, ranked[max(found)], payee, money=money) if found else None
    if tree["by"] == "type":
        kind = standings.partners[payee].type
        return leaf(standings, values[kind], payee, money=money) if kind in values else None
    assert tree["by"] == "scale", tree
    test = tree["metric"]
    bounds = [(standings.as_unit(test, tier["from"]), tier["value"]) for tier in values]
    if tree["tiers"] == "slices":
        return Slices(tuple((bound, leaf(standings, inner, payee, money=money)) for bound, inner in bounds))
    have = standings.measured(test, payee)
    reached = [inner for bound, inner in bounds if bound <= have]
    return leaf(standings, reached[-1], payee, money=money) if reached else None


def share(rate: Any, base: int) -> Fraction:
    """Base × rate, in units of the base.

    Slices cut the base itself. Decided: what is below nothing is cut as if it were above, so that it takes back what was paid.
    """
    if rate is None:
        return Fraction(0)
    if isinstance(rate, Fraction):
        return base * rate
    if base < 0:
        return -share(rate, -base)
    total, ends = Fraction(0), [bound for bound, _ in rate.parts[1:]] + [base]
    for (start, inner), end in zip(rate.parts, ends, strict=True):
        total += share(inner, max(0, min(end, base) - start))
    return total


def shown(rate: Any) -> int | None:
    """The rate that a line shows: only base × one rate does."""
    return ppm(rate) if isinstance(rate, Fraction) else None


def highest(tree: Tree) -> Fraction:
    """The highest rate anywhere in a tree."""
    if not isinstance(tree, dict):
        return percent(tree)
    values = tree["values"].values() if isinstance(tree["values"], dict) else [tier["value"] for tier in tree["values"]]
    return max(map(highest, values))


# Classes of sources.


def named_classes(trees: Iterable[Tree]) -> set[str]:
    """Every class of sources that one of a bonus's trees names."""
    found = set()
    for tree in trees:
        if isinstance(tree, dict) and tree["by"] == "source":
            found |= set(tree["values"]) - {"other"}
    return found


def class_of(value: str, named: set[str]) -> str:
    """The class of a source: what it is, if a tree names that."""
    return value if value in named else "other"


def of_class(tree: Tree, name: str) -> Tree | None:
    """A tree for one class of sources; None where it says nothing of it."""
    if isinstance(tree, dict) and tree["by"] == "source":
        return tree["values"].get(name, tree["values"].get("other"))
    return tree


def told_apart_by(standings: Standings, rates_by: str, source: Source, partner: str) -> str:
    """What a source's class goes by: its category, its kind, or the type of the partner whose it is."""
    if rates_by == "source_type":
        return standings.partners[partner].type
    return (source.order.category or "") if rates_by == "category" else source.order.kind
