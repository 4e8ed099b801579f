"""The way of a sale up to its payee, hop by hop, with what happened at each and why.

The walk reads the frozen sponsors; at each hop the plan's compression says what the partner there did with what arrived:
was paid, was skipped (the level waits for the next), or was not open for it (the level is lost or waits, by compression).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from graphsvc.explain import rules
from graphsvc.plan.compiled import ACTIVE, CompiledPlan, Unilevel
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

HOPS_MAX = 200


@dataclass(frozen=True, slots=True)
class Hop:
    """One partner on the way. outcome: sold, paid, skipped, closed or passed; levels: those it was paid for or closed to."""

    partner_id: str
    distance: int
    outcome: str
    levels: list[int]
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return dataclasses.asdict(self)


def walk(database: Database, run_id: str, plan: CompiledPlan, starts: list[tuple[int, int]], top: int) -> list[list[Row]]:
    """Frozen standings from each (seq, level) up to level `top`, at most `HOPS_MAX` each; one query a hop for all walks."""
    paths: list[list[Row]] = [[] for _ in starts]
    at: list[tuple[int, int] | None] = list(starts)
    for _ in range(HOPS_MAX + 1):
        here = [list(place) for place in dict.fromkeys(at) if place is not None]
        if not here:
            break
        rows = database.run("explain.hops", run_id=run_id, at=here, numbers=len(plan.metrics), rules=len(plan.conditions))
        found = {(row["seq"], row["level"]): row for row in rows}
        for number, place in enumerate(at):
            if place is not None:
                row = found[place]
                paths[number].append(row)
                at[number] = (row["sponsor"], row["level"] - 1) if row["level"] > top else None
    return paths


def outcomes(plan: CompiledPlan, bonus: Unilevel, path: list[Row]) -> list[Hop]:
    """What happened at each hop of a walk, from the seller up."""
    hops: list[Hop] = []
    waiting = list(range(1, len(bonus.levels) + 1))  # levels that nobody was paid for yet
    for distance, standing in enumerate(path):
        position = distance + 1 if bonus.first_level == "seller" else distance
        if position == 0:
            hops.append(Hop(standing["partner_id"], 0, "sold", [], ""))
            continue
        outcome, levels, reason = _visit(plan, bonus, standing, position, waiting)
        if distance == 0:
            reason = f"sold it; {reason}"
        hops.append(Hop(standing["partner_id"], distance, outcome, levels, reason))
    return hops


def _visit(plan: CompiledPlan, bonus: Unilevel, standing: Row, position: int, waiting: list[int]) -> tuple[str, list[int], str]:
    """One hop: takes from `waiting` what is decided here."""
    if bonus.compression == "standard":
        vanished = _vanished(plan, bonus, standing)
        if vanished:
            return "skipped", [], f"{vanished}; levels are counted past it"
    if bonus.compression == "none":
        arrived = [level for level in waiting if level == position]
    elif bonus.compression == "roll_up":
        arrived = [level for level in waiting if level <= position]
    else:
        arrived = waiting[:1]
    if not arrived:
        return "passed", [], "nothing waits for this place"
    failed = {level: rules.closed(plan, bonus.levels[level - 1].condition, standing) for level in arrived}
    taken = [level for level in arrived if not failed[level]]
    if bonus.compression in ("none", "standard"):
        waiting[:] = [level for level in waiting if level not in arrived]
    else:
        waiting[:] = [level for level in waiting if level not in taken]
    if taken:
        return "paid", taken, "level " + ", ".join(map(str, taken))
    why = "; ".join(failure.text for failure in failed[arrived[0]])
    lost = "nobody gets it" if bonus.compression in ("none", "standard") else "it waits for the next"
    what = "level " + ", ".join(map(str, arrived))
    return ("skipped" if bonus.compression in ("dynamic", "roll_up") else "closed"), arrived, f"{what} not open: {why}; {lost}"


def _vanished(plan: CompiledPlan, bonus: Unilevel, standing: Row) -> str:
    if bonus.vanish == ACTIVE:
        return "" if standing["active"] else "inactive: " + "; ".join(f.text for f in rules.inactive(plan, standing))
    if standing["holds"][bonus.vanish]:
        return ""
    return f"fails {plan.conditions[bonus.vanish].name}"
