"""Months: their names, their bounds in a plan's zone, and the windows that end with them.

A month is named 2025-03. Instants with a time are compared in UTC; a bare date is that day's local midnight, so it is compared
with the month's own dates. Bounds are half-open.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from graphsvc.errors import Code, Refused

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
# Before every order; the start of a window without one. Two days in, so that no zone carries it out of the calendar.
EARLIEST = dt.date(1, 1, 3)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> dt.date:
        """The first day of the month."""
        return dt.date(self.year, self.number, 1)

    def plus(self, months: int) -> Month:
        """The month so many later (or earlier)."""
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A half-open span: as UTC instants and as local dates."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    starts_on: dt.date
    ends_on: dt.date

    @property
    def last_day(self) -> dt.date:
        """The last local day inside."""
        return self.ends_on - dt.timedelta(days=1)

    def parameters(self) -> dict[str, dt.datetime | dt.date]:
        """The four bounds under the names that the queries use."""
        return {
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
        }


def parse_month(text: str) -> Month:
    """`2025-03` as a month; refuses anything else with a sentence."""
    match = _MONTH.fullmatch(text)
    if match is None or not 1 < int(match[1]) < 9998:
        raise Refused(Code.BAD_MONTH, f"{text!r} is not a month; write it as 2025-03.")
    return Month(int(match[1]), int(match[2]))


def midnight(day: dt.date, time_zone: str) -> dt.datetime:
    """The local midnight that starts a day, as a UTC instant."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(time_zone)).astimezone(dt.UTC)


def bounds(month: Month, time_zone: str, *, periods: int = 1) -> Bounds:
    """The span of the `periods` months that end with `month`; 0 periods: everything before its end."""
    starts_on = EARLIEST if periods == 0 else month.plus(1 - periods).first_day
    ends_on = month.plus(1).first_day
    return Bounds(midnight(starts_on, time_zone), midnight(ends_on, time_zone), starts_on, ends_on)


def month_of(instant: dt.datetime | dt.date, time_zone: str) -> Month:
    """The month that holds an instant or a bare date, in the zone."""
    if isinstance(instant, dt.datetime):
        instant = instant.astimezone(ZoneInfo(time_zone)).date()
    return Month(instant.year, instant.month)
