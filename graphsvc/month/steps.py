"""The steps of a run, in order; the arithmetic of every step is a query."""

from __future__ import annotations

from graphsvc.month import awards, freezing, limits, reversing, spanning, walks
from graphsvc.month.context import CLEAR_LINES_LIMIT, Context, Step
from graphsvc.periods import Period
from graphsvc.plan.compiled import Award, CompiledPlan


def of_plan(plan: CompiledPlan, period: Period) -> list[Step]:
    """All steps of a run of this plan, in order. Of a bonus that is not due in the period there are only those that look after
    lines of earlier ones."""
    found = freezing.of_plan(plan)
    for bonus in plan.bonuses:
        if spanning.due(bonus, period):
            found += awards.of_bonus(bonus) if isinstance(bonus, Award) else walks.of_bonus(plan, bonus)
        found += limits.of_bonus(plan, bonus)
    return [*found, *limits.deducting(plan), *reversing.of_plan(plan), *limits.splitting(plan)]


def discard(context: Context) -> None:
    """Throw away everything a run computed; back to the first step first, so that a run half thrown away can still go on."""
    label = "Throw the run away"
    context.write("month.restart", label)
    context.clear("ledger.clear_staged", label)
    for query in ("tree", "volumes", "counts", "standings", "late"):
        context.clear(f"month.clear_{query}", label)
    context.write("month.clear_strata", label)
    context.clear("month.clear_hosts", label)
    context.clear("month.clear_recruits", label)
    context.clear("month.clear_carried", label, part=None)
    context.clear("sources.clear", label, source=None)
    context.clear("placement.clear_legs", label, bonus=None)
    for query in ("clear_moves", "clear", "clear_chains"):
        context.clear(f"folds.{query}", label, bonus=None)
    limits.discard(context, label)
    reversing.discard(context, label)
    context.clear("earnings.clear", label, CLEAR_LINES_LIMIT, bonus=None)
