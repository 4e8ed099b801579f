"""Parts of closed lines (mechanics sections 1 and 8): taken back by `refunds: reverse`, posted by `late_orders: then`.

A refund of an order that an earlier period counted takes its QV in its own period, and its money from those that the order
paid: the order's part of each closed line becomes a line of this period. What the refunds take is gathered and walks up the
closed run's tree once more, by that run's plan, standings and moves, each order apart; what is written on the way belongs to
this run. A late order is posted in the same way on the lines that it would have fed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from graphsvc import rates
from graphsvc.errors import Code, Refused
from graphsvc.month import late, parameters, parted, rooms, walks
from graphsvc.month.context import CLEAR_LINES_LIMIT, Context, Step
from graphsvc.plan import store
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

# The windows that what is taken back stands in: one for each closed run, beyond any that a plan has.
WINDOW = 100_000


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed run that something is taken of: its period, its plan as it was then, and its place among those."""

    run_id: str
    month: str
    plan: CompiledPlan
    window: int  # what is taken, as it was sold

    @property
    def laid(self) -> int:
        """The window of the same by whose volume it was there; another one only where that run had a transfer."""
        return self.window if self.plan.transfer is None else self.window + WINDOW

    def walk(self, bonus: Walk) -> str:
        """The name under which a bonus walks again."""
        return f"{bonus.name} {self.month}"

    def source(self, bonus: Walk) -> str:
        """The key of what walks; bonuses that take the same orders do not share it, as each gathers its own."""
        return f"{bonus.source.key} {bonus.name} {self.month}"

    def bonuses(self) -> list[Walk | Award]:
        """The bonuses whose lines are made of orders, and those that match lines or share funds and that a reversal cascades
        into."""

        def is_parted(bonus: Walk | Award) -> bool:
            of_orders = isinstance(bonus, Walk) and bonus.source.query == "sources.orders"
            return of_orders or bonus.name in self.plan.cascading or (isinstance(bonus, Award) and bonus.is_rated)

        return [bonus for bonus in self.plan.bonuses if is_parted(bonus)]


def closed_runs(database: Database, run_id: str, plan: str) -> list[Closed]:
    """The closed runs that a run takes something of."""
    rows = {row["run_id"]: row for row in database.run("month.closed_runs", plan=plan)}
    named = [row["frozen"] for row in database.run("reversals.frozen", run_id=run_id)]
    return [
        Closed(frozen, rows[frozen]["month"], store.get(database, plan, rows[frozen]["plan_version"]), WINDOW + number)
        for number, frozen in enumerate(sorted(named, key=lambda frozen: str(rows[frozen]["month"])))
    ]


def earlier(database: Database, plan: str, month: str) -> list[str]:
    """The runs that took something before the one that closed a period, or before one of an open period: those that knew less."""
    rows = sorted(database.run("month.closed_runs", plan=plan), key=lambda row: row["known_at"])
    months = [row["month"] for row in rows]
    return [row["run_id"] for row in rows[: months.index(month) if month in months else len(rows)]]


def find(context: Context, label: str) -> None:
    """The order lines of closed periods that refunds of this period take something of, and those that it posts late."""
    context.tidy("reversals.clear_due", label)
    plan, span = context.plan, context.window(0)
    taken = late.taken(context)
    asked = taken.parameters(span) | {"posted": {late.CELL.join(key): True for key in taken.posted}}
    name = str(context.month)
    rows = context.database.run("month.closed_runs", plan=plan.name)
    keys = ("run_id", "starts_at", "ends_at", "starts_on", "ends_on")
    closed = [{key: row[key] for key in keys} for row in rows if row["month"] != name and row["starts_on"] < span.starts_on]
    params = {
        "counted_by": plan.counted_by,
        "known_at": context.write("month.cut_off", label)["known_at"],
        "time_zone": plan.time_zone,
        "closed": closed,
        "late_refunds": asked["late_refunds"],
        "ends_at": span.ends_at,
        "ends_on": span.ends_on,
    }
    with context.progress.step(label):
        if plan.refunds == "reverse":
            params_of_refunds = {key: asked[key] for key in ("late", "posted", "late_refunded")}
            begins = {"starts_at": span.starts_at, "starts_on": span.starts_on}
            context.write("reversals.due", label, **params, **params_of_refunds, **begins)
        context.write("reversals.late", label, **params)


def take_back(context: Context, label: str) -> None:
    """The lines that take back or post, closed run after closed run, bonus after bonus."""
    context.tidy("reversals.clear", label, CLEAR_LINES_LIMIT)
    context.tidy("reversals.clear_volumes", label, window=WINDOW)
    closed = closed_runs(context.database, context.run_id, context.plan.name)
    before = earlier(context.database, context.plan.name, str(context.month)) if closed else []
    days = late.taken(context).days()["late"] if closed else {}
    with context.progress.step(label, sum(len(run.bonuses()) for run in closed)) as advance:
        for run in closed:
            _refuse_unbuilt(context, run)
            _freeze(context, label, run, days)
            scaled = rooms.scales(context.database, run.run_id, run.plan)
            for bonus in run.bonuses():
                _take_of(context, label, run, bonus, before, scaled)
                advance(1)
            _deduct(context, label, run)


