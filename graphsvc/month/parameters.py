"""A compiled plan as the parameters of the month's queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphsvc.plan.compiled import CUSTOMER_QV, ORDERS, PAYING_CUSTOMERS, CompiledPlan, Unilevel


def standings(plan: CompiledPlan) -> dict[str, Any]:
    """Parameters of `month.fold_standings`: windows, metrics, conditions, how far below the active are told apart."""
    depths = [m.argument for m in plan.metrics if m.kind == "active_downline"]
    return {
        "windows": len(plan.windows),
        "depth": max([1, *depths]),
        "width": 2 + len(plan.lists),
        "metrics": [{"kind": m.kind, "window": m.window, "column": m.column, "argument": m.argument} for m in plan.metrics],
        "conditions": [[[[t.metric, t.need] for t in clause] for clause in c.clauses] for c in plan.conditions],
    }


def source(bonus: Unilevel) -> dict[str, Any]:
    """Which orders a bonus takes, and which of their numbers."""
    return {
        "base": bonus.base,
        "kinds": list(bonus.kinds),
        "categories": None if bonus.categories is None else list(bonus.categories),
    }


def openings(plan: CompiledPlan, bonus: Unilevel) -> dict[str, Any]:
    """Who is open for which level, and who vanishes."""
    return {
        "bonus": bonus.name,
        "compression": bonus.compression,
        "from_seller": bonus.first_level == "seller",
        "openings": [level.condition for level in bonus.levels],
        "vanish": bonus.vanish,
        "rules": len(plan.conditions),
    }


def chains(bonus: Unilevel) -> dict[str, Any]:
    """How the lists of a chain of payees lie flat behind each other: step j has steps - j entries, with roll_up j + 1."""
    steps = len(bonus.levels)
    lengths = [j + 1 if bonus.compression == "roll_up" else steps - j for j in range(steps)]
    starts = [sum(lengths[:j]) for j in range(steps)]
    return {"spans": [[s, s + n] for s, n in zip(starts, lengths, strict=True)], "flat": sum(lengths)}


def lines(plan: CompiledPlan, bonus: Unilevel) -> dict[str, Any]:
    """How a base becomes money."""
    return {
        "bonus": bonus.name,
        "numerators": list(bonus.numerators),
        "denominators": list(bonus.denominators),
        "rates_ppm": [level.rate_ppm for level in bonus.levels],
        "value_numerator": bonus.value_numerator,
        "value_denominator": bonus.value_denominator,
        "unit_minor": plan.unit_minor,
        "rounding": plan.rounding,
        "currency": plan.currency,
    }


def counting(plan: CompiledPlan) -> dict[str, Any]:
    """How an order counts: which kinds as QV and CV, and what a minor unit is in thousandths."""
    return {
        "counts": {kind: [int(qv), int(cv)] for kind, (qv, cv) in plan.counts.items()},
        "thousandths_per_minor": 10 ** (3 - plan.exponent),
        "currency": plan.currency,
        "rounding": plan.rounding,
        "time_zone": plan.time_zone,
        "counted_by": plan.counted_by,
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
