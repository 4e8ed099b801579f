"""A compiled plan as the parameters of the month's queries."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from graphsvc.plan.compiled import CUSTOMER_QV, ORDERS, PAYING_CUSTOMERS, CompiledPlan, Pay, SourceSet, Walk

# What of the rules of `sources.lines` names bonuses; which run paid each is known to `elsewhere`.
LINES = ("bonuses", "elsewhere", "cascades")


def standings(plan: CompiledPlan) -> dict[str, Any]:
    """Parameters of `month.fold_standings`: windows, metrics, conditions, how far below the active are told apart, and what of
    ranks, titles, GV and conditions a partner hands up."""
    depths = [m.argument for m in plan.metrics if m.kind == "active_downline"]
    kinds = {m.kind for m in plan.metrics}
    groups = sorted({m.window for m in plan.metrics if m.kind == "gv"})
    lifted = plan.ranks or plan.breakaway is not None or plan.frontline
    lifts = len(groups) + 3 + len(plan.frontline) if lifted else 0
    return {
        "tree": plan.standings_tree,
        "windows": len(plan.windows),
        "depth": max([1, *depths]),
        "metrics": [
            {
                "kind": m.kind,
                "window": m.window,
                "column": groups.index(m.window)
                if m.kind == "gv"
                else len(titled(plan)) + m.column
                if m.kind == "running"
                else m.column,
                "argument": m.argument,
            }
            if m.kind != "told"
            # what closed periods told stands behind the lists, and is read as these are
            else {"kind": "listed", "window": 0, "column": 0, "argument": len(plan.lists) + m.argument}
            for m in plan.metrics
        ],
        "conditions": [[[[t.metric, t.need] for t in clause] for clause in c.clauses] for c in plan.conditions],
        "quotients": not kinds.isdisjoint(("average", "share", "running", "counted_capped", "counted_share")),
        "reads_active": "active" in kinds,
        "reads_rank": not kinds.isdisjoint(("rank", "title")),
        "ranks": [rank.condition for rank in plan.ranks],
        "from_title": int(plan.titles.rule == "window"),
        "looks_back": 0 if not plan.ranks else plan.titles.periods if plan.titles.rule == "window" else 1,
        "breakaway": -1 if plan.breakaway is None else plan.breakaway,
        "groups": groups,
        "frontline": list(plan.frontline),
        "lifts": lifts,
        **state(plan),
    }


def titled(plan: CompiledPlan) -> tuple[str, ...]:
    """The carried columns that belong to the title."""
    return plan.titles.carried if plan.ranks else ()


def state(plan: CompiledPlan) -> dict[str, int]:
    """Where a partner's own numbers hold what was carried and the rank set by hand, and how many numbers there are."""
    start = 2 + len(plan.lists) + len(plan.readings)
    forced = start + len(plan.carried)
    return {"start": start, "forced": forced, "width": forced + (1 if plan.ranks else 0)}


def carrying(plan: CompiledPlan) -> dict[str, Any]:
    """Parameters of `month.carry_standings`: what the title's rule looks back at, and which metrics are running totals."""
    running = {m.column: index for index, m in enumerate(plan.metrics) if m.kind == "running"}
    return {
        "tree": plan.standings_tree,
        "columns": list(plan.carried),
        "title_rule": plan.titles.rule if plan.ranks else "",
        "title_periods": plan.titles.periods,
        "running": [running[column] for column in range(len(plan.running))],
        "numbers": len(plan.metrics),
        "start": state(plan)["start"],
        "width": state(plan)["width"],
    }


def gathering(plan: CompiledPlan, source: SourceSet) -> dict[str, Any]:
    """Parameters of the query that gathers a source set."""
    rules = {name: value for name, value in source.rules.items() if source.query != "sources.lines" or name not in LINES}
    params = {"source": source.key, "tree": source.tree, **rules}
    if source.query in ("sources.orders", "sources.recruits", "sources.lines"):
        params["conditions"] = len(plan.conditions)
    if source.query == "sources.orders":
        params["per_order"] = source.per_order
        as_sold = plan.standings_tree == "transferred" and source.tree != "transferred"
        params["window"] = -1 - source.window if as_sold else source.window
    return params


def moves(plan: CompiledPlan, bonus: Walk) -> dict[str, Any]:
    """Parameters of the query that says what each partner does with what arrives."""
    return {"bonus": bonus.name, "tree": bonus.source.tree, "conditions": len(plan.conditions), **bonus.rules}


def walk(bonus: Walk) -> dict[str, Any]:
    """What a fold and its balance need: where sources enter, and how states are numbered by class."""
    return {"bonus": bonus.name, "source": bonus.source.key, "starts": list(bonus.starts), "states": bonus.states}


def lines(plan: CompiledPlan, bonus: Walk) -> dict[str, Any]:
    """How what was paid for becomes money."""
    return {
        "bonus": bonus.name,
        "states": bonus.states,
        "classes": list(bonus.source.classes),
        "pays": [{"level": pay.level, "rate_ppm": pay.rate_ppm, **cuts(pay)} for pay in bonus.pays],
        "value_numerator": bonus.value[0],
        "value_denominator": bonus.value[1],
        "unit_minor": plan.unit_minor,
        "rounding": plan.rounding,
        "currency": plan.currency,
    }


def cuts(pay: Pay) -> dict[str, Any]:
    """A pay code as slices [from, to, numerator] over one denominator; the one slice of a plain rate has no bounds."""
    if not pay.slices:
        return {"slices": [[None, None, pay.numerator]], "denominator": pay.denominator}
    denominator = math.lcm(*(below for _, _, below in pay.slices))
    ends = [bound for bound, _, _ in pay.slices[1:]] + [None]
    slices = [
        [bound, end, numerator * (denominator // below)] for (bound, numerator, below), end in zip(pay.slices, ends, strict=True)
    ]
    return {"slices": slices, "denominator": denominator}


def marks(plan: CompiledPlan) -> list[dict[str, Any]]:
    """What the plan's bonuses ask of an order beside kind and category."""
    return [dataclasses.asdict(mark) for mark in plan.marks]


def counting(plan: CompiledPlan) -> dict[str, Any]:
    """How an order counts: which kinds as QV and CV, and what a minor unit is in thousandths."""
    return {
        "counts": {kind: [int(qv), int(cv)] for kind, (qv, cv) in plan.counts.items()},
        "thousandths_per_minor": 10 ** (3 - plan.exponent),
        "currency": plan.currency,
        "rounding": plan.rounding,
        "time_zone": plan.time_zone,
        "counted_by": plan.counted_by,
        "calendar": plan.calendar.kind,
        "anchor": plan.calendar.anchor,
    }


@dataclass(frozen=True, slots=True)
class Needs:
    """What a plan's metrics make the freeze look at besides volumes."""

    customers: bool
    months: bool
    customer_volume: bool
    counted_windows: frozenset[int]


def needs(plan: CompiledPlan) -> Needs:
    """Leave out of the freeze what no metric of the plan reads."""

    def counted(kind: str, column: int) -> bool:
        return kind == "average" or (kind == "sum" and column in (ORDERS, PAYING_CUSTOMERS))

    return Needs(
        customers=any(m.kind == "customers" for m in plan.metrics),
        months=any(m.kind == "months" for m in plan.metrics),
        customer_volume=any(m.kind == "share" or (m.kind == "sum" and m.column == CUSTOMER_QV) for m in plan.metrics),
        counted_windows=frozenset(m.window for m in plan.metrics if counted(m.kind, m.column)),
    )
