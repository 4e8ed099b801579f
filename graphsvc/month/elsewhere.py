"""What a period reads of closed periods: of other plans on the network, and of its own plan before it (mechanics section 9).

Of another plan the last period counts that ended by this period's start, or by its end; its lines are those of its periods that
ended since the same point of the period before. All of them must be closed, so that what is read never depends on when it is
read. Before its first period, or the opening that it started with, there was nothing to close: nobody has a title there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import Code, Refused, nearest
from graphsvc.month import spanning
from graphsvc.periods import Period, bounds, parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import CompiledPlan, Other, Reading
from graphsvc.plan.spanning import Spans
from graphsvc.plan.together import asks, matched, other_currency
from graphsvc.query.runner import Database
from graphsvc.query.values import Row


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed period that is read: the run that closed it, under which version; or an opening, which stands for one."""

    period: str
    run_id: str
    plan: CompiledPlan
    is_opening: bool

    @property
    def deductions(self) -> list[str]:
        """Names of the plan's deductions, whose lines lessen those of its bonuses."""
        return [deduction.name for deduction in self.plan.deductions]


def last_period(plan: CompiledPlan, instant: dt.datetime) -> Period:
    """The last period of a plan that ended by an instant, compared in the plan's own zone."""
    return plan.calendar.holding(instant, plan.time_zone).plus(-1)


def counting(plan: CompiledPlan, month: Period, other: CompiledPlan, until: str, periods: int = 1) -> tuple[Period, list[Period]]:
    """The period of another plan whose titles count in `month`, and those whose lines do in the `periods` that end with it."""
    last = month if until == "end" else month.plus(-1)
    span = bounds(last, plan.time_zone, periods=periods)
    title, period = last_period(other, span.ends_at), last_period(other, span.starts_at).plus(1)
    lines: list[Period] = []
    while not title < period:
        lines.append(period)
        period = period.plus(1)
    return title, lines


