"""What each partner must have of the bonuses that do not walk a tree, line by line, by other arithmetic than the engine's.

Everything is computed once more in bulk from what the run froze and what the period before it left: who is due what, and what
the bonus leaves for the next period. Amounts are those before limits.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphsvc.explain import awards, binary, shares
from graphsvc.explain.proving import Proving, Stood
from graphsvc.explain.words import first
from graphsvc.money import format_volume, round_ratio
from graphsvc.month.awards import taken
from graphsvc.plan.compiled import Award

Owed = dict[tuple[str, int], int]  # (partner, step) -> minor units
Due = Callable[[Stood], tuple[dict[int, int], dict[str, int]]]  # what is owed by step, what is left for the next period


def _picked(*picks: Sequence[Sequence[int]]) -> list[int]:
    """The conditions that picks look at."""
    return [pick[0] for some in picks for pick in some]


def _each(
    proving: Proving, award: Award, metrics: Sequence[int], conditions: Sequence[int], due: Due, *, own: int | None = None
) -> Owed:
    """What is due to each partner by itself; what the bonus carried must be what it should have left as well."""
    found: Owed = {}
    asked = [*conditions, award.rules["qualified"]]
    for stood in proving.stood(metrics, asked, bonus=award.name, own=own, everybody=award.carries):
        amounts, left = due(stood)
        found.update({(stood.partner_id, step): amount for step, amount in amounts.items() if amount})
        for column in (left.keys() | stood.after.keys()) if award.carries else ():
            want, have = left.get(column, 0), stood.after.get(column, 0)
            if want != have:
                proving.differences.append(f"{stood.partner_id} {award.name}: carries {column} {have}, not {want}")
    return found


def _may(award: Award, stood: Stood) -> bool:
    """Whether a partner is paid by an award at all."""
    asked = award.rules["qualified"]
    return stood.active and (asked < 0 or stood.holds[asked])


def due_steps(award: Award, stood: Stood) -> list[int]:
    """The steps of a milestone that are due to a partner, from 0."""
    how = award.rules
    due = [j for j, step in enumerate(how["steps"]) if stood.metrics[how["metric"]] >= step["from"]] if _may(award, stood) else []
    due = [j for j in due if not how["once"] or not stood.before.get(how["columns"][j], 0)]
    return due if how["every"] else due[-1:]


def _milestones(proving: Proving, award: Award) -> Owed:
    how, metric, steps = award.rules, award.rules["metric"], award.rules["steps"]
    columns: Sequence[str] = how["columns"]

    def due(stood: Stood) -> tuple[dict[int, int], dict[str, int]]:
        marks = {column for column in columns if stood.before.get(column, 0)}
        paid: dict[int, int] = {}
        for j in due_steps(award, stood):
            amount, _ = awards.reached(proving.plan, steps[j], stood.holds, stood.own)
            if amount:
                paid[j + 1] = amount
                marks.update(columns[j : j + 1] if how["every"] else columns[: j + 1])
        return paid, dict.fromkeys(marks, 1)

    own = taken(award) if award.is_rated else None
    return _each(proving, award, [metric], _picked(*(step["picks"] for step in steps)), due, own=own)


def _rank_bonuses(proving: Proving, award: Award) -> Owed:
    how, ranks = award.rules, award.rules["ranks"]
    rows, marks = how["columns"][: len(ranks)], how["columns"][len(ranks) :]

    def due(stood: Stood) -> tuple[dict[int, int], dict[str, int]]:
        rank, left = stood.metrics[how["metric"]], dict(stood.before)
        ripe: list[Mapping[str, Any]] = []
        for one, row, mark in zip(ranks, rows, marks, strict=True):
            left[row] = left.get(row, 0) + 1 if rank >= one["rank"] else 0
            if _may(award, stood) and left[row] >= how["after_periods"] and not left.get(mark, 0):
                left[mark] = 1
                ripe.append(one)
            left[mark] = int(left.get(mark, 0) != 0)
        paid = ripe if how["every"] else ripe[-1:]
        return {one["rank"]: first(one["picks"], stood.holds) for one in paid}, {
            name: left.get(name, 0) for name in how["columns"]
        }

    return _each(proving, award, [how["metric"]], _picked(*(one["picks"] for one in ranks)), due)


def _tenures(proving: Proving, award: Award) -> Owed:
    how, condition = award.rules, award.rules["condition"]
    (column,) = how["columns"]

    def due(stood: Stood) -> tuple[dict[int, int], dict[str, int]]:
        met, before = stood.active if condition < 0 else stood.holds[condition], stood.before.get(column, 0)
        periods = before + 1 if met else 0 if how["in_row"] else before
        paid = [step for step in how["steps"] if met and _may(award, stood) and step["periods"] == periods]
        return {step["periods"]: first(step["picks"], stood.holds) for step in paid}, {column: periods}

    return _each(proving, award, [], [condition, *_picked(*(step["picks"] for step in how["steps"]))], due)


def _contest(proving: Proving, award: Award) -> Owed:
    """The prizes by place; those that are no money must stand beside the lines."""
    prizes, order = award.rules["prizes"], award.rules["order"]
    asked = _picked(*(prize["picks"] for prize in prizes))
    candidates = proving.qualified(award, [metric for metric, _ in order], asked)
    winners = heapq.nsmallest(len(prizes), candidates, key=lambda stood: shares.place_key(order, stood))
    things = {(row["partner_id"], row["place"]) for row in proving.prizes if row["bonus"] == award.name}
    found: Owed = {}
    for place, (stood, prize) in enumerate(zip(winners, prizes, strict=False), 1):
        if prize["award_en"] and (stood.partner_id, place) not in things:
            proving.differences.append(f"{stood.partner_id} {award.name} {place}: the prize of this place is not stored")
        things -= {(stood.partner_id, place)} if prize["award_en"] else set()
        amount = first(prize["picks"], stood.holds)
        if amount:
            found[stood.partner_id, place] = amount
    proving.differences += [f"{who} {award.name} {place}: a prize of another's is stored" for who, place in sorted(things)]
    return found


def _group_goal(proving: Proving, award: Award) -> Owed:
    """The sum to each of those who sold enough together; who they are is found again from the frozen tree."""
    how = award.rules
    if how["leader"]:
        members, sold = proving.below(how["leader"], taken(award))
    else:
        members, sold = None, sum(row["counted_qv"] for row in proving.sold(taken(award)))
    stored = next((row["base"] for row in proving.funds if row["bonus"] == award.name), 0)
    if stored != sold:
        proving.differences.append(
            f"{award.name}: {format_volume(sold)} were sold together, and {format_volume(stored)} are stored"
        )
    if sold < how["goal"]:
        return {}
    paid = proving.qualified(award, [], _picked(how["picks"]))
    inside = (stood for stood in paid if members is None or stood.partner_id in members)
    return {(stood.partner_id, 1): amount for stood in inside if (amount := first(how["picks"], stood.holds))}


def _matched(proving: Proving, award: Award) -> Owed:
    """Its part of a rate of its enroller's lines, as they stood then."""
    found: Owed = {}
    how, plan = award.rules, proving.plan
    params = {"bonus": award.name, "later": awards.cut_later(plan, award.name)}
    params["reads"] = proving.reads(how["of"], how, award.spans)
    for row in proving.database.run("explain.matches", run_id=proving.run_id, **params):
        part = round_ratio(row["base"], how["numerator"], how["denominator"] * row["payees"], plan.rounding)
        if part:
            found[row["partner_id"], 1] = part * plan.unit_minor
    return found


