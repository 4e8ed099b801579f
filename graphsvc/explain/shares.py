"""Every share of a pool once more: the fund of what was sold, who shares it and how much each share weighs (mechanics section
7)."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from graphsvc.explain import awards
from graphsvc.explain.proving import Proving, Stood
from graphsvc.money import round_ratio
from graphsvc.month.awards import taken
from graphsvc.plan.compiled import Award

PLACES_WHOLE = 1_000_000


def place_key(order: Sequence[Sequence[int]], stood: Stood) -> tuple[list[int], str]:
    """What puts partners in the order of a plan: [metric, sign], the smallest first, and at last the id."""
    return [sign * stood.metrics[metric] for metric, sign in order], stood.partner_id


def fund(proving: Proving, award: Award) -> int:
    """The fund of a pool: its rate of what was sold, rounded first, and what other pools left for it, which is never a debt."""
    how, plan = award.rules, proving.plan
    base = 0
    for row in proving.sold(taken(award)):
        marked = dict(enumerate(row["marks"]))
        if row["kind"] in how["kinds"] and (how["categories"] is None or row["category"] in how["categories"]):
            base += row[how["base"]] if all(marked.get(number, False) == asked for number, asked in how["marks"]) else 0
    left: int = sum(max(0, row["rest_minor"]) for row in proving.funds if row["next_fund"] == award.name)
    return round_ratio(base, how["numerator"], how["denominator"], plan.rounding) * plan.unit_minor + left


def owed(proving: Proving, award: Award) -> dict[tuple[str, int], int]:
    """What each partner must have of a pool, by step: the place where shares go by place, else 1."""
    how, plan, whole = award.rules, proving.plan, fund(proving, award)
    metrics = [metric for metric, _ in how["order"]] + ([how["metric"]] if how["metric"] >= 0 else [])
    weights: dict[str, int] = {}
    firsts: list[tuple[tuple[list[int], str], str]] = []
    some = how["first"] or (1 if how["rest"] == "first" else 0)
    for stood in proving.qualified(award, metrics, [pick[0] for pick in how["picks"]]):
        weight = awards.weighs(how, stood.metrics, stood.holds)
        if weight > 0:
            weights[stood.partner_id] = weight
            firsts.append((place_key(how["order"], stood), stood.partner_id))
            if len(firsts) > 2 * some + 1000:
                firsts = heapq.nsmallest(some, firsts)
    places = [partner for _, partner in heapq.nsmallest(some, firsts)]
    if how["first"]:
        weights = {partner: weights[partner] for partner in places}
    if how["places"]:
        weights = dict(zip(places, how["places"], strict=False))
    total = PLACES_WHOLE if how["places"] else sum(weights.values())
    found: dict[tuple[str, int], int] = {}
    for partner, weight in weights.items():
        share = awards.part(how, plan.unit_minor, whole, weight, total)
        if share:
            found[partner, places.index(partner) + 1 if how["places"] else 1] = share
    rest = whole - sum(found.values())
    if how["rest"] == "first" and places and whole > 0 and rest > 0:
        found[places[0], 1] = found.get((places[0], 1), 0) + rest
    return found
