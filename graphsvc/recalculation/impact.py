"""What a refund would change, shown before it is recorded: lines, parts of closed lines, activity, ranks and titles.

The period in which the refund would count is computed twice, once as it is and once with the refund, which stands in the graph
meanwhile as one that is only supposed: recorded in a future that nothing but this run looks into.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from graphsvc import earnings
from graphsvc.errors import Code, Refused
from graphsvc.money import format_minor
from graphsvc.month.context import Context
from graphsvc.people import Who
from graphsvc.periods import Period, parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import CompiledPlan
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from graphsvc.recalculation.lines import KEY, pairs
from graphsvc.recalculation.looking import looking

SHOWN_MAX = 1_000  # kept with the run
FUTURE = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_SPREAD_SECONDS = 10**9


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line that would be another, minor units of the plan's currency. closed: the closed period whose line it takes a part
    of, '' for a line of the open period itself."""

    partner_id: str
    bonus: str
    level: int
    class_: str
    source_id: str
    closed: str
    before_minor: int
    after_minor: int


@dataclass(frozen=True, slots=True)
class StandingChange:
    """One partner who would stand otherwise; ranks and titles are names, '' for none."""

    partner_id: str
    active_before: bool
    active_after: bool
    rank_before: str
    rank_after: str
    title_before: str
    title_after: str


@dataclass(frozen=True, slots=True)
class Impact:
    """What a refund would change under one plan, in the period in which it would count."""

    order_id: str
    amount_minor: int
    order_currency: str
    plan: str
    month: str
    currency: str
    lines: list[LineChange]
    standings: list[StandingChange]

    @property
    def difference_minor(self) -> int:
        """What the partners would have more, all together; below zero where it is taken from them."""
        return sum(line.after_minor - line.before_minor for line in self.lines)

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON: the first lines and standings, and how many there are."""
        told = asdict(self) | {"difference_minor": self.difference_minor}
        told |= {"changed_lines": len(self.lines), "changed_standings": len(self.standings)}
        return told | {name: told[name][:SHOWN_MAX] for name in ("lines", "standings")}


def of_refund(
    database: Database,
    order_id: str,
    *,
    who: Who,
    amount_minor: int | None = None,
    day: dt.date | None = None,
    plan_name: str | None = None,
    progress: Progress | None = None,
    run_id: str | None = None,
) -> list[Impact]:
    """What a refund of an order (None: all that is left of it), dated on a day (default today, UTC), would change, by plan.

    Nothing is recorded. plan_name: of that plan alone, else of every plan in force on that day.
    run_id: of the run that knows the refund, where there is one plan.
    """
    order = _order(database, order_id)
    left = order["total_minor"] - order["refunded_minor"]
    amount = left if amount_minor is None else amount_minor
    if not order["paid"]:
        raise Refused(Code.BAD_INPUT, f"Order {order_id} is not paid in whole, so nothing of it counts and nothing can change.")
    if not 0 < amount <= left:
        raise Refused(
            Code.BAD_INPUT,
            f"Of order {order_id} {format_minor(left, order['currency'])} {order['currency']} can still be refunded, "
            f"not {format_minor(amount, order['currency'])}.",
        )
    on = day or dt.datetime.now(dt.UTC).date()
    plans = [store.get(database, plan_name)] if plan_name else _in_force(database, on)
    found = []
    for plan in plans:
        month = counts_in(database, plan, on)
        found.append(_impact(database, plan, month, order_id, amount, order["currency"], on, who, progress or Silent(), run_id))
    return found


def _order(database: Database, order_id: str) -> Row:
    row = database.one("recalculation.order", order_id=order_id)
    if row is None:
        raise Refused(Code.ORDER_UNKNOWN, f"There is no order {order_id!r}; orders are named as in the company's own files.")
    return row


def currency_of(database: Database, order_id: str) -> str:
    """The currency of an order; refuses an unknown one."""
    return str(_order(database, order_id)["currency"])


def _in_force(database: Database, day: dt.date) -> list[CompiledPlan]:
    found = []
    for name in store.names(database):
        versions = [one.version for one in store.versions(database, name) if one.valid_from <= day]
        if versions:
            found.append(store.get(database, name, max(versions)))
    return found


def counts_in(database: Database, plan: CompiledPlan, day: dt.date) -> Period:
    """The open period in which what happens on a day counts: its own, or the next after the last closed one."""
    month = plan.calendar.of(day)
    closed = [parse_month(row["month"]) for row in database.run("month.closed_runs", plan=plan.name)]
    if not closed:
        return month
    last = max(closed)
    return month if last < month else last.plus(1)


def _impact(
    database: Database,
    plan: CompiledPlan,
    month: Period,
    order_id: str,
    amount_minor: int,
    currency: str,
    day: dt.date,
    who: Who,
    progress: Progress,
    run_id: str | None,
) -> Impact:
    instant = FUTURE + dt.timedelta(seconds=secrets.randbelow(_SPREAD_SECONDS))
    plan = store.in_force(database, plan.name, month.first_day)
    with (
        _supposed(database, order_id, amount_minor, day, instant),
        looking(database, plan, month, who=who, progress=progress, known_at=instant, run_id=run_id) as after,
        looking(database, plan, month, who=who, progress=progress, known_at=instant - _MICROSECOND) as before,
    ):
        found = Impact(
            order_id=order_id,
            amount_minor=amount_minor,
            order_currency=currency,
            plan=plan.name,
            month=str(month),
            currency=plan.currency,
            lines=list(_lines(before.context, after.context)),
            standings=list(_standings(before.context, after.context)),
        )
        after.outcome = json.dumps(found.to_dict(), ensure_ascii=False)
    return found


@contextmanager
def _supposed(database: Database, order_id: str, amount_minor: int, day: dt.date, instant: dt.datetime) -> Iterator[None]:
    refund_id = f"supposed-{secrets.token_hex(8)}"
    given = {"refund_id": refund_id, "order_id": order_id, "amount_minor": amount_minor}
    database.run("recalculation.suppose", **given, refunded_at=day, recorded_at=instant)
    try:
        yield
    finally:
        database.run("recalculation.forget", refund_id=refund_id, since=FUTURE)


def _lines(before: Context, after: Context) -> Iterator[LineChange]:
    database = before.database
    months = {row["run_id"]: row["month"] for row in database.run("month.closed_runs", plan=before.plan.name)}
    for key, old, new in pairs(earnings.of_run(database, before.run_id), earnings.of_run(database, after.run_id)):
        if old != new:
            named = {name: key[name] for name in KEY if name != "class"}
            closed = months.get(key["adjusts"] or "", "")
            yield LineChange(class_=key["class"], **named, closed=closed, before_minor=old, after_minor=new)


def _standings(before: Context, after: Context) -> Iterator[StandingChange]:
    names = ["", *(rank.name for rank in before.plan.ranks)]
    runs = [before.run_id, after.run_id]
    for bucket, *_ in before.buckets():
        for row in before.database.run("recalculation.standings", runs=runs, bucket=bucket):
            ranks, titles = [names[n] for n in row["ranks"]], [names[n] for n in row["titles"]]
            yield StandingChange(row["partner_id"], *row["active"], *ranks, *titles)