def _paired(proving: Proving, award: Award) -> Owed:
    """Each pairing of a binary bonus, from the legs and their carry."""
    found: Owed = {}
    params = {"earlier": proving.earlier, "bonus": award.name, "tree": award.rules["tree"]}
    qualified = award.rules["qualified"]
    for bucket in proving.buckets:
        at = {"bucket": bucket, "rules": len(proving.plan.conditions)}
        for row in proving.database.run("explain.pairs", run_id=proving.run_id, **params, **at):
            if qualified >= 0 and not row["holds"][qualified]:
                continue
            asked = awards.Asked(proving.database, proving.run_id, proving.month, proving.plan, award, 1, row)
            legs = dict(zip(("own", "left", "right"), row["legs"], strict=True))
            replayed = binary.replay(asked, (legs, dict(zip(row["columns"], row["carried"], strict=True))))
            for step, (amount, _) in replayed.paid.items():
                if amount:
                    found[row["partner_id"], step] = amount
    return found


# What each partner must have, by step; every kind of award stands here.
OWED: dict[str, Callable[[Proving, Award], Owed]] = {
    "milestone": _milestones,
    "rank_bonus": _rank_bonuses,
    "tenure": _tenures,
    "contest": _contest,
    "group_goal": _group_goal,
    "pool": shares.owed,
    "match_down": _matched,
    "binary": _paired,
}
