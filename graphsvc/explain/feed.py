"""Everything that fed a line: down through the arrivals that handed it on, some levels at a time, and what was brought there.

An arrival is a place: a partner and the state in which volume came to it, as seq * STATE + state. A child stands a level further
down than its parent, or at the same. Levels with few arrivals are read whole, as many at once as the budget allows, and walked
here; of a wide one only what was handed to a place that is known already. What is kept of a place is three integers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphsvc.month import parameters
from graphsvc.plan.compiled import Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

STATE = 1_000
BLOCKS_AT_ONCE = 5_000
# Arrivals that are read whole at once: few at first, since most lines come from near by.
BUDGET_FIRST, BUDGET_MAX = 2_000, 8_000
# After so many generations of one level it is read whole: it holds many.
ROUNDS_MAX = 3


@dataclass(frozen=True, slots=True)
class Brought:
    """What one partner (or one order line, where orders are kept apart) brought to a line, and where it entered."""

    seq: int
    source_id: str
    base: int
    level: int
    place: int


@dataclass(frozen=True, slots=True)
class Layer:
    """Arrivals of one level that fed a line: place, move, and the place above that it was handed to."""

    places: array[int] = field(default_factory=lambda: array("q"))
    moves: array[int] = field(default_factory=lambda: array("q"))
    onto: array[int] = field(default_factory=lambda: array("q"))


@dataclass(slots=True)
class Feed:
    """Everything that fed a line: how many sources, what they brought, the largest of them, the bases of the orders asked for.

    layers: every arrival that was passed, by level; ends: those that were paid, all of one level, with their moves.
    """

    level: int
    ends: dict[int, int]
    sources: int = 0
    base: int = 0
    largest: list[Brought] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    layers: dict[int, Layer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Span:
    """Levels that are looked at together; whole: all their arrivals are read."""

    first: int
    last: int
    whole: bool


def feed(
    database: Database, run_id: str, bonus: Walk, level: int, ends: dict[int, int], *, shown: int = 1, orders: Iterable[str] = ()
) -> Feed:
    """What came to these arrivals of one level ({place: move}), the `shown` largest sources and the bases of these `orders`."""
    found = Feed(level, ends)
    walked = parameters.walk(bonus)
    asked = {"orders": list(orders), "shown": shown, **{key: walked[key] for key in ("source", "starts", "states")}}
    starts = {class_ * bonus.states + start for class_ in range(len(bonus.source.classes)) for start in bonus.starts}
    reached = {level: set(ends)}
    for span in _spans(database, run_id, bonus.name, level) if ends else ():
        above = reached.get(span.first, set()) | reached.get(span.first - 1, set())
        if not above:
            break
        for at, places in _below(database, run_id, bonus.name, span, above, found).items():
            reached.setdefault(at, set()).update(places)
        entered = [place for at, places in reached.items() if at >= span.first for place in places if place % STATE in starts]
        if entered:
            ends_of = {"level_from": span.first, "level_to": span.last}
            _add(found, database.run("explain.brought", run_id=run_id, at=entered, **ends_of, **asked)[0])
        reached = {span.last: reached.get(span.last, set())}
    found.largest.sort(key=lambda brought: (-abs(brought.base), brought.seq, brought.source_id))
    del found.largest[shown:]
    return found


def _add(found: Feed, row: Row) -> None:
    """What was brought at some levels."""
    found.sources += row["sources"]
    found.base += row["base"]
    found.named += row["named"]
    for x in row["largest"]:
        found.largest.append(Brought(x["seq"], x["source_id"], x["base"], x["level"], x["seq"] * STATE + x["state"]))


def _spans(database: Database, run_id: str, bonus: str, level: int) -> Iterator[_Span]:
    """Levels from one on down, cut where the arrivals of many would be too much at once."""
    budget, first, last, held = BUDGET_FIRST, level, level, 0
    whole = False
    while not whole:
        rows = database.run("explain.below", run_id=run_id, bonus=bonus, level=level, blocks=BLOCKS_AT_ONCE)
        whole = sum(row["blocks"] for row in rows) < BLOCKS_AT_ONCE
        for row in rows if whole else rows[:-1]:  # of the last one there may be more
            if held and held + row["arrivals"] > budget:
                yield _Span(first, last, held <= budget)
                first, held, budget = row["level"], 0, min(2 * budget, BUDGET_MAX)
            last, held = row["level"], held + row["arrivals"]
        level = last + 1
    yield _Span(first, last, held <= budget)


def _below(database: Database, run_id: str, bonus: str, span: _Span, above: set[int], found: Feed) -> dict[int, list[int]]:
    """The places of a span, by level, that handed on to places above it or inside it."""
    params = {"run_id": run_id, "bonus": bonus, "level_from": span.first, "level_to": span.last}
    seen = set(above)
    reached: dict[int, list[int]] = {}

    def keep(level: int, place: int, move: int, onto: int) -> None:
        layer = found.layers.setdefault(level, Layer())
        layer.places.append(place)
        layer.moves.append(move)
        layer.onto.append(onto)
        reached.setdefault(level, []).append(place)
        seen.add(place)

    at, rounds = list(above), 0
    while at and not span.whole and rounds < ROUNDS_MAX:
        new: list[int] = []
        parents = sorted({place // STATE for place in at})
        for row in database.run("explain.handed", parents=parents, at=at, **params):
            for place, move, onto in zip(row["places"], row["moves"], row["onto"], strict=True):
                if place not in seen:
                    keep(row["level"], place, move, onto)
                    new.append(place)
        at, rounds = new, rounds + 1
    if at:
        handed: dict[int, list[tuple[int, int, int]]] = {}
        for row in database.run("explain.handed", parents=None, at=None, **params):
            for place, move, onto in zip(row["places"], row["moves"], row["onto"], strict=True):
                handed.setdefault(onto, []).append((row["level"], place, move))
        for onto in at:
            for level, place, move in handed.get(onto, ()):
                if place not in seen:
                    keep(level, place, move, onto)
                    at.append(place)
    return reached
