"""What the kinds of bonuses that walk up a tree share: their sources, who is qualified, and the picks of their steps."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from graphsvc.errors import BadInput, Code, Finding
from graphsvc.plan import rates_of, spanning, sums_of
from graphsvc.plan.compiled import EVERY_ACTIVE, Hold, Mark, Pay, SourceSet, Step
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.rates_of import Pays
from graphsvc.plan.spanning import Spans
from graphsvc.plan.sums_of import Pick

KINDS = ("retail", "own_use", "joining_pack")
# A state takes three digits of a move.
STATES_MAX = 999

Bonus = Mapping[str, Any]


def source_set(
    tree: str,
    query: str,
    rules: Mapping[str, Any],
    classes: Sequence[str],
    *,
    per_order: bool = False,
    of: str = "",
    spans: Spans | None = None,
) -> SourceSet:
    """A source set under a key that two bonuses have in common when they take the same; of: the one bonus it is for."""
    together = [] if spans is None else [spans.periods, str(spans.first)]
    told = json.dumps([tree, query, rules, list(classes), per_order, of, *together], sort_keys=True, ensure_ascii=False)
    key = hashlib.sha256(told.encode()).hexdigest()[:16]
    return SourceSet(key, tree, query, dict(rules), tuple(classes), per_order, spans)


def orders(bonus: Bonus, classes: Sequence[str], conditions: Conditions, frame: Mapping[str, Any]) -> SourceSet:
    """The orders that a bonus takes, by the classes that its rates tell apart."""
    sources, by = bonus["sources"], bonus.get("rates_by", "")
    told: tuple[list[Pick], int] = ([], len(classes) - 1 if classes[-1] == rates_of.OTHER else -1)
    if by == "source_type":
        told = types(bonus, classes, conditions)
    rules = {
        "base": bonus["base"],
        "kinds": list(KINDS) if sources["kinds"] == "all" else list(sources["kinds"]),
        "categories": None if sources["categories"] == "all" else list(sources["categories"]),
        "net": False,
        "marks": marks(bonus, conditions, frame),
        "by": by,
        "classes": list(classes),
        "other": told[1],
        "types": told[0],
    }
    per_order, spans = bonus["lines"] == "order", spanning.of(bonus)
    return source_set(bonus["tree"], "sources.orders", rules, classes, per_order=per_order, spans=spans)


def types(bonus: Bonus, classes: Sequence[str], conditions: Conditions) -> tuple[list[Pick], int]:
    """The class of a source by its partner's type: picks, and the class of every type that is not named (-1: none)."""
    other = len(classes) - 1 if classes[-1] == rates_of.OTHER else -1
    given = {"by": "type", "values": {name: number for number, name in enumerate(classes) if number != other}}
    return sums_of.picks(given, f"{bonus['name']} sources", conditions, int), other


def marks(bonus: Bonus, conditions: Conditions, frame: Mapping[str, Any]) -> list[list[Any]]:
    """Which marks of an order a bonus asks for: [index of the mark, what it must be].

    A fast start that is paid instead of others takes its orders from all of them.
    """
    found = asked(bonus, conditions)
    for other in frame["document"]["bonuses"]:
        if other is not bonus and other["kind"] == "fast_start" and other["others"] == "instead":
            kinds, categories = other["sources"]["kinds"], other["sources"]["categories"]
            mark = dataclasses.replace(
                _mark(other),
                kinds=None if kinds == "all" else tuple(kinds),
                categories=None if categories == "all" else tuple(categories),
            )
            found.append([conditions.mark(mark), False])
    return found


def asked(taken: Bonus, conditions: Conditions) -> list[list[Any]]:
    """The mark that what has `sources` asks of an order beside kind and category, if any; a pool's fund has them too."""
    own = _mark(taken)
    return [[conditions.mark(own), True]] if own != Mark() else []


def _mark(bonus: Bonus) -> Mark:
    orders = bonus["sources"].get("orders", "all")
    joined = Mark(bonus.get("days"), bonus.get("months"), bonus.get("calendar_months"))
    if isinstance(orders, str):
        return dataclasses.replace(joined, orders="first" if orders == "first_of_customer" else "all")
    span = orders["later_of_customer"]
    if span == "ever":
        return dataclasses.replace(joined, orders="later")
    return dataclasses.replace(joined, orders="later", count=span.get("orders"), months=span.get("months"))


