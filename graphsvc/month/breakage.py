"""What every bonus paid, step by step, and of those that pay by levels, what could have been paid and was not.

Breakage of a level is the base of all sources at the level's highest rate, less what it paid (mechanics section 3). A step of any
other bonus has nothing it could have paid whoever qualifies: it shows what it paid and on what. Paid is what a level came to by
the bonus's own rule: what limits cut later, and what waits, is no breakage of the level.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from graphsvc.money import round_ratio
from graphsvc.month import spanning
from graphsvc.month.report import Breakage
from graphsvc.periods import Period
from graphsvc.plan.compiled import CompiledPlan, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row


def of_run(database: Database, plan: CompiledPlan, run_id: str, period: Period) -> list[Breakage]:
    """One entry for each level of the bonuses that pay by levels, and for each step that others paid."""
    paid: dict[str, dict[int, Row]] = {}
    for row in database.run("earnings.earned", run_id=run_id, period=str(period)):
        paid.setdefault(row["bonus"], {})[row["level"]] = row
    found: list[Breakage] = []
    for bonus in plan.bonuses:
        if isinstance(bonus, Walk) and bonus.steps and bonus.steps[0].highest and spanning.due(bonus, period):
            found += _leveled(database, plan, run_id, bonus, paid.get(bonus.name, {}))
        else:
            for level, row in sorted(paid.get(bonus.name, {}).items()):
                amount = row["earned_minor"]
                found.append(Breakage(bonus.name, level, row["base_minor"], amount, amount, 0, row["lines"]))
    return found


def _leveled(database: Database, plan: CompiledPlan, run_id: str, bonus: Walk, paid: dict[int, Row]) -> list[Breakage]:
    bases = {row["class"]: row["base"] for row in database.run("sources.total", run_id=run_id, source=bonus.source.key)}
    worth = round_ratio(sum(bases.values()), *bonus.value, plan.rounding)
    nothing: dict[str, Any] = {"earned_minor": 0, "lines": 0}
    found: list[Breakage] = []
    for step in bonus.steps:
        most = sum((bases.get(c, 0) * Fraction(*ratio) for c, ratio in enumerate(step.highest)), Fraction(0))
        possible = round_ratio(most.numerator, 1, most.denominator, plan.rounding) * plan.unit_minor
        line = paid.get(step.level, nothing)
        amount = line["earned_minor"]
        found.append(Breakage(bonus.name, step.level, worth, possible, amount, possible - amount, line["lines"]))
    return found
