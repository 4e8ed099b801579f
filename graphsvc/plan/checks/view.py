"""A document as the checks see it: without what is ill-formed, and by the things that stand in many places.

Lists of tests, numbers of a partner, and trees of rates, sums and counts are written wherever the language lets people write
them; each is found here by its place, so that a check asks one question of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc.plan.document import Place

Found = Iterator[tuple[Place, str, str]]  # place, reason, fix

KINDS = ("retail", "own_use", "joining_pack")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Tree:
    """Where a percentage, a sum or a count of the document starts; it may branch by rank, type, scale or source.

    stem: rate, sum or count. bonus: which one it belongs to, None outside bonuses. base: what a percentage is taken of: cv, qv,
    money, or lines (of other bonuses). own: whether each payee has one such rate whatever the order (a differential).
    """

    place: Place
    stem: str
    bonus: int | None
    base: str = ""
    own: bool = False


class View:
    """A document seen without what is ill-formed in it."""

    def __init__(self, document: dict[str, Any], bad: list[Place]) -> None:
        self.document = document
        self._bad = [*bad, *filter(None, map(_unjudged, bad))]
        self._trees: list[Tree] | None = None

    def get(self, *place: str | int) -> Any:
        """The value at a place; None where it is missing, or where it, something in it or something around it is ill-formed."""
        if any(bad[: len(place)] == place[: len(bad)] for bad in self._bad):
            return None
        return self.raw(*place)

    def raw(self, *place: str | int) -> Any:
        """The value at a place, sound or not; None where it is missing."""
        value: Any = self.document
        for step in place:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def size(self, *place: str | int) -> int:
        """How many entries the list at a place has, sound or not; 0 where there is no list."""
        value = self.raw(*place)
        return len(value) if isinstance(value, list) else 0

    def keys(self, *place: str | int) -> list[str]:
        """Keys of the mapping at a place, sound or not."""
        value = self.raw(*place)
        return [str(key) for key in value] if isinstance(value, dict) else []

    def word(self, *place: str | int) -> str:
        """The sound text at a place; empty where there is none."""
        value = self.get(*place)
        return value if isinstance(value, str) else ""

    def bonuses(self) -> Iterator[tuple[Place, str]]:
        """Place and kind of each bonus."""
        for index in range(self.size("bonuses")):
            yield ("bonuses", index), self.word("bonuses", index, "kind")

    def bonus_names(self) -> list[str]:
        """Name of each bonus in order, sound or not, empty where it has none."""
        names = [self.raw("bonuses", index, "name") for index in range(self.size("bonuses"))]
        return [name if isinstance(name, str) else "" for name in names]

    def ranks(self) -> list[str]:
        """Names of the ranks, lowest first, empty where one has none."""
        return [self.word("ranks", "list", index, "name") for index in range(self.size("ranks", "list"))]

    def lists(self) -> Iterator[Place]:
        """Places of all lists of tests."""
        yield ("active", "conditions")
        yield from (("conditions", name) for name in self.keys("conditions"))
        yield from (("ranks", "list", index, "conditions") for index in range(self.size("ranks", "list")))
        yield ("breakaway",)
        for place, _ in self.bonuses():
            for key in ("levels", "generations"):
                yield from ((*place, key, level, "opens") for level in range(self.size(*place, key)))
            yield (*place, "qualified")
            yield (*place, "counts_when")

    def tests(self, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The sound tests of the list at a place, those inside `any` too."""
        for index in range(self.size(*place)):
            item = self.get(*place, index)
            if isinstance(item, dict) and "any" not in item:
                yield (*place, index), item
            for inner in range(self.size(*place, index, "any")):
                test = self.get(*place, index, "any", inner)
                if isinstance(test, dict):
                    yield (*place, index, "any", inner), test

    def conditions_named(self) -> Iterator[tuple[Place, str]]:
        """Where the plan names a condition (or the word that stands for the active), and the word that needs no condition."""
        for place, kind in self.bonuses():
            for key in ("levels", "generations"):
                yield from (((*place, key, level, "opens"), "active") for level in range(self.size(*place, key)))
            yield (*place, "qualified"), "active"
            yield (*place, "vanish"), "inactive"
            yield (*place, "by", "vanish"), "inactive"
            if kind == "tenure":
                yield (*place, "condition"), ""
        yield ("transfer", "who_fails"), ""

    def trees(self) -> list[Tree]:
        """Every percentage, sum and count that may branch."""
        if self._trees is None:
            self._trees = list(self._all_trees())
        return self._trees

    def _all_trees(self) -> Iterator[Tree]:
        for place, kind in self.bonuses():
            index = int(place[1])
            base = "lines" if kind in ("matching", "match_down") else self.word(*place, "base")
            for key in ("levels", "generations"):
                for level in range(self.size(*place, key)):
                    yield Tree((*place, key, level, "rate"), "rate", index, base)
                    yield Tree((*place, key, level, "sum"), "sum", index)
            own = kind in ("differential", "infinity_differential")
            yield Tree((*place, "rates"), "rate", index, base, own)
            yield Tree((*place, "rate"), "rate", index, base)
            yield Tree((*place, "sum"), "sum", index)
            for step in range(self.size(*place, "steps")):
                yield Tree((*place, "steps", step, "rate"), "rate", index, self.word(*place, "steps", step, "of"))
                yield Tree((*place, "steps", step, "sum"), "sum", index)
            yield from (Tree((*place, "prizes", prize, "sum"), "sum", index) for prize in range(self.size(*place, "prizes")))
            yield from (Tree((*place, "sums", step, "sum"), "sum", index) for step in range(self.size(*place, "sums")))
            yield from (Tree((*place, "sums", rank), "sum", index) for rank in self.keys(*place, "sums"))
            yield Tree((*place, "shares", "points"), "count", index)
            yield from self._binary(place, index)
        for limit in range(self.size("limits")):
            yield Tree(("limits", limit, "sum"), "sum", None)

    def _binary(self, place: Place, index: int) -> Iterator[Tree]:
        volume, pay = self.word(*place, "volume"), (*place, "pay")
        yield Tree((*pay, "percent"), "rate", index, volume)
        for pairing in range(self.size(*pay, "units", "pairings")):
            yield Tree((*pay, "units", "pairings", pairing, "pays", "rate"), "rate", index, volume)
            yield Tree((*pay, "units", "pairings", pairing, "pays", "sum"), "sum", index)
        yield from (Tree((*pay, "steps", step, "sum"), "sum", index) for step in range(self.size(*pay, "steps")))
        yield Tree((*place, "cap", "values"), "sum" if self.word(*place, "cap", "per") == "money" else "count", index)

    def numbers(self) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        """Every sound number of a partner outside tests: of scales, milestones, contests, goals, shares and orders."""
        for tree in self.trees():
            for place, node, _ in branches(self.get(*tree.place), tree.place):
                if node["by"] == "scale":
                    yield (*place, "metric"), node["metric"]
        for place, _ in self.bonuses():
            wanted = [(*place, "metric"), (*place, "shares", "in_proportion")]
            wanted += [(*place, "order", index) for index in range(self.size(*place, "order"))]
            for at in wanted:
                number = self.get(*at)
                if isinstance(number, dict):
                    yield at, number