def qualified(bonus: Bonus, conditions: Conditions, named: Mapping[str, int]) -> tuple[int, Hold | None]:
    """Who a bonus pays among the active, as a condition, and how long the lines of the others wait.

    Where lines wait they are computed as if the condition were met, so that it binds nobody here.
    """
    condition = conditions.who(f"{bonus['name']} qualified", bonus.get("qualified", "active"), named)
    waits = bonus.get("unqualified", "forfeit")
    if condition == EVERY_ACTIVE or waits == "forfeit":
        return condition, None
    return EVERY_ACTIVE, Hold(condition, int(waits["hold"]))


def opened(
    bonus: Bonus, levels: Iterable[Bonus], within: int, conditions: Conditions, named: Mapping[str, int], word: str = "level"
) -> list[int]:
    """For each level the condition it is open under, which the bonus's own qualification is a part of."""
    names = enumerate(levels, 1)
    found = [conditions.who(f"{bonus['name']} {word} {number}", level["opens"], named) for number, level in names]
    return [conditions.both(condition, within) for condition in found]


def highest(picks: Iterable[Pick], pays: Sequence[Pay]) -> tuple[int, int]:
    """The largest fraction of its base that any of some picks pays."""
    best = Fraction(0)
    for _, code in picks:
        if code:
            pay = pays[code - 1]
            cuts = pay.slices or ((0, pay.numerator, pay.denominator),)
            best = max(best, *(Fraction(numerator, denominator) for _, numerator, denominator in cuts))
    return best.numerator, best.denominator


def leveled(
    bonus: Bonus, key: str, classes: Sequence[str], openings: Sequence[int], conditions: Conditions, pays: Pays
) -> tuple[list[list[Pick]], tuple[Step, ...]]:
    """The picks of a bonus's levels by class and level, and its steps. key: rate, or sum for each thing counted."""
    levels = bonus.get("levels") or bonus["generations"]
    read = rates_of.picks if key == "rate" else rates_of.sum_picks
    picks = [
        read(rates_of.by_source(level[key], name), f"{bonus['name']} {key} {number}", conditions, pays, number)
        for name in classes
        for number, level in enumerate(levels, 1)
    ]
    steps = tuple(
        Step(number, condition, tuple(highest(picks[c * len(levels) + number - 1], pays.pays) for c in range(len(classes))))
        for number, condition in enumerate(openings, 1)
    )
    return picks, steps


def named(of: Sequence[Any]) -> tuple[list[str], dict[str, Any]]:
    """The bonuses of the plan itself that a list names, and, under `elsewhere` where it names any, those of other plans:
    [what the plan is called here, bonus]."""
    own = [name for name in of if isinstance(name, str)]
    elsewhere = [[other["plan"], other["bonus"]] for other in of if not isinstance(other, str)]
    return own, {"elsewhere": elsewhere} if elsewhere else {}


def own_rank(as_: str, conditions: Conditions, frame: Mapping[str, Any], name: str) -> list[Pick]:
    """The picks of a payee's own rank, as its number from 1, lowest first."""
    values = {rank: number for number, rank in enumerate(frame["ranks"], 1)}
    return sums_of.picks({"by": "rank", "as": as_, "values": values}, name, conditions, int)


def at_least(rank: str, as_: str, conditions: Conditions, name: str) -> list[Pick]:
    """The picks that give 1 to whoever is of a rank or a higher one."""
    return sums_of.picks({"by": "rank", "as": as_, "values": {rank: 1}}, name, conditions, int)


def by_rank(ranks: Iterable[Pick], inner: Sequence[Sequence[Pick]], conditions: Conditions) -> list[Pick]:
    """For each rank the picks of those who have it: who has it and holds none of them takes nothing."""
    found: list[Pick] = []
    for condition, rank in ranks:
        found += [[conditions.both(condition, own), code] for own, code in inner[rank - 1]]
        if not inner[rank - 1] or inner[rank - 1][-1][0] != EVERY_ACTIVE:
            found.append([condition, 0])
    return found


def unbounded(step: Step) -> Step:
    """A step of a bonus that may pay several people for one unit, or the same one again."""
    return Step(step.level, step.condition)


def fits(bonus: Bonus, states: int) -> int:
    """The number of states, if a move can name them all."""
    if states > STATES_MAX:
        finding = Finding(
            f"bonus {bonus['name']}",
            f"needs {states} states on the way up, more than {STATES_MAX}",
            bonus["kind"],
            "name fewer ranks, levels or source classes",
        )
        raise BadInput(Code.BAD_PLAN, f"Bonus {bonus['name']} tells too much apart.", [finding])
    return states
