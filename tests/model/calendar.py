"""Periods by name: 2025-03, 2025-Q1, W2025-03-03, F2025-03-03; their first days, and those before and after."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

Calendar = Any  # month | quarter | {week: first day} | {four_weeks: first day}


def next_month(month: str, step: int = 1) -> str:
    """The month `step` months later (or earlier)."""
    months = int(month[:4]) * 12 + int(month[5:]) - 1 + step
    return f"{months // 12:04}-{months % 12 + 1:02}"


@cache
def first_day(period: str) -> dt.date:
    """The day on which a period begins."""
    if period[0] in "WF":
        return dt.date.fromisoformat(period[1:])
    if "Q" in period:
        return dt.date(int(period[:4]), int(period[6]) * 3 - 2, 1)
    return dt.date.fromisoformat(f"{period}-01")


@cache
def later(period: str, step: int = 1) -> str:
    """The period `step` periods later (or earlier) of the same calendar."""
    if period[0] in "WF":
        days = 7 if period[0] == "W" else 28
        return f"{period[0]}{first_day(period) + dt.timedelta(days * step)}"
    if "Q" in period:
        quarters = int(period[:4]) * 4 + int(period[6]) - 1 + step
        return f"{quarters // 4:04}-Q{quarters % 4 + 1}"
    return next_month(period, step)


def ends_span(spans: dict[str, Any], period: str) -> bool:
    """Whether a period is the last of a span: from the first one of some span on (or back), every n-th period begins one."""
    step = 1 if first_day(spans["first"]) <= first_day(period) else -1
    begins, passed = spans["first"], 0
    while begins != period:
        begins, passed = later(begins, step), passed + step
    return (passed + 1) % int(spans["periods"]) == 0


def of_day(calendar: Calendar, day: dt.date) -> str:
    """The period of a calendar that holds a day."""
    if calendar == "month":
        return f"{day:%Y-%m}"
    if calendar == "quarter":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    ((unit, anchor),) = calendar.items()
    days = 7 if unit == "week" else 28
    past = (day - dt.date.fromisoformat(str(anchor))).days % days
    return f"{'W' if unit == 'week' else 'F'}{day - dt.timedelta(past)}"


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or that month's last day where it has no such day."""
    month = next_month(f"{day:%Y-%m}", months)
    last = first_day(next_month(month)) - dt.timedelta(1)
    return first_day(month).replace(day=min(day.day, last.day))
