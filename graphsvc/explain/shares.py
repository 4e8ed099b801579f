"""Every share of a pool once more: the fund of what was sold, who shares it and how much each share weighs (mechanics section
7)."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from graphsvc.explain import awards
from graphsvc.explain.proving import Proving, Stood
from graphsvc.money import round_ratio
from graphsvc.month.awards import taken
from graphsvc.plan.compiled import Award, CompiledPlan
from graphsvc.query.values import Row

PLACES_WHOLE = 1_000_000


def place_key(order: Sequence[Sequence[int]], stood: Stood) -> tuple[list[int], str]:
    """What puts partners in the order of a plan: [metric, sign], the smallest first, and at last the id."""
    return [sign * stood.metrics[metric] for metric, sign in order], stood.partner_id


def fund(proving: Proving, award: Award) -> int:
    """The fund of a pool: its rate of what was sold, rounded first, and what other pools left for it, which is never a debt."""
    plan = proving.plan
    base = sum(taken_of(award, row) for row in proving.sold(taken(award)))
    left: int = sum(max(0, row["rest_minor"]) for row in proving.funds if row["next_fund"] == award.name)
    return own_minor(award, plan, base) + left


def own_minor(award: Award, plan: CompiledPlan, base: int) -> int:
    """What a pool makes of what was sold, rounded."""
    how = award.rules
    return round_ratio(base, how["numerator"], how["denominator"], plan.rounding) * plan.unit_minor


def taken_of(award: Award, row: Row) -> int:
    """What a pool takes of orders of one kind, category and marks."""
    how, marked = award.rules, dict(enumerate(row["marks"]))
    if row["kind"] not in how["kinds"] or (how["categories"] is not None and row["category"] not in how["categories"]):
        return 0
    return int(row[how["base"]]) if all(marked.get(number, False) == asked for number, asked in how["marks"]) else 0


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who shares a pool: by partner the weight of the share (by place, a part of the whole), and those who stand first."""

    award: Award
    unit_minor: int
    weights: dict[str, int]
    places: list[str]

    def of(self, whole: int) -> dict[tuple[str, int], int]:
        """What each has of a whole fund, by step: the place where shares go by place, else 1."""
        how = self.award.rules
        total = PLACES_WHOLE if how["places"] else sum(self.weights.values())
        found: dict[tuple[str, int], int] = {}
        for partner, weight in self.weights.items():
            share = awards.part(how, self.unit_minor, whole, weight, total)
            if share:
                found[partner, self.places.index(partner) + 1 if how["places"] else 1] = share
        rest = whole - sum(found.values())
        if how["rest"] == "first" and self.places and whole > 0 and rest > 0:
            found[self.places[0], 1] = found.get((self.places[0], 1), 0) + rest
        return found


def sharing(proving: Proving, award: Award) -> Sharing:
    """Who shares a pool of a run."""
    how = award.rules
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
    return Sharing(award, proving.plan.unit_minor, weights, places)


def owed(proving: Proving, award: Award) -> dict[tuple[str, int], int]:
    """What each partner must have of a pool, by step."""
    return sharing(proving, award).of(fund(proving, award))
