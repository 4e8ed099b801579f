"""Periods: their names, their bounds in a plan's zone, and the windows that end with them.

A month is named 2025-03, a quarter 2025-Q1, a week W2025-03-03 and four weeks F2025-03-03, these by their first day, which the
plan anchors (mechanics section 9). Instants with a time are compared in UTC; a bare date is that day's local midnight, so it is
compared with the period's own dates. Bounds are half-open.
"""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from graphsvc.errors import Code, Refused

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])", re.ASCII)
_DAYS = re.compile(r"([WF])([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
# Before every order; the start of a window without one. Two days in, so that no zone carries it out of the calendar.
EARLIEST = dt.date(1, 1, 3)
DAYS = {"W": 7, "F": 28}
LETTERS = {"week": "W", "four_weeks": "F"}


class Period(ABC):
    """A period of a plan's calendar; only those of one calendar are compared."""

    __slots__ = ()

    @property
    @abstractmethod
    def first_day(self) -> dt.date:
        """The first day of the period."""

    @property
    @abstractmethod
    def index(self) -> int:
        """Its number among the periods of its calendar; only differences mean anything."""

    @abstractmethod
    def plus(self, periods: int) -> Period:
        """The period so many later (or earlier)."""

    def __lt__(self, other: Period) -> bool:
        return self.first_day < other.first_day


@dataclass(frozen=True, slots=True)
class Month(Period):
    """A calendar month."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> dt.date:
        """The first day of the month."""
        return dt.date(self.year, self.number, 1)

    @property
    def index(self) -> int:
        """Months since the year 0."""
        return self.year * 12 + self.number - 1

    def plus(self, periods: int) -> Month:
        """The month so many later (or earlier)."""
        index = self.index + periods
        return Month(index // 12, index % 12 + 1)


@dataclass(frozen=True, slots=True)
class Quarter(Period):
    """A quarter of a calendar year, from 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"

    @property
    def first_day(self) -> dt.date:
        """The first day of the quarter."""
        return dt.date(self.year, self.number * 3 - 2, 1)

    @property
    def index(self) -> int:
        """Quarters since the year 0."""
        return self.year * 4 + self.number - 1

    def plus(self, periods: int) -> Quarter:
        """The quarter so many later (or earlier)."""
        index = self.index + periods
        return Quarter(index // 4, index % 4 + 1)


@dataclass(frozen=True, slots=True)
class Days(Period):
    """A week (letter W) or four weeks (letter F), from its first day."""

    letter: str
    first: dt.date

    def __str__(self) -> str:
        return f"{self.letter}{self.first.isoformat()}"

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        return self.first

    @property
    def index(self) -> int:
        """Whole periods of its length since the first of January of the year 1."""
        return self.first.toordinal() // DAYS[self.letter]

    def plus(self, periods: int) -> Days:
        """The one so many later (or earlier)."""
        return Days(self.letter, self.first + dt.timedelta(days=DAYS[self.letter] * periods))


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a plan's periods are: month, quarter, week or four_weeks; the last two from a first day that the plan names."""

    kind: str = "month"
    anchor: dt.date = EARLIEST

    def of(self, day: dt.date) -> Period:
        """The period that holds a day."""
        if self.kind == "month":
            return Month(day.year, day.month)
        if self.kind == "quarter":
            return Quarter(day.year, (day.month + 2) // 3)
        letter = LETTERS[self.kind]
        return Days(letter, day - dt.timedelta(days=(day - self.anchor).days % DAYS[letter]))

    def holding(self, instant: dt.datetime | dt.date, time_zone: str) -> Period:
        """The period that holds an instant or a bare date, in the zone."""
        return self.of(local_day(instant, time_zone))

    @property
    def noun(self) -> str:
        """What one of its periods is called."""
        return "period of four weeks" if self.kind == "four_weeks" else self.kind


MONTHLY = Calendar()


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


def named(text: str) -> Period | None:
    """The period of that name, such as `2025-03` or `W2025-03-03`; None where it is the name of none."""
    if match := _MONTH.fullmatch(text):
        return Month(int(match[1]), int(match[2])) if 1 < int(match[1]) < 9998 else None
    if match := _QUARTER.fullmatch(text):
        return Quarter(int(match[1]), int(match[2])) if 1 < int(match[1]) < 9998 else None
    match = _DAYS.fullmatch(text)
    return _days(match) if match else None


def parse_month(text: str) -> Period:
    """The name of a period as one; refuses anything else with a sentence."""
    found = named(text)
    if found is not None:
        return found
    if text[:1] in DAYS:
        word, example = ("a week", "W2025-03-03") if text[0] == "W" else ("a period of four weeks", "F2025-03-03")
    else:
        word, example = ("a quarter", "2025-Q1") if "Q" in text else ("a month", "2025-03")
    raise Refused(Code.BAD_MONTH, f"{text!r} is not {word}; write it as {example}.")


def _days(match: re.Match[str]) -> Period | None:
    try:
        first = dt.date(int(match[2]), int(match[3]), int(match[4]))
    except ValueError:
        return None
    return Days(match[1], first) if 1 < first.year < 9998 else None


def midnight(day: dt.date, time_zone: str) -> dt.datetime:
    """The local midnight that starts a day, as a UTC instant."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(time_zone)).astimezone(dt.UTC)


def bounds(month: Period, time_zone: str, *, periods: int = 1) -> Bounds:
    """The span of the `periods` periods that end with `month`; 0 periods: everything before its end."""
    starts_on = EARLIEST if periods == 0 else month.plus(1 - periods).first_day
    ends_on = month.plus(1).first_day
    return Bounds(midnight(starts_on, time_zone), midnight(ends_on, time_zone), starts_on, ends_on)


def local_day(instant: dt.datetime | dt.date, time_zone: str) -> dt.date:
    """The day that an instant or a bare date falls on, in the zone."""
    return instant.astimezone(ZoneInfo(time_zone)).date() if isinstance(instant, dt.datetime) else instant


def month_of(instant: dt.datetime | dt.date, time_zone: str) -> Month:
    """The month that holds an instant or a bare date, in the zone."""
    day = local_day(instant, time_zone)
    return Month(day.year, day.month)
