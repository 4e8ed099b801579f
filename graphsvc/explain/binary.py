"""A binary line once more: both legs with what they carried, the pairings in their order, and the cap (mechanics section 6).

The pairings are computed by exact fractions, other arithmetic than the engine's; what a leg had is read from the run's blocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from graphsvc.explain.awards import Asked, Told
from graphsvc.money import format_volume, round_ratio
from graphsvc.month import carried
from graphsvc.query.values import Row

SIDES = ("left", "right")

Rules = dict[str, Any]
Read = tuple[Row, dict[str, int]]


@dataclass(slots=True)
class Replay:
    """What happened to the legs of one partner: what each had, what each pairing paid (by step, with its rate), and the facts."""

    totals: tuple[int, int]
    paid: dict[int, tuple[int, int | None]] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)


def told(asked: Asked) -> Told:
    """What stands behind the line of one pairing."""
    how, found = asked.award.rules, replay(asked)
    paid_minor, rate_ppm = found.paid.get(asked.level, (0, None))
    taken = {
        "in_turn": "pairings in turn",
        "first_whole": "the first pairing that uses all whole units",
        "steps": "the highest step",
    }
    return Told(
        f"binary on the tree {how['tree']}: {taken[how['taken']]}; the rest is carried", paid_minor, found.facts, rate_ppm
    )


def replay(asked: Asked, read: Read | None = None) -> Replay:
    """The pairings once more, from what the run froze and the period before carried."""
    how = asked.award.rules
    legs, found = _legs(asked, *(read or _read(asked)))
    pick = _pick(how["caps"], asked)
    room = None if pick is None or pick[1] < 0 else int(pick[1])
    if room is not None:
        much = f"{room} units" if how["cap_units"] else asked.money(room)
        lost = "volume is paired and lost" if how["cap_lost"] else "nothing is paired"
        found.facts.append(f"cap {much}, above it {lost}")
    for step in _choices(how, min(legs), max(legs)):
        pairing, low = how["pairings"][step], 1 if legs[1] < legs[0] else 0
        if legs[low] <= 0:
            break
        pays = _pick(pairing["picks"], asked) or [-1, -1, 0, 1]
        each = Fraction(pays[2], pays[3])
        units = min(legs[low] // pairing["lesser"], legs[1 - low] // pairing["greater"])
        units = min(units, pairing["most"] or units)
        if room is not None and not how["cap_lost"]:
            fits = room if how["cap_units"] else room // (each * asked.plan.unit_minor) if each else units
            units = min(units, fits)
        whole = paid = _amount(asked, units * each)
        if room is not None:
            paid = _amount(asked, min(units, room) * each) if how["cap_units"] else min(whole, room)
            room -= min(units, room) if how["cap_units"] else paid
        lesser, greater = units * pairing["lesser"], units * pairing["greater"]
        legs[low] -= lesser
        legs[1 - low] -= greater
        found.paid[step + 1] = (paid, pays[1] if pays[1] >= 0 and paid == whole else None)
        sides = f"{format_volume(lesser)} : {format_volume(greater)} of the lesser and the greater leg"
        found.facts.append(f"pairing {step + 1}: {sides} pay {asked.money(paid)}")
    found.facts.append(f"left over: left {format_volume(legs[0])}, right {format_volume(legs[1])}")
    return found


def _read(asked: Asked) -> Read:
    """What the legs of one partner sold in the period, and what it carried into it, by column."""
    bonus, seq = asked.award.name, asked.standing["seq"]
    row = asked.database.one("explain.legs", run_id=asked.run_id, bonus=bonus, seq=seq) or {"own": 0, "left": 0, "right": 0}
    earlier = carried.before(asked.database, asked.plan.name, asked.month)
    stored = asked.database.one("explain.carried", run_id=earlier["run_id"], part=bonus, seq=seq) if earlier else None
    return row, dict(zip(stored["columns"], stored["values"], strict=True)) if stored else {}


def _legs(asked: Asked, row: Row, held: dict[str, int]) -> tuple[list[int], Replay]:
    """What the legs had before anything was paired: sold in the period, carried into it, and own volume where it joins."""
    how = asked.award.rules
    legs, facts = [0, 0], []
    for place, side in enumerate(SIDES):
        names = [n for n in held if n.startswith(f"{side}_") and (how["merged"] or n in how["columns"])]
        kept = sum(held[n] for n in names)
        legs[place] = row[side] + kept
        facts.append(f"{side} leg: {format_volume(row[side])} in the period, {format_volume(kept)} carried")
    joins = {"left": 0, "right": 1, "lesser": 1 if legs[1] < legs[0] else 0}.get(how["own_pv"])
    if joins is not None:
        legs[joins] += row["own"]
        facts.append(f"own volume {format_volume(row['own'])} joins the {SIDES[joins]} leg")
    return legs, Replay((legs[0], legs[1]), facts=facts)


def _choices(how: Rules, low: int, high: int) -> list[int]:
    """Which pairings are tried, in order."""
    every = range(len(how["pairings"]))
    if how["taken"] == "in_turn":
        return list(every)
    if how["taken"] == "steps":
        reached = [j for j in every if how["pairings"][j]["lesser"] <= low]
        return [max(reached, key=lambda j: (how["pairings"][j]["lesser"], j))] if reached else []
    whole = [j for j in every if low // how["pairings"][j]["lesser"] <= high // how["pairings"][j]["greater"]]
    return [whole[0] if whole else every[-1]]


def _pick(picks: list[list[int]], asked: Asked) -> list[int] | None:
    return next((p for p in picks if p[0] < 0 or asked.standing["holds"][p[0]]), None)


def _amount(asked: Asked, exact: Fraction) -> int:
    """Units of what lines are rounded to, as minor units."""
    return round_ratio(exact.numerator, 1, exact.denominator, asked.plan.rounding) * asked.plan.unit_minor
