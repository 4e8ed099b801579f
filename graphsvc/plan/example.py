"""One order walked up a short line of uplines, so that a plan's page can show what its compression does.

This is an illustration for people; months are computed by the queries. Both are held against the same table in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upline:
    """One partner of the example: up to which level open, and whether standard compression leaves this one out."""

    name: str
    open_to: int
    vanishes: bool = False


def line(levels: int, first_level: str) -> list[Upline]:
    """The example's partners: one fully open, one inactive, one open for level 1 only, then enough that are fully open."""
    seller = [Upline("S", levels)] if first_level == "seller" else []
    above = [Upline("U1", levels), Upline("U2", 0, vanishes=True), Upline("U3", 1)]
    return [*seller, *above, *(Upline(f"U{n}", levels) for n in range(4, 4 + levels))]


def payees(uplines: Sequence[Upline], levels: int, compression: str) -> list[Upline | None]:
    """Who gets each level of one order, None for nobody (mechanics of the four compressions)."""
    if compression == "standard":
        uplines = [upline for upline in uplines if not upline.vanishes]
    found: list[Upline | None] = []
    start = 0
    for level in range(1, levels + 1):
        if compression in ("none", "standard"):
            at = level - 1 if level <= len(uplines) and uplines[level - 1].open_to >= level else None
        else:
            start = max(start, level - 1) if compression == "roll_up" else start
            at = next((n for n in range(start, len(uplines)) if uplines[n].open_to >= level), None)
        if at is not None and compression == "dynamic":
            start = at + 1
        found.append(None if at is None else uplines[at])
    return found