class Elsewhere:
    """The closed periods that one period of a plan reads; refuses where one that counts is not closed."""

    def __init__(self, database: Database, plan: CompiledPlan, month: Period) -> None:
        self.database, self.plan, self.month = database, plan, month
        self._held: dict[str, Closed | None] = {}
        self._paid: dict[tuple[str, int], list[Closed]] = {}

    def demand(self) -> None:
        """Refuse the period unless everything that it reads of other plans is closed and has what is asked for."""
        self.told()
        for bonus in self.plan.bonuses:
            if spanning.due(bonus, self.month):
                self.lines(matched(bonus), bonus.spans)

    def told(self) -> dict[str, Any]:
        """Parameters of `month.freeze_tree`: what each reading of the plan reads."""
        held: list[Row] = []
        paid: list[Row] = []
        for number, reading in enumerate(self.plan.readings):
            if reading.rank:
                closed = self.held(reading.of)
                if closed is not None:
                    held.append({"number": number, **self._rank(reading, closed)})
                continue
            found = self.paid(reading.of) if reading.of else self._before(reading.periods)
            if reading.of:
                self._known(self._other(reading.of), found, reading.bonuses or ())
            bonuses = None if reading.bonuses is None else list(reading.bonuses)
            paid += [
                {"number": number, "run_id": c.run_id, "bonuses": bonuses, "deductions": c.deductions}
                for c in found
                if not c.is_opening
            ]
        return {"readings": len(self.plan.readings), "held": held, "paid": paid}

    def lines(self, elsewhere: Iterable[Sequence[str]], spans: Spans | None) -> list[Row]:
        """run_id and bonuses of each closed period of other plans whose lines a bonus reads: [what the plan is called, bonus]."""
        periods = 1 if spans is None else spans.periods
        named: dict[str, list[str]] = {}
        for of, bonus in elsewhere:
            named.setdefault(of, []).append(bonus)
        found: list[Row] = []
        for of, bonuses in named.items():
            closed = self.paid(of, periods)
            self._known(self._other(of), closed, bonuses)
            found += [{"run_id": c.run_id, "bonuses": bonuses} for c in closed if not c.is_opening]
        return found

    def held(self, name: str) -> Closed | None:
        """The period of another plan whose ranks count; None where that plan had none yet."""
        if name not in self._held:
            other = self._other(name)
            title, _ = counting(self.plan, self.month, self._newest(other), other.until)
            self._held[name] = next(iter(self._closed(other, [title])), None)
        return self._held[name]

    def paid(self, name: str, periods: int = 1) -> list[Closed]:
        """The periods of another plan whose lines count, in order; periods: of this plan, that are taken together."""
        if (name, periods) not in self._paid:
            other = self._other(name)
            _, lines = counting(self.plan, self.month, self._newest(other), other.until, periods)
            self._paid[name, periods] = self._closed(other, lines)
        return self._paid[name, periods]

    def _other(self, name: str) -> Other:
        return next(other for other in self.plan.others if other.name == name)

    def _newest(self, other: Other) -> CompiledPlan:
        """The newest version of another plan; its calendar, zone and currency are those of all its versions."""
        newest = store.get(self.database, other.plan)
        if newest.currency != self.plan.currency and asks(self.plan, other.name)[1]:
            raise Refused(Code.BAD_PLAN, other_currency(self.plan, other, newest))
        return newest

    def _closed(self, other: Other, periods: list[Period]) -> list[Closed]:
        """Those of the periods that there were, all of them closed."""
        versions = store.versions(self.database, other.plan)
        since = min(version.valid_from for version in versions)
        opening = self.database.one("month.run", run_id=f"opening-{other.plan}")
        names = [str(p) for p in periods if p.first_day >= since or (opening and str(p) == opening["month"])]
        names = [name for name in names if not opening or name >= opening["month"]]
        runs = {row["month"]: row for row in self.database.run("month.closed_before", plan=other.plan, months=names)}
        for name in names:
            if name not in runs:
                raise Refused(
                    Code.MONTH_OUT_OF_ORDER,
                    f"{self.month} of plan {self.plan.name} reads plan {other.plan} up to {names[-1]}, and {name} of it is not "
                    f"closed; close that first: `graphsvc month close {name} --plan {other.plan}`.",
                    detail={"plan": other.plan, "open_months": [n for n in names if n not in runs]},
                )
        return [self._run(other.plan, runs[name]) for name in names]

    def _before(self, periods: int) -> list[Closed]:
        """The closed ones among the plan's own periods before this one."""
        names = [str(self.month.plus(-n)) for n in range(1, periods + 1)]
        rows = self.database.run("month.closed_before", plan=self.plan.name, months=names)
        return [self._run(self.plan.name, row) for row in rows]

    def _run(self, name: str, row: Row) -> Closed:
        plan = store.get(self.database, name, row["plan_version"])
        return Closed(row["month"], row["run_id"], plan, row["run_id"] == f"opening-{name}")

    def _rank(self, reading: Reading, closed: Closed) -> Row:
        """Where a rank is read, and its number in the version that ran the period."""
        names = [rank.name for rank in closed.plan.ranks]
        if reading.rank not in names:
            fix = nearest(reading.rank, names) if names else "it has no ranks"
            raise Refused(
                Code.BAD_PLAN,
                f"{self.month} of plan {self.plan.name} asks for rank {reading.rank!r} of plan {closed.plan.name}, whose "
                f"version {closed.plan.version} ran {closed.period} without it; {fix}. "
                f"Publish a version of {self.plan.name} that says so.",
            )
        if closed.is_opening and reading.as_ == "paid_as" and not self._opening_tells(closed):
            raise Refused(
                Code.BAD_PLAN,
                f"{self.month} of plan {self.plan.name} reads the paid-as ranks of {closed.period} in plan {closed.plan.name}, "
                "and the state that was imported for that period does not tell them; import it again with a column paid_as, "
                "or read the title.",
            )
        need = names.index(reading.rank) + 1
        return {"run_id": closed.run_id, "opening": closed.is_opening, "as": reading.as_, "need": need}

    def _opening_tells(self, closed: Closed) -> bool:
        row = self.database.one("month.opening_columns", run_id=closed.run_id)
        return row is not None and "paid_as" in row["columns"]

    def _known(self, other: Other, closed: list[Closed], bonuses: Iterable[str]) -> None:
        """A bonus that none of the versions has which ran the periods is a mistake."""
        names = sorted({bonus.name for c in closed for bonus in c.plan.bonuses})
        for name in bonuses if closed else ():
            if name not in names:
                raise Refused(
                    Code.BONUS_UNKNOWN,
                    f"{self.month} of plan {self.plan.name} reads bonus {name!r} of plan {other.plan}, which had none of that "
                    f"name from {closed[0].period} to {closed[-1].period}; {nearest(name, names)}.",
                )


def readers(database: Database, name: str, period: Period) -> Iterator[tuple[str, str]]:
    """(plan, period) of every closed period of other plans that read the ranks of a period of a plan."""
    for reader in store.names(database):
        months = [row["month"] for row in database.run("month.periods", plan=reader) if row["status"] != "open"]
        for row in database.run("month.closed_before", plan=reader, months=months):
            plan = store.get(database, reader, row["plan_version"])
            for other in plan.others:
                if other.plan == name and asks(plan, other.name)[0]:
                    title, _ = counting(plan, parse_month(row["month"]), store.get(database, name), other.until)
                    if title == period:
                        yield reader, row["month"]


def reads(
    database: Database,
    plan: CompiledPlan,
    month: Period,
    run_id: str,
    own: Sequence[str],
    rules: Mapping[str, Any],
    spans: Spans | None,
) -> list[Row]:
    """Whose lines a bonus reads, run by run: those of its own run (`is_own`), of the runs that closed the earlier periods of its
    span, and of closed periods of other plans. `parts`: of which runs' lines the parts count that were taken there, None: of all.
    Where a reversal cascades into the bonus, it takes what an earlier period of the span took of lines of the span."""
    earlier = spanning.earlier(database, plan, spans, month) if own else []
    parts = earlier if rules.get("cascades") else []
    found = [{"run_id": run_id, "bonuses": list(own), "is_own": True, "parts": []}] if own else []
    found += [{"run_id": run, "bonuses": list(own), "is_own": False, "parts": parts} for run in earlier]
    others = Elsewhere(database, plan, month).lines(rules.get("elsewhere", []), spans)
    return [*found, *({**row, "is_own": False, "parts": None} for row in others)]
