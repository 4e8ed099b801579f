"""What counts in another period than that of its date (mechanics sections 1 and 9).

A closed period never changes, so an order that it did not know counts in the first period after it whose run does, as if it were
dated on that period's first day; a refund likewise. Where a plan has refunds belong to their order's period, that also takes
those dated after it that it knows already. Each run marks what it takes, and later runs read the marks, because windows that
reach back must count it where it was counted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from graphsvc.month.context import Context
from graphsvc.periods import Bounds, parse_month
from graphsvc.query.values import Row

CELL = "\u001f"


@dataclass(frozen=True, slots=True)
class Taken:
    """From which day order lines (by order and line) and refunds of lines (by refund and line) count that do not by their date; a
    refund never counts before its line does."""

    orders: dict[tuple[str, str], dt.date] = field(default_factory=dict)
    refunds: dict[tuple[str, str], dt.date] = field(default_factory=dict)
    posted: set[tuple[str, str]] = field(default_factory=set)  # order lines of which only QV counts so
    ends: dict[dt.date, tuple[dt.date, dt.datetime]] = field(default_factory=dict)  # of the periods that these days begin

    def days(self) -> dict[str, dict[str, dt.date]]:
        """The days by key, as queries ask for them."""
        return {
            "late": {CELL.join(key): day for key, day in self.orders.items()},
            "late_refunds": {CELL.join(key): day for key, day in self.refunds.items()},
        }

    def parameters(self, span: Bounds) -> dict[str, Any]:
        """What a query of a window asks for: the days by key, and the lines and refunds that the window holds; of lines also
        whether they are posted, and when the period ends in which they count."""
        return {
            **self.days(),
            "late_lines": [
                [*key, key in self.posted, *self.ends[day]]
                for key, day in self.orders.items()
                if span.starts_on <= day < span.ends_on
            ],
            "late_refunded": [list(key) for key, day in self.refunds.items() if span.starts_on <= day < span.ends_on],
        }


def find(context: Context, label: str) -> None:
    """Mark what this run is the first to know of."""
    context.tidy("month.clear_late", label)
    known_at = context.knows(label)
    rows = _closed(context)
    with context.progress.step(label):
        _find_late(context, label, known_at, _before(context, rows))
        if context.plan.refunds_belong_to == "order_period":
            _find_timely(context, label, known_at, rows)


def _find_late(context: Context, label: str, known_at: dt.datetime, before: list[Row]) -> None:
    if not before:
        return
    span = context.window(0)
    params = {
        "counted_by": context.plan.counted_by,
        "known_at": known_at,
        "since": min(row["until"] for row in before),
        "starts_at": span.starts_at,
        "starts_on": span.starts_on,
        "closed": before,
    }
    context.write("month.find_late_orders", label, posted=context.plan.late_orders == "then", **params)
    context.write("month.find_late_refunds", label, **taken(context).days(), **params)


def _find_timely(context: Context, label: str, known_at: dt.datetime, rows: list[Row]) -> None:
    """Mark the refunds that belong to this period because it knows them already.

    A period that is shown again after its close takes those that its own run knew.
    """
    span, name = context.window(0), str(context.month)
    later = [row for row in rows if parse_month(row["month"]).first_day > context.month.first_day]
    keys = ("starts_at", "ends_at", "starts_on", "ends_on", "known_at")
    context.write(
        "month.find_timely_refunds",
        label,
        counted_by=context.plan.counted_by,
        recorded_by=min([known_at, *(row["known_at"] for row in rows if row["month"] == name)]),
        later=[{key: row[key] for key in keys} for row in later],
        **taken(context).days(),
        **span.parameters(),
    )


def _closed(context: Context) -> list[Row]:
    """The closed periods whose marks count: all of them, or in hindsight those before this one. A run that knows what was sold as
    another one did has those that this one knew."""
    rows = context.database.run("month.closed_runs", plan=context.plan.name)
    if context.sold_until is not None:
        return [row for row in rows if row["known_at"] < context.sold_until]
    return [row for row in rows if not context.hindsight or parse_month(row["month"]).first_day < context.month.first_day]


def taken(context: Context) -> Taken:
    """What this run and those that closed periods of the plan marked."""
    rows = _closed(context)
    span = context.window(0)
    first = {row["run_id"]: row["starts_on"] for row in rows} | {context.run_id: span.starts_on}
    found = Taken(ends={row["starts_on"]: (row["ends_on"], row["ends_at"]) for row in rows})
    found.ends[span.starts_on] = span.ends_on, span.ends_at
    for row in context.database.run("month.late", runs=list(first)):
        day, line = first[row["run_id"]], row["line"]
        if row["refund_id"]:
            found.refunds[row["refund_id"], line] = day
        else:
            found.orders[row["order_id"], line] = day
            if row["posted"]:
                found.posted.add((row["order_id"], line))
    return found


def _before(context: Context, closed: list[Row]) -> list[Row]:
    """The closed periods before this one, the last first, each with its bounds and `until`: what was recorded by then was
    known to its own run, or to that of a later period."""
    name = str(context.month)
    rows = [row for row in closed if row["month"] != name]
    found = []
    for row in reversed(rows):
        if parse_month(row["month"]).first_day < context.month.first_day:
            until = max(other["known_at"] for other in rows if other["month"] >= row["month"])
            found.append({key: row[key] for key in ("starts_at", "ends_at", "starts_on", "ends_on")} | {"until": until})
    return found
