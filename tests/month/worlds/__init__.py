"""Random companies and random plans: everything that the plan language lets a plan choose.

A batch is one company of many small networks, with the plans that are closed on it, several periods each. The dates stand where
periods end somewhere on earth, the sums where halves are rounded, the networks where compressions differ.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.model import calendar, next_month
from tests.month.worlds import moving, networks, plans
from tests.month.worlds.ink import RANKS
from tests.month.worlds.moving import Move
from tests.month.worlds.networks import CURRENCIES, network
from tests.month.worlds.plans import FRAMES, RECIPES, TREE, mechanics_of
from tests.records import Network, Rate

# Clocks change inside 2025-03; Asuncion skips the midnight that starts 2017-10, Havana has the one of 2020-11 twice.
MONTHS = ("2025-03", "2024-02", "2023-12", "2017-09", "2020-10")
SAMPLE = 8  # networks on which a drawn bonus is tried first
MECHANICS = (*RECIPES, *FRAMES)


@dataclass(frozen=True)
class Scheme:
    """One plan: its document in force in each period that is closed, in order, its mechanics, and ranks set by hand."""

    name: str
    documents: tuple[tuple[str, dict[str, Any]], ...]
    mechanics: frozenset[str] = frozenset()
    forced: dict[tuple[str, str], str] = field(default_factory=dict)
    dealt: dict[str, str] = field(default_factory=dict)  # which bonus tries a mechanic of bonuses

    def published(self) -> list[dict[str, Any]]:
        """Each version once."""
        return list({d["version"]: d for _, d in self.documents}.values())


@dataclass(frozen=True)
class Batch:
    """A company's networks, each with ids of its own, the rates of its periods, the plans to close, and who moves in between."""

    networks: tuple[Network, ...]
    rates: tuple[Rate, ...]
    schemes: tuple[Scheme, ...]
    moves: tuple[Move, ...] = ()

    def network(self) -> Network:
        """All of them in one, as they are when the first periods are closed."""
        return sum(self.networks, Network())


def all_but_one_of_each(rng: Random) -> set[str]:
    """Of each kind of bonus every way to draw it but one: a plan that holds all of them takes minutes to close."""
    ways: dict[str, list[str]] = {}
    for recipe in RECIPES:
        ways.setdefault(recipe.split()[0], []).append(recipe)
    return set(RECIPES) - {rng.choice(recipes) for recipes in ways.values()}


def batch(rng: Random, count: int, plan_count: int, *, times: int = 1, refused: set[str] | None = None) -> Batch:
    """A batch drawn by `rng`; networks have the prefixes n0-, n1-, …; no plan uses a mechanic of `refused`."""
    month = rng.choice(MONTHS)
    made = [network(rng, month).renamed(f"n{n}-") for n in range(count)]
    for one in made:
        rng.shuffle(one.partners)  # sponsors may stand after their recruits, lines of an order apart from each other
        rng.shuffle(one.orders)
    ids = [p.id for one in made for p in one.partners]
    sample = sum(made[:SAMPLE], Network())
    drawn = plans.deal(rng, plan_count, month, refused or set(), times, sample)
    schemes = [scheme(rng, one, ids, refused or set()) for one in drawn]
    schemes = [shortened(one, {other.name: other for other in schemes}) for one in schemes]
    moves = tuple(move for one in made for move in moving.moves(rng, one))
    return Batch(tuple(made), tuple(_rates(rng, month, schemes)), tuple(schemes), moves)


def scheme(rng: Random, drawn: plans.Sketch, ids: list[str], refused: set[str]) -> Scheme:
    """A plan for two or three periods that follow each other, now and then changed by a second version."""
    periods = [calendar.later(drawn.period, step) for step in range(rng.choice([2, 2, 3]))]
    first = drawn.document()
    second = copy.deepcopy(first)
    if rng.random() < 0.3:
        second |= {"version": 2, "valid_from": f"{calendar.first_day(periods[1])}"}
        second["rounding"]["rule"] = rng.choice(["half_up", "half_even", "down"])
    documents = ((periods[0], first), *((later, second) for later in periods[1:]))
    forced = {}
    if "ranks" in first and "forced ranks" not in refused and rng.random() < 0.5:
        forced = {(rng.choice(ids), rng.choice(periods)): rng.choice(RANKS) for _ in range(5)}
    mechanics = drawn.features | mechanics_of(first) | ({"forced ranks"} if forced else set())
    return Scheme(drawn.name, documents, frozenset(mechanics), forced, dict(drawn.dealt))


def shortened(one: Scheme, schemes: Mapping[str, Scheme]) -> Scheme:
    """A scheme without the periods for which another plan that it reads closes none."""
    read = [schemes[other["plan"]] for _, d in one.documents for other in d.get("other_plans", {}).values()]
    return replace(one, documents=one.documents[: min([len(one.documents), *(len(other.documents) for other in read)])])


def _rates(rng: Random, month: str, schemes: list[Scheme]) -> list[Rate]:
    """Rates for every period near those that are closed."""
    pairs = [(s, t) for s in CURRENCIES for t in CURRENCIES if s != t]
    periods = {next_month(month, step) for step in range(-4, 5)}
    for one in schemes:
        if one.documents[0][1]["calendar"] != "month":
            for step in range(-16, 24):
                periods.add(calendar.later(one.documents[0][0], step))
    return [
        Rate(period, source, target, rng.choice(["1", "0.0091", "147.25", "0.305", "3.2445", "0.333333", "2.5"]))
        for period in sorted(periods)
        for source, target in pairs
    ]


__all__ = ["MECHANICS", "TREE", "Batch", "Move", "Scheme", "all_but_one_of_each", "batch", "moving", "network", "networks"]
