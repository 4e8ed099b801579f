"""The steps of a run, in order; the arithmetic of every step is a query."""

from __future__ import annotations

from graphsvc.month import freezing, walks
from graphsvc.month.context import CLEAR_LINES_LIMIT, Context, Step
from graphsvc.plan.compiled import CompiledPlan


def of_plan(plan: CompiledPlan) -> list[Step]:
    """All steps of a run of this plan, in order."""
    return [*freezing.of_plan(plan), *(step for bonus in plan.bonuses for step in walks.of_bonus(plan, bonus))]


def discard(context: Context) -> None:
    """Throw away everything a run computed; back to the first step first, so that a run half thrown away can still go on."""
    label = "Throw the run away"
    context.write("month.restart", label)
    for query in ("tree", "volumes", "counts", "standings"):
        context.clear(f"month.clear_{query}", label)
    context.clear("month.clear_carried", label, part=None)
    context.clear("sources.clear", label, source=None)
    for query in ("clear_moves", "clear", "clear_chains"):
        context.clear(f"folds.{query}", label, bonus=None)
    context.clear("earnings.clear", label, CLEAR_LINES_LIMIT, bonus=None)
