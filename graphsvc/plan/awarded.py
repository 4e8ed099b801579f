"""What the kinds of bonuses that do not walk a tree have in common: who is paid, and in which order people stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphsvc.plan import checks, quantities, spanning
from graphsvc.plan.compiled import EVERY_ACTIVE, Award, Hold
from graphsvc.plan.conditions import Conditions


def award(
    bonus: Mapping[str, Any],
    conditions: Conditions,
    named: Mapping[str, int],
    by: str,
    rules: dict[str, Any],
    *,
    reads: Sequence[str] = (),
    carries: bool = False,
) -> Award:
    """The bonus with who is qualified for it. Where its lines wait (`hold`), they are made as if everybody active were."""
    qualified = conditions.who(f"{bonus['name']} qualified", bonus["qualified"], named)
    unqualified = bonus.get("unqualified", "forfeit")
    hold = None if unqualified == "forfeit" or qualified == EVERY_ACTIVE else Hold(qualified, int(unqualified["hold"]))
    kind = bonus["kind"]
    return Award(
        name=bonus["name"],
        kind=kind,
        query=f"awards.{kind}",
        rules={"qualified": EVERY_ACTIVE if hold else qualified} | rules,
        by=by,
        reads=tuple(reads),
        carries=carries,
        hold=hold,
        spans=spanning.of(bonus),
    )


def order(items: Sequence[Any], conditions: Conditions) -> list[list[int]]:
    """[metric, sign] in the order in which they tell people apart: the sign makes the first the smallest; last is partner_id."""
    return [[conditions.metric(item), -1 if item["direction"] == "highest" else 1] for item in items if isinstance(item, Mapping)]


def company_base(source: Mapping[str, Any]) -> dict[str, Any]:
    """Which orders of the company a fund or a limit is taken of, and which of their numbers."""
    sources = source["sources"]
    return {
        "base": source["base"],
        "kinds": list(checks.KINDS) if sources["kinds"] == "all" else list(sources["kinds"]),
        "categories": None if sources["categories"] == "all" else list(sources["categories"]),
    }


def share(base: str, frame: Mapping[str, Any], rate_ppm: int) -> tuple[int, int]:
    """What one unit of a base pays at a rate, in units of what lines are rounded to, as a reduced fraction."""
    return quantities.share(base, frame["volume_value"], frame["exponent"], rate_ppm, frame["unit_minor"])
