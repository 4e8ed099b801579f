"""Who is paid for what one partner brings, by walking up the path (mechanics, sections 3 to 5): one function a mechanic.

Each yields a `Hop` for every payee: the step of the line, and either the tree of rates that prices it or a margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.model.exact import percent, ppm
from tests.model.rates import Tree, leaf, of_class
from tests.model.standings import Standings

Bonus = dict[str, Any]
INACTIVE = "inactive"


@dataclass(frozen=True)
class Hop:
    """A payee, the step, and what prices it: a tree of the plan, or a margin."""

    payee: str
    step: int
    tree: Tree = None
    margin: Fraction | None = None


def qualifies(m: Standings, bonus: Bonus, payee: str) -> bool:
    """Whether a payee meets a bonus's own conditions; those of a bonus that holds its lines count as met, activity never does."""
    condition = bonus.get("qualified", "active")
    if isinstance(bonus.get("unqualified"), dict):
        return m.is_active(payee)
    return m.meets(condition, payee)


def is_open(m: Standings, bonus: Bonus, level: int, payee: str) -> bool:
    """Whether a level (or generation) pays this partner: the active who meet its condition and the bonus's own.

    Decided: openness is a matter of conditions; who is open but has no rate at a level takes that level and gets nothing.
    """
    return m.meets(steps_of(bonus)[level - 1].get("opens", "active"), payee) and qualifies(m, bonus, payee)


def steps_of(bonus: Bonus) -> list[dict[str, Any]]:
    """The levels or generations of a bonus."""
    steps: list[dict[str, Any]] = bonus["generations"] if bonus["kind"] == "generation" else bonus["levels"]
    return steps


def tree_of(step: dict[str, Any], class_: str) -> Tree:
    """The rate or sum of a step for a class of sources."""
    return of_class(step["rate"] if "rate" in step else step["sum"], class_)


def vanishes(m: Standings, vanish: str, partner: str) -> bool:
    """Whether a partner vanishes in standard compression."""
    return not (m.is_active(partner) if vanish == INACTIVE else m.conditions_hold(vanish, partner))


def levels(m: Standings, bonus: Bonus, above: list[str], class_: str, compression: str, vanish: str) -> Iterator[Hop]:
    """Unilevel: the payee of each level among `above`, level 1 first."""
    for level, payee in enumerate(payees(m, bonus, above, compression, vanish), 1):
        if payee is not None:
            yield Hop(payee, level, tree_of(bonus["levels"][level - 1], class_))


def payees(m: Standings, bonus: Bonus, above: list[str], compression: str, vanish: str) -> list[str | None]:
    """Who is paid at level 1, 2, …, by walking up once."""
    count = len(bonus["levels"])
    numbers = range(1, count + 1)
    if compression == "standard":
        above = [p for p in above if not vanishes(m, vanish, p)]
    if compression in ("none", "standard"):
        return [above[k - 1] if k <= len(above) and is_open(m, bonus, k, above[k - 1]) else None for k in numbers]
    if compression == "roll_up":
        return [next((p for p in above[k - 1 :] if is_open(m, bonus, k, p)), None) for k in numbers]
    assert compression == "dynamic", compression
    found: list[str | None] = []
    for partner in above:
        if len(found) < count and is_open(m, bonus, len(found) + 1, partner):
            found.append(partner)
    return found + [None] * (count - len(found))


def differential(m: Standings, bonus: Bonus, path: list[str], class_: str) -> Iterator[Hop]:
    """Each gets own rate minus the highest met so far; with `remaining`, the less of own rate and what is left of a total.

    Decided for `remaining`: who stands from blocks_from up takes from what is left, also where paying has not started yet.
    """
    method = bonus.get("method", "highest")
    left = percent(method["remaining"]) if isinstance(method, dict) else None
    met = Fraction(0)
    for distance, partner in enumerate(path):
        rate = leaf(m, of_class(bonus["rates"], class_), partner) or Fraction(0)
        can_be_paid = qualifies(m, bonus, partner)
        margin = rate - met if left is None else min(rate, left)
        if can_be_paid and distance >= bonus["pays_from"] and margin > 0:
            yield Hop(partner, ppm(margin), margin=margin)
        if distance >= bonus["blocks_from"] and margin > 0 and (can_be_paid or bonus.get("met") == "everyone"):
            if left is None:
                met = rate
            elif can_be_paid:
                left -= margin


def generations(m: Standings, boundary: dict[str, Any], path: list[str]) -> Iterator[tuple[str, int]]:
    """In which generation a source is for everybody above its partner (path[0])."""
    for above in range(1, len(path)):
        payee = path[above]
        wanted = m.rank(payee, boundary["as"]) if boundary["rank"] == "own" else m.rank_number(boundary["rank"])
        if not wanted:
            continue  # Decided: who has no rank has no generations by own rank.
        inside = path[:above] if boundary["counts"] == "exclusive" else path[1:above]
        yield payee, 1 + sum(m.rank(p, boundary["as"]) >= wanted for p in inside)


def generation(m: Standings, bonus: Bonus, boundary: dict[str, Any], path: list[str], class_: str) -> Iterator[Hop]:
    """Everybody open for the generation that a source is in for them is paid."""
    steps = steps_of(bonus)
    for payee, number in generations(m, boundary, path):
        if number <= len(steps) and is_open(m, bonus, number, payee):
            yield Hop(payee, number, tree_of(steps[number - 1], class_))


def infinity(m: Standings, bonus: Bonus, path: list[str], class_: str) -> Iterator[Hop]:
    """All from a level down to the next partner of the payee's rank or higher. Decided: who has no rank gets nothing."""
    for above in range(max(1, bonus["from_level"]), len(path)):
        payee = path[above]
        rank = m.rank(payee, bonus["as"])
        if not rank or not qualifies(m, bonus, payee):
            continue
        # How far below the payee's nearest peer the source stands; None: no peer between (the source's own partner included).
        blocker = max((d for d in range(above) if m.rank(path[d], bonus["as"]) >= rank), default=None)
        stop = bonus["stop"]
        if blocker is not None and (
            stop == "before_blocker"
            or (stop == "after_blocker" and blocker > 0)
            or (stop == "where_theirs_begins" and blocker >= bonus["from_level"])
        ):
            continue
        yield Hop(payee, rank, of_class(bonus["rate"], class_))


def hops(m: Standings, bonus: Bonus, seller: str, class_: str) -> Iterable[Hop]:
    """Everybody paid by a bonus for what enters its tree at one partner."""
    kind, path = bonus["kind"], m.path(seller, bonus.get("tree", "sponsor"))
    if kind in ("unilevel", "fast_start", "action", "recruit"):
        first = bonus.get("first_level", "sponsor")
        above = path if first == "seller" else path[1:]
        return levels(m, bonus, above, class_, bonus["compression"], bonus.get("vanish", INACTIVE))
    if kind == "matching":
        by = bonus["by"]
        if "generations" in by:
            return generation(m, bonus, by["generations"], path, class_)
        return levels(m, bonus, path[1:], class_, by["levels"], by.get("vanish", INACTIVE))
    if kind in ("differential", "infinity_differential"):
        return differential(m, bonus, path, class_)
    if kind == "generation":
        return generation(m, bonus, bonus["boundary"], path, class_)
    assert kind == "infinity", kind
    return infinity(m, bonus, path, class_)


WALKING = (
    "unilevel",
    "fast_start",
    "action",
    "recruit",
    "matching",
    "differential",
    "infinity_differential",
    "generation",
    "infinity",
)
