"""The steps of a bonus that one query pays from standings, totals or lines, without walking up a tree (mechanics section 7).

An award runs by bucket of partners or once. What it has to know of the whole company first (a fund and who shares it, what a
team sold) stands in queries of its own, run before; all of them take the parameters that their headers name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from graphsvc.month import carried, walks
from graphsvc.month.context import CLEAR_LINES_LIMIT, Context, Step, spread
from graphsvc.month.parameters import cuts
from graphsvc.plan.compiled import Award, CompiledPlan
from graphsvc.query import catalog
from graphsvc.query.values import Row

# Powers of 100, the highest first: a factor enters a product two digits at a time.
DIGITS = [100**n for n in range(8, -1, -1)]

Spans = list[tuple[int, int, int]]


def taken(award: Award) -> int:
    """The window of volumes that an award takes: the period's, or that of its span; a goal has one of its own."""
    return int(award.rules.get("summed", 0 if award.spans is None else award.spans.window))


def parameters(plan: CompiledPlan, award: Award, earlier: str | None) -> dict[str, Any]:
    """All that the queries of an award may ask for, but for whose lines it reads."""
    common = {
        "bonus": award.name,
        "earlier": earlier or "",
        "numbers": len(plan.metrics),
        "conditions": len(plan.conditions),
        "windows": len(plan.windows),
        "window": plan.as_sold(taken(award)),
        "own_window": taken(award),
        "tree": plan.standings_tree,
        "rounding": plan.rounding,
        "unit_minor": plan.unit_minor,
        "currency": plan.currency,
        "digits": DIGITS,
    }
    rules = award.rules
    if award.kind == "milestone":
        coded = [[{"rate_ppm": pay.rate_ppm, **cuts(pay)} for pay in step["pays"]] for step in rules["steps"]]
        rules = rules | {"steps": [step | {"pays": pays} for step, pays in zip(rules["steps"], coded, strict=True)]}
    return common | rules


def asked(query: str, params: dict[str, Any]) -> dict[str, Any]:
    """Those of the parameters that a query names."""
    names = {field.name for field in catalog.get(query).header.params}
    return {name: value for name, value in params.items() if name in names}


def once(context: Context, label: str, query: str, params: dict[str, Any]) -> Row:
    """One query for the whole company."""
    return context.write(query, label, **asked(query, params))


def by_bucket(context: Context, label: str, query: str, params: dict[str, Any], spans: Iterable[tuple[int, int, int]]) -> None:
    """One query for each bucket of partners."""
    for bucket, _ in spread(context, label, spans):
        context.write(query, label, bucket=bucket, **asked(query, params))


def _pool(context: Context, label: str, params: dict[str, Any], spans: Spans) -> None:
    once(context, label, "awards.pool_fund", params)
    once(context, label, "awards.pool_weights", params)
    by_bucket(context, label, "awards.pool", params, spans)
    once(context, label, "awards.pool_rest", params)


def _group_goal(context: Context, label: str, params: dict[str, Any], spans: Spans) -> None:
    begun = once(context, label, "awards.goal", params)
    if begun["level"] >= 0 and begun["reached"] >= params["goal"]:
        for last, first, _ in reversed(context.spans(params["tree"])):
            if last >= begun["level"]:
                below = {"level_from": max(first, begun["level"]), "level_to": last}
                once(context, label, "awards.team", params | below)
    by_bucket(context, label, "awards.group_goal", params, spans)


def _match_down(context: Context, label: str, params: dict[str, Any], spans: Spans) -> None:
    by_bucket(context, label, "awards.frontline", params, spans)
    by_bucket(context, label, "awards.match_down", params, spans)


def _binary(context: Context, label: str, params: dict[str, Any], spans: Spans) -> None:
    context.tidy("placement.clear_legs", label, bonus=params["bonus"])
    context.clear("sources.clear", label, source=params["gathered"].key)  # another bonus may have gathered the same
    walks.gather(params["gathered"])(context, label)
    for first, last, _ in context.spans(params["tree"]):
        once(context, label, "placement.legs", params | {"level_from": first, "level_to": last})
    by_bucket(context, label, "awards.binary", params, spans)


PREPARED: dict[str, Callable[[Context, str, dict[str, Any], Spans], None]] = {
    "pool": _pool,
    "group_goal": _group_goal,
    "match_down": _match_down,
    "binary": _binary,
}


def pay(award: Award) -> Callable[[Context, str], None]:
    """The lines of one award, once what it left before is thrown away."""

    def run(context: Context, label: str) -> None:
        context.tidy("earnings.clear", label, CLEAR_LINES_LIMIT, bonus=award.name)
        for query in ("clear", "clear_blocks"):
            context.tidy(f"awards.{query}", label, bonus=award.name)
        context.tidy("month.clear_carried", label, part=award.name)
        earlier = carried.previous(context) if award.carries else None
        params, spans = parameters(context.plan, award, earlier), context.buckets()
        if "of" in award.rules:
            params["reads"] = walks.read_lines(context, award.rules["of"], award.rules, award.spans)
        if award.kind in PREPARED:
            PREPARED[award.kind](context, label, params, spans)
        elif award.by == "bucket":
            by_bucket(context, label, award.query, params, spans)
        else:
            with context.progress.step(label):
                once(context, label, award.query, params)

    return run


def of_bonus(award: Award) -> list[Step]:
    """The steps of one award, in order."""
    return [Step(f"Bonus {award.name}", pay(award))]
