"""The way of a source up to the line that it fed, hop by hop, with what happened at each."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphsvc.explain import words
from graphsvc.explain.feed import STATE, Brought, Feed
from graphsvc.month.context import BUCKET
from graphsvc.plan.compiled import CompiledPlan, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

# Of a longer way the first and the last are told.
HOPS_MAX = 200


@dataclass(frozen=True, slots=True)
class Hop:
    """One partner on the way. outcome as in `words.visit`; levels: the steps it was paid for or closed to."""

    partner_id: str
    distance: int
    outcome: str
    levels: list[int]
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class _Step:
    """One arrival on a way up."""

    distance: int
    level: int
    place: int
    move: int


def at_partner(database: Database, run_id: str, bonus: Walk, seq: int, level: int) -> list[Row]:
    """What arrived at one partner: state, move, volume."""
    return database.run("explain.arrivals", run_id=run_id, bonus=bonus.name, level=level, seq=seq)


def ways(database: Database, run_id: str, plan: CompiledPlan, bonus: Walk, fed: Feed) -> list[list[Hop]]:
    """The way of each of the largest sources up to the line."""
    climbs = _climbs(fed, fed.largest)
    places = sorted({(step.place // STATE, step.level) for climb in climbs for step in climb})
    standings = standing_of(database, run_id, plan, bonus.source.tree, places) if places else {}
    return [[_hop(plan, bonus, step, standings[step.place // STATE]) for step in climb] for climb in climbs]


def _climbs(fed: Feed, chosen: Sequence[Brought]) -> list[list[_Step]]:
    """Up from each of these, a level at a time for all of them, so that one level at a time is looked up."""
    at = [(source.level, source.place) for source in chosen]
    climbs: list[list[_Step]] = [[] for _ in chosen]
    distances = [0 for _ in chosen]
    for level in sorted({*fed.layers, fed.level}, reverse=True):
        if all(where[0] != level for where in at):
            continue
        layer = fed.layers.get(level)
        known = {place: index for index, place in enumerate(layer.places)} if layer else {}
        for number, (here, place) in enumerate(at):
            if here != level:
                continue
            while layer is not None and place in known:
                _take(climbs[number], _Step(distances[number], level, place, layer.moves[known[place]]))
                place = layer.onto[known[place]]
                distances[number] += 1
            at[number] = (level - 1, place)
            if place in fed.ends:
                climbs[number].append(_Step(distances[number], fed.level, place, fed.ends[place]))
                at[number] = (-1, place)
    return climbs


def _take(climb: list[_Step], step: _Step) -> None:
    """The first half of what is told stays, of the rest the last half does."""
    climb.append(step)
    if len(climb) >= HOPS_MAX:
        del climb[HOPS_MAX // 2]


def standing_of(database: Database, run_id: str, plan: CompiledPlan, tree: str, places: list[tuple[int, int]]) -> dict[int, Row]:
    """Frozen standings by seq of partners named with their level in a tree."""
    rows = database.run(
        "explain.hops",
        run_id=run_id,
        tree=tree,
        seqs=sorted({seq for seq, _ in places}),
        levels=sorted({level for _, level in places}),
        blocks=sorted({level * words.MILLION + seq // BUCKET for seq, level in places}),
        buckets=sorted({seq // BUCKET for seq, _ in places}),
        numbers=len(plan.metrics),
        rules=len(plan.conditions),
    )
    return {row["seq"]: row for row in rows}


def _hop(plan: CompiledPlan, bonus: Walk, step: _Step, standing: Row) -> Hop:
    outcome, levels, reason = words.visit(plan, bonus, step.place % STATE, step.move, standing)
    did = words.BROUGHT[bonus.source.query]
    if step.distance == 0 and outcome != did:
        reason = f"{did} it; {reason}"
    return Hop(standing["partner_id"], step.distance, outcome, levels, reason)
