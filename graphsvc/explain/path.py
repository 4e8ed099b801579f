"""Where a line comes from: down through the arrivals that fed it, and back up, hop by hop, with what happened at each.

An arrival is a partner and the state in which volume came to it. Moves say to which arrivals each was handed, so what fed a line
is found by going down from it; the way of one source is the way back.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from graphsvc.explain import words
from graphsvc.month import parameters
from graphsvc.plan.compiled import CompiledPlan, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

HOPS_MAX = 200
STATE = 1_000

Place = tuple[int, int]  # level, seq * STATE + state


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
class Brought:
    """What one partner brought to a line: seq, order where orders are kept apart, base, and where it entered."""

    seq: int
    source_id: str
    base: int
    entered: Place


@dataclass(frozen=True, slots=True)
class Feed:
    """Everything that fed a line, largest first, with the moves and the way up of every arrival that was passed."""

    brought: list[Brought]
    moves: dict[Place, int]
    onto: dict[Place, Place]


def at_partner(database: Database, run_id: str, bonus: Walk, seq: int, level: int) -> list[Row]:
    """What arrived at one partner: state, move, volume."""
    return database.run("explain.arrivals", run_id=run_id, bonus=bonus.name, level=level, seq=seq)


def feed(database: Database, run_id: str, bonus: Walk, level: int, places: dict[int, int]) -> Feed:
    """What came to these arrivals of one level: places are {seq * STATE + state: move}."""
    walked = parameters.walk(bonus)
    moves: dict[Place, int] = {(level, place): move for place, move in places.items()}
    onto: dict[Place, Place] = {}
    brought: dict[tuple[int, str], Brought] = {}
    at, name = sorted(places), walked.pop("bonus")
    while at:
        for row in database.run("explain.brought", run_id=run_id, level=level, at=at, **walked):
            key, entered = (row["seq"], row["source_id"]), (level, row["seq"] * STATE + row["state"])
            known = brought.get(key)
            base = row["amount"] + (known.base if known else 0)
            brought[key] = Brought(row["seq"], row["source_id"], base, known.entered if known else entered)
        below: set[int] = set()
        for row in database.run("explain.handed", run_id=run_id, bonus=name, level=level + 1, at=at):
            place = row["seq"] * STATE + row["state"]
            moves[level + 1, place], onto[level + 1, place] = row["move"], (level, row["onto"])
            below.add(place)
        at, level = sorted(below), level + 1
    found = sorted((b for b in brought.values() if b.base), key=lambda b: (-abs(b.base), b.seq, b.source_id))
    return Feed(found, moves, onto)


def ways(database: Database, run_id: str, plan: CompiledPlan, bonus: Walk, fed: Feed, chosen: list[Brought]) -> list[list[Hop]]:
    """The way of each of these up to the line, at most `HOPS_MAX` hops each."""
    climbs: list[list[Place]] = []
    for source in chosen:
        climb = [source.entered]
        while climb[-1] in fed.onto and len(climb) <= HOPS_MAX:
            climb.append(fed.onto[climb[-1]])
        climbs.append(climb)
    places = sorted({(place // STATE, level) for climb in climbs for level, place in climb})
    standings = standing_of(database, run_id, plan, bonus.source.tree, places)
    return [[_hop(plan, bonus, fed, distance, at, standings) for distance, at in enumerate(climb)] for climb in climbs]


def standing_of(database: Database, run_id: str, plan: CompiledPlan, tree: str, places: list[tuple[int, int]]) -> dict[int, Row]:
    """Frozen standings by seq of partners named with their level in a tree."""
    rows = database.run(
        "explain.hops",
        run_id=run_id,
        tree=tree,
        at=[list(place) for place in places],
        numbers=len(plan.metrics),
        rules=len(plan.conditions),
    )
    return {row["seq"]: row for row in rows}


def _hop(plan: CompiledPlan, bonus: Walk, fed: Feed, distance: int, at: Place, standings: dict[int, Row]) -> Hop:
    seq, state = divmod(at[1], STATE)
    outcome, levels, reason = words.visit(plan, bonus, state, fed.moves[at], standings[seq])
    did = words.BROUGHT[bonus.source.query]
    if distance == 0 and outcome != did:
        reason = f"{did} it; {reason}"
    return Hop(standings[seq]["partner_id"], distance, outcome, levels, reason)