def _unjudged(bad: Place) -> Place:
    """What the schema could not judge at all because the word that says what it is is ill-formed; nothing where it could."""
    words = ("kind",) if len(bad) == 3 and bad[0] == "bonuses" else ("kind", "cap", "by", "metric")
    return bad[:-1] if bad and bad[-1] in words else ()


def mappings(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a part of a document, sound or not."""
    if isinstance(part, Mapping):
        yield part
        for inner in part.values():
            yield from mappings(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from mappings(inner)


def branches(value: Any, place: Place, depth: int = 1) -> Iterator[tuple[Place, dict[str, Any], int]]:
    """The branching values of a tree with their places, and how deep each stands; none where the tree is one value."""
    if not (isinstance(value, dict) and "by" in value):
        return
    yield place, value, depth
    for at, inner in below(value, place):
        yield from branches(inner, at, depth + 1)


def below(node: dict[str, Any], place: Place) -> list[tuple[Place, Any]]:
    """What hangs under a branching value, with its place."""
    values = node["values"]
    if isinstance(values, list):
        return [((*place, "values", index, "value"), tier["value"]) for index, tier in enumerate(values)]
    return [((*place, "values", key), inner) for key, inner in values.items()]


def leaves(value: Any, place: Place) -> Iterator[tuple[Place, Any, bool]]:
    """The plain values of a tree with their places, and whether each hangs under a branching one."""
    if not (isinstance(value, dict) and "by" in value):
        yield place, value, False
        return
    for at, inner in below(value, place):
        yield from ((leaf, given, True) for leaf, given, _ in leaves(inner, at))
