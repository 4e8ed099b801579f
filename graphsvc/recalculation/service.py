"""The door of recalculation: a run that looks, compares, and is thrown away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from graphsvc import earnings
from graphsvc.errors import Code, Refused
from graphsvc.month.context import Context
from graphsvc.people import Who
from graphsvc.periods import Period, parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import CompiledPlan, Walk
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from graphsvc.recalculation import causes
from graphsvc.recalculation.lines import KEY, pairs, standing
from graphsvc.recalculation.looking import looking

CAUSES_SHOWN = 20
LINES_KEPT = 1_000  # of a difference, with the run


@dataclass(frozen=True, slots=True)
class LineDifference:
    """One line that would be another: minor units as posted and as computed now (0 where there is none), and what is behind it.

    causes: orders, refunds, people and rules, in sentences; empty where it only follows from other lines that differ.
    """

    partner_id: str
    bonus: str
    level: int
    class_: str
    source_id: str
    old_minor: int
    new_minor: int
    difference_minor: int
    causes: list[str]

    def row(self) -> Row:
        """As a row, under the names that lines have everywhere."""
        return {one.name.rstrip("_"): getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, slots=True)
class Difference:
    """A closed period and what it would be: totals in minor units, how many lines are equal, and those that are not."""

    run_id: str
    closed_run: str
    plan: str
    month: str
    currency: str
    closed_version: int
    version: int
    old_minor: int
    new_minor: int
    equal: int
    lines: list[LineDifference] = field(default_factory=list)

    @property
    def difference_minor(self) -> int:
        """What the partners would have more, all together."""
        return self.new_minor - self.old_minor

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON: the first lines, and how many there are."""
        shown = [asdict(line) for line in self.lines[:LINES_KEPT]]
        return asdict(self) | {"lines": shown, "differing": len(self.lines), "difference_minor": self.difference_minor}


def recalculate(
    database: Database,
    month: str,
    plan_name: str,
    *,
    who: Who,
    version: int | None = None,
    progress: Progress | None = None,
    run_id: str | None = None,
) -> Difference:
    """Compute a closed month again from what is known today, by its version of the plan or another; compare every line."""
    closed = earnings.closed_run(database, month, plan_name)
    chosen, plan = computable(database, closed, version)
    with looking(database, plan, chosen, who=who, progress=progress or Silent(), hindsight=True, run_id=run_id) as look:
        found = compare(look.context, closed)
        look.outcome = json.dumps(found.to_dict(), ensure_ascii=False)
    return found


def computable(database: Database, closed: Row, version: int | None) -> tuple[Period, CompiledPlan]:
    """A closed period, and the version of its plan that it is to be computed by; refuses one of another calendar."""
    plan, chosen = store.get(database, closed["plan"], version or closed["plan_version"]), parse_month(closed["month"])
    if plan.calendar.of(chosen.first_day) != chosen:
        raise Refused(
            Code.BAD_MONTH,
            f"{chosen} is no {plan.calendar.noun} of version {plan.version} of plan {plan.name}, so it cannot be computed by it.",
        )
    return chosen, plan


def compare(context: Context, closed: Row, corrected: Sequence[Row] = ()) -> Difference:
    """Every line of the run that looks beside that of the closed one, with what corrections posted on it."""
    database, plan = context.database, context.plan
    before = store.get(database, plan.name, closed["plan_version"])
    windows = _sold_in(before), _sold_in(plan)
    with context.progress.step("Compare the lines"):
        old_minor = new_minor = equal = 0
        differing: list[tuple[Row, int, int]] = []
        stands = standing(earnings.of_run(database, closed["run_id"]), corrected)
        for key, old, new in pairs(stands, earnings.of_run(database, context.run_id)):
            old_minor, new_minor = old_minor + old, new_minor + new
            if old == new:
                equal += 1
            else:
                differing.append((key, old, new))
    with context.progress.step("Look for causes"):
        found = causes.find(context, closed, windows, same_plan=before.version == plan.version)
        lines = _told(database, before, plan, differing, found)
    return Difference(
        run_id=context.run_id,
        closed_run=closed["run_id"],
        plan=plan.name,
        month=str(context.month),
        currency=plan.currency,
        closed_version=before.version,
        version=plan.version,
        old_minor=old_minor,
        new_minor=new_minor,
        equal=equal,
        lines=lines,
    )


def _sold_in(plan: CompiledPlan) -> int:
    """The window in which a run of the plan has what was sold in its period, by whose it was."""
    return 0 if plan.standings_tree == "sponsor" else -1


def _told(
    database: Database, before: CompiledPlan, plan: CompiledPlan, differing: list[tuple[Row, int, int]], found: causes.Causes
) -> list[LineDifference]:
    seqs = {
        row["partner_id"]: row["seq"]
        for row in database.run("recalculation.payees", partner_ids=sorted({key["partner_id"] for key, *_ in differing}))
    }
    shared = {bonus.name for one in (before, plan) for bonus in one.bonuses if not isinstance(bonus, Walk)}
    told = []
    for key, old, new in differing:
        said = found.of(seqs[key["partner_id"]], everybody=key["bonus"] in shared)
        if before.version != plan.version:
            said = [f"version {plan.version} of the plan instead of {before.version}", *said]
        if len(said) > CAUSES_SHOWN:
            said = [*said[:CAUSES_SHOWN], f"and {len(said) - CAUSES_SHOWN} more"]
        named = {name: key[name] for name in KEY if name != "class"}
        told.append(
            LineDifference(class_=key["class"], **named, old_minor=old, new_minor=new, difference_minor=new - old, causes=said)
        )
    return told
