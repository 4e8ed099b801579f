"""Rank bonus: a sum once for each rank, when it was held for so many periods in a row (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import awarded, sums_of
from graphsvc.plan.compiled import Award
from graphsvc.plan.conditions import Conditions


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """ranks: {rank, amount}, lowest first; carried by rank: periods in a row at or above it, and whether it was paid."""
    sums = sorted((conditions.rank(rank), rank, given) for rank, given in bonus["sums"].items())
    rules = {
        "metric": conditions.held(bonus["as"]),
        "ranks": [
            {"rank": number, "picks": sums_of.sums(given, f"{bonus['name']} {rank}", conditions, frame)}
            for number, rank, given in sums
        ],
        "after_periods": bonus["after_periods"],
        "every": bonus["jump"] == "all",
        "columns": [f"held_{rank}" for _, rank, _ in sums] + [f"paid_{rank}" for _, rank, _ in sums],
    }
    return awarded.award(bonus, conditions, named, "bucket", rules, carries=True)
