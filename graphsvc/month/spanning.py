"""Bonuses that take several periods together: in which they pay, and what a run needs for them (mechanics section 9).

Such a bonus pays in the last period of each span, by the tree and the standings of that period, and leaves nothing in the others.
Its orders are those of a window as long as the span, frozen only in the periods in which some bonus takes it. Its lines are those
of the runs that closed the earlier periods, and of this one.
"""

from __future__ import annotations

from graphsvc.periods import Period
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.plan.spanning import SPANNING, Spans
from graphsvc.query.runner import Database


def due(bonus: Walk | Award, period: Period) -> bool:
    """Whether a bonus pays in a period at all."""
    return bonus.spans is None or bonus.spans.due(period)


def windows(plan: CompiledPlan, period: Period) -> list[tuple[int, int]]:
    """(window, periods) of the volumes that bonuses take of the spans that end with a period."""
    ending = [bonus for bonus in plan.bonuses if bonus.spans is not None and bonus.spans.due(period)]
    lengths = {bonus.spans.periods for bonus in ending if _reads_volumes(bonus)}
    return [(SPANNING + periods, periods) for periods in sorted(lengths)]


def _reads_volumes(bonus: Walk | Award) -> bool:
    """Whether a bonus takes orders; numbers of partners, such as a contest's, have windows of their own."""
    if isinstance(bonus, Walk):
        return bonus.source.query == "sources.orders"
    return bonus.kind == "pool" or bonus.is_rated


def earlier(database: Database, plan: CompiledPlan, spans: Spans | None, month: Period) -> list[str]:
    """The runs that closed the periods of a span before its last one. An opening that stands for one of them has no lines."""
    if spans is None:
        return []
    months = [str(period) for period in spans.earlier(month)]
    return sorted(row["run_id"] for row in database.run("month.closed_before", plan=plan.name, months=months))
