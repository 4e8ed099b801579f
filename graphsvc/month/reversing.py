"""Parts of closed lines (mechanics sections 1 and 8): taken back by `refunds: reverse`, posted by `late_orders: then`.

A refund of an order that an earlier period counted takes its QV in its own period, and its money from those that the order
paid: the order's part of each closed line becomes a line of this period. What the refunds take is gathered and walks up the
closed run's tree once more, by that run's plan, standings and moves, each order apart; what is written on the way belongs to
this run. A late order is posted in the same way on the lines that it would have fed.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from typing import Any

from graphsvc import rates
from graphsvc.month import late, parameters, parted, rooms, settling, spanning, walks
from graphsvc.month.closed import WINDOW, Closed, counted_in
from graphsvc.month.context import CLEAR_LINES_LIMIT, Context, Step
from graphsvc.periods import bounds, parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row


def matches(bonus: Walk | Award) -> bool:
    """Whether a bonus is paid on lines."""
    return bool(bonus.reads)


def closed_runs(database: Database, run_id: str, plan: CompiledPlan, month: str) -> list[Closed]:
    """The runs whose lines a run takes parts of, in the order of their periods: those that counted the orders, and the later
    ones, itself at last, in which lines may stand that follow from theirs."""
    due: dict[str, dict[int, int]] = {}
    for number, row in enumerate(database.run("reversals.frozen", run_id=run_id)):
        due.setdefault(row["frozen"], {})[row["window"]] = WINDOW + number
    found: list[Closed] = []
    for row in sorted(database.run("month.closed_runs", plan=plan.name), key=lambda row: str(row["month"])):
        windows = due.get(row["run_id"], {})
        if row["month"] < month and (windows or found):
            version = store.get(database, plan.name, row["plan_version"])
            if windows or _follows(version):
                found.append(Closed(row["run_id"], row["month"], version, windows))
    return [*found, Closed(run_id, month, plan)] if found and _follows(plan) else found


def _follows(plan: CompiledPlan) -> bool:
    """Whether lines of a run may change with those of an earlier one."""

    def is_later(bonus: Walk | Award) -> bool:
        return bonus.hold is not None or (bonus.spans is not None and matches(bonus) and bonus.name in plan.cascading)

    return any(map(is_later, plan.bonuses))


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
    closed = list(_counted(context, plan.name, span.starts_on))
    params = {
        "counted_by": plan.counted_by,
        "known_at": context.knows(label),
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


def _counted(context: Context, plan: str, before: dt.date) -> Iterator[Row]:
    """The periods closed before a day, and the spans that ended with them whose orders some bonus took: run, window, bounds."""
    database, until = context.database, context.sold_until
    for row in database.run("month.closed_runs", plan=plan):
        if row["starts_on"] < before and (until is None or row["known_at"] < until):
            keys = ("starts_at", "ends_at", "starts_on", "ends_on")
            yield {"run_id": row["run_id"], "window": 0, **{key: row[key] for key in keys}}
            version, period = store.get(database, plan, row["plan_version"]), parse_month(row["month"])
            for window, periods in spanning.windows(version, period):
                span = bounds(period, version.time_zone, periods=periods)
                yield {"run_id": row["run_id"], "window": window, **span.parameters()}


def take_back(context: Context, label: str) -> None:
    """The lines that take back or post, closed run after closed run, bonus after bonus."""
    context.tidy("reversals.clear", label, CLEAR_LINES_LIMIT)
    context.tidy("reversals.clear_volumes", label, window=WINDOW)
    closed = closed_runs(context.database, context.run_id, context.plan, str(context.month))
    before = earlier(context.database, context.plan.name, str(context.month)) if closed else []
    days = late.taken(context).days()["late"] if closed else {}
    plans = {run.run_id: run.plan for run in closed}
    scales = functools.cache(lambda run_id: rooms.scales(context.database, run_id, plans[run_id]))
    with context.progress.step(label, sum(len(run.bonuses()) for run in closed)) as advance:
        for run in closed:
            for counted, window in run.windows.items():
                _freeze(context, label, run, counted, window, days)
            for bonus in run.bonuses():
                if matches(bonus) or run.taken(bonus) is not None:
                    _take_of(context, label, run, bonus, before, closed, scales)
                advance(1)
            _deduct(context, label, run, closed)


def _take_of(
    context: Context,
    label: str,
    run: Closed,
    bonus: Walk | Award,
    before: list[str],
    closed: list[Closed],
    scales: Callable[[str], list[Row]],
) -> None:
    """The parts of one bonus's closed lines, what each comes to, what the limits of the run in which it stands leave of that, and
    the lines that this makes. scales: of which limits of the company, by run."""
    named: dict[str, Any] = {"frozen": run.run_id, "bonus": bonus.name}
    based = _walk(context, label, run, bonus) if isinstance(bonus, Walk) else parted.find(context, label, run, bonus, before)
    if isinstance(bonus, Walk) and not based:
        return
    if based:
        context.write("reversals.amounts", label, earlier=before, **named, **parted.priced(run.plan, bonus))
    named |= {"classes": list(parted.classes(bonus))}
    for home in settling.settle(context, label, run, bonus, closed):
        if any(bonus.name in limit.bonuses for limit in home.plan.limits):
            limits = rooms.parameters(home.plan, bonus.name, scales(home.run_id))
            context.write("reversals.cut", label, home=home.run_id, **named, **limits)
    context.write("reversals.write", label, month=run.month, currency=run.plan.currency, **named)


def _freeze(context: Context, label: str, run: Closed, counted: int, window: int, days: dict[str, dt.date]) -> None:
    """What is taken of the orders, as the closed run counted them in one of its windows. days: from which late orders count."""
    known_at = context.database.run("month.known_at", run_id=run.run_id)[0]["known_at"]
    counting = parameters.counting(run.plan)
    context.write(
        "reversals.freeze",
        label,
        frozen=run.run_id,
        spanned=counted,
        window=window,
        known_at=known_at,
        rates=rates.factors(context.database, run.plan.currency),
        marks=parameters.marks(run.plan),
        late=days,
        **counting,
    )
    for bucket, *_ in context.buckets() if run.laid(window) != window else ():
        context.write("reversals.lay", label, frozen=run.run_id, bucket=bucket, window=window, laid=run.laid(window))


def _walk(context: Context, label: str, run: Closed, bonus: Walk) -> bool:
    """One bonus of a closed run once more, with what is taken of the orders; whether that reached its tree."""
    plan, tree, name, source = run.plan, bonus.source.tree, run.walk(bonus), run.source(bonus)
    homes = run.homes(context.database, bonus) if matches(bonus) else []
    context.tidy("sources.clear", label, source=source)
    for query in ("clear_moves", "clear", "clear_chains"):
        context.tidy(f"folds.{query}", label, bonus=name)
    buckets = [bucket for bucket, *_ in context.buckets(run.run_id)]
    gathering, query = parameters.gathering(plan, bonus.source) | {"source": source}, "reversals.lines"
    if bonus.source.query == "sources.lines":
        gathering |= {"bonuses": list(bonus.reads), "homes": homes}
    else:
        window = run.windows[counted_in(bonus)]
        window = run.laid(window) if tree == "transferred" else window
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
    parts |= {"spanned": counted_in(bonus), "of": list(bonus.reads), "homes": homes}
    context.write("reversals.parts", label, frozen=run.run_id, month=run.month, **parts)
    return True


def _deduct(context: Context, label: str, run: Closed, closed: list[Closed]) -> None:
    """What was deducted of the lines of a run changes with them."""
    of = [
        {"frozen": made.run_id, "name": bonus.name, "classes": list(parted.classes(bonus))}
        for made in closed
        for bonus in made.bonuses()
    ]
    for deduction in run.plan.deductions:
        context.write(
            "reversals.deduct",
            label,
            home=run.run_id,
            bonus=deduction.name,
            bonuses=list(deduction.bonuses),
            of=of,
            numerator=deduction.numerator,
            denominator=deduction.denominator,
            rounding=run.plan.rounding,
            unit_minor=run.plan.unit_minor,
            currency=run.plan.currency,
        )


def of_plan(plan: CompiledPlan) -> list[Step]:
    """The steps after the last limit and deduction; none where refunds are net and late orders count now."""
    if not plan.takes_parts:
        return []
    return [Step("Orders of closed periods", find), Step("Parts of closed lines", take_back)]


def discard(context: Context, label: str) -> None:
    """Throw away what these steps left beside blocks."""
    context.clear("reversals.clear_due", label)
    context.clear("reversals.clear", label, CLEAR_LINES_LIMIT)