def _take_of(context: Context, label: str, run: Closed, bonus: Walk | Award, before: list[str], scaled: list[Row]) -> None:
    """The parts of one bonus's closed lines, what each comes to, what limits leave of that, and the lines that this makes."""
    named: dict[str, Any] = {"frozen": run.run_id, "bonus": bonus.name}
    based = _walk(context, label, run, bonus) if isinstance(bonus, Walk) else parted.find(context, label, run, bonus, before)
    if based:
        context.write("reversals.amounts", label, earlier=before, **named, **parted.priced(run.plan, bonus))
    named |= {"classes": list(parted.classes(bonus))}
    if any(bonus.name in limit.bonuses for limit in run.plan.limits):
        context.write("reversals.cut", label, **named, **rooms.parameters(run.plan, bonus.name, scaled))
    context.write("reversals.write", label, month=run.month, currency=run.plan.currency, **named)


def unbuilt(plan: CompiledPlan) -> str:
    """What a plan has whose closed lines cannot be taken back yet; empty where there is nothing."""
    chained = [b.name for b in plan.bonuses if b.name in plan.cascading and isinstance(b, Award) and b.rules.get("next_fund")]
    held = [b.name for b in plan.bonuses if b.hold is not None]
    spanning = [b.name for b in plan.bonuses if b.spans is not None]
    return next((f"bonus {names[0]}" for names in (chained, held, spanning) if names), "")


def _refuse_unbuilt(context: Context, run: Closed) -> None:
    what = unbuilt(run.plan)
    if what:
        raise Refused(
            Code.RUN_UNPROVED,
            f"{context.month} cannot change what {run.month} paid: version {run.plan.version} of plan {run.plan.name}, which "
            f"closed it, has {what}, of whose lines no part can be told; publish one with refunds: net and late_orders: now.",
        )


def _freeze(context: Context, label: str, run: Closed, days: dict[str, dt.date]) -> None:
    """What is taken of the orders, as the closed run counted them. days: from which late orders count."""
    known_at = context.database.run("month.known_at", run_id=run.run_id)[0]["known_at"]
    counting = parameters.counting(run.plan)
    context.write(
        "reversals.freeze",
        label,
        frozen=run.run_id,
        window=run.window,
        known_at=known_at,
        rates=rates.factors(context.database, run.plan.currency),
        marks=parameters.marks(run.plan),
        late=days,
        **counting,
    )
    for bucket, *_ in context.buckets() if run.laid != run.window else ():
        context.write("reversals.lay", label, frozen=run.run_id, bucket=bucket, window=run.window, laid=run.laid)


def _walk(context: Context, label: str, run: Closed, bonus: Walk) -> bool:
    """One bonus of a closed run once more, with what is taken of the orders; whether that reached its tree."""
    plan, tree, name, source = run.plan, bonus.source.tree, run.walk(bonus), run.source(bonus)
    context.tidy("sources.clear", label, source=source)
    for query in ("clear_moves", "clear", "clear_chains"):
        context.tidy(f"folds.{query}", label, bonus=name)
    buckets = [bucket for bucket, *_ in context.buckets(run.run_id)]
    gathering, query = parameters.gathering(plan, bonus.source) | {"source": source}, "reversals.lines"
    if bonus.source.query == "sources.lines":
        gathering |= {"bonuses": list(bonus.source.rules["bonuses"])}
    else:
        window = run.laid if tree == "transferred" else run.window
        gathering, query = gathering | {"window": window, "per_order": True}, "sources.orders"
    found = sum(context.write(query, label, frozen=run.run_id, bucket=bucket, **gathering)["partners"] for bucket in buckets)
    if not found:
        return False
    moves = parameters.moves(plan, bonus) | {"bonus": name}
    for bucket in buckets:
        context.write(bonus.query, label, frozen=run.run_id, bucket=bucket, **moves)
    walked = parameters.walk(bonus) | {"bonus": name, "source": source}
    spans = context.climbs(tree, run.run_id)
    walks.climb(context, label, spans, walked, tree=tree, keep=True, frozen=run.run_id)
    for span in reversed(spans):
        levels = {"level_from": span.highest, "level_to": span.deepest}
        context.write("folds.chains", label, frozen=run.run_id, tree=tree, bonus=name, **levels)
    context.clear("folds.clear_moves", label, bonus=name)
    parts: dict[str, Any] = {"walk": name, "source": source, "closed_source": bonus.source.key}
    parts |= {"bonus": bonus.name, "per_order": bonus.lines == "order", "starts": list(bonus.starts), "states": bonus.states}
    context.write("reversals.parts", label, frozen=run.run_id, month=run.month, **parts)
    return True


def _deduct(context: Context, label: str, run: Closed) -> None:
    """What was deducted of the lines changes with them."""
    for deduction in run.plan.deductions:
        context.write(
            "reversals.deduct",
            label,
            frozen=run.run_id,
            month=run.month,
            bonus=deduction.name,
            bonuses=list(deduction.bonuses),
            of=[{"name": bonus.name, "classes": list(parted.classes(bonus))} for bonus in run.bonuses()],
            numerator=deduction.numerator,
            denominator=deduction.denominator,
            rounding=run.plan.rounding,
            unit_minor=run.plan.unit_minor,
            currency=run.plan.currency,
        )


def of_plan(plan: CompiledPlan) -> list[Step]:
    """The steps after the last limit and deduction; none where refunds are net and late orders count now."""
    if plan.refunds == "net" and plan.late_orders == "now":
        return []
    return [Step("Orders of closed periods", find), Step("Parts of closed lines", take_back)]


def discard(context: Context, label: str) -> None:
    """Throw away what these steps left beside blocks."""
    context.clear("reversals.clear_due", label)
    context.clear("reversals.clear", label, CLEAR_LINES_LIMIT)
