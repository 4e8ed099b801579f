"""Months, their bounds in a zone, and the windows that end with them."""

from __future__ import annotations

import datetime as dt

import pytest

from graphsvc.errors import Code, Refused
from graphsvc.periods import EARLIEST, Calendar, Month, bounds, midnight, month_of, parse_month


@pytest.mark.parametrize("text", ["0002-01", "1997-01", "2025-12", "9997-12"])
def test_a_month_reads_back_as_it_is_written(text: str) -> None:
    assert str(parse_month(text)) == text


@pytest.mark.parametrize(
    "text", ["", "2025", "2025-0", "2025-00", "2025-13", "2025-1", "2025-01-01", "0001-12", "9998-01", "２０25-01"]
)
def test_anything_else_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_month(text)
    assert refused.value.code is Code.BAD_MONTH
    assert refused.value.sentence == f"{text!r} is not a month; write it as 2025-03."


@pytest.mark.parametrize("text", ["2025-Q1", "0002-Q4", "W2025-03-03", "F2025-03-03", "W2024-02-29"])
def test_other_periods_read_back_as_they_are_written(text: str) -> None:
    assert str(parse_month(text)) == text


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("2025-Q5", "a quarter; write it as 2025-Q1."),
        ("Q1-2025", "a quarter; write it as 2025-Q1."),
        ("W2025-02-29", "a week; write it as W2025-03-03."),
        ("W2025-3-3", "a week; write it as W2025-03-03."),
        ("F9999-01-01", "a period of four weeks; write it as F2025-03-03."),
    ],
)
def test_what_is_no_period_is_told_as_what_it_looks_like(text: str, what: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_month(text)
    assert refused.value.sentence == f"{text!r} is not {what}"


@pytest.mark.parametrize(
    ("calendar", "day", "names"),
    [
        (Calendar("month"), dt.date(2025, 1, 31), ["2024-12", "2025-01", "2025-02"]),
        (Calendar("quarter"), dt.date(2025, 3, 31), ["2024-Q4", "2025-Q1", "2025-Q2"]),
        (Calendar("week", dt.date(2025, 3, 3)), dt.date(2025, 3, 9), ["W2025-02-24", "W2025-03-03", "W2025-03-10"]),
        (Calendar("week", dt.date(2025, 3, 3)), dt.date(2024, 12, 31), ["W2024-12-23", "W2024-12-30", "W2025-01-06"]),
        (Calendar("four_weeks", dt.date(2025, 3, 3)), dt.date(2025, 3, 2), ["F2025-01-06", "F2025-02-03", "F2025-03-03"]),
    ],
)
def test_a_day_is_held_by_one_period_of_a_calendar(calendar: Calendar, day: dt.date, names: list[str]) -> None:
    period = calendar.of(day)
    assert [str(period.plus(n)) for n in (-1, 0, 1)] == names
    assert period.first_day <= day < period.plus(1).first_day
    assert calendar.of(period.first_day) == period
    assert period < period.plus(1)


def test_a_window_spans_periods_of_its_calendar() -> None:
    assert bounds(parse_month("2025-Q1"), "UTC", periods=3).starts_on == dt.date(2024, 7, 1)
    assert bounds(parse_month("W2025-03-03"), "UTC", periods=2).starts_on == dt.date(2025, 2, 24)
    assert bounds(parse_month("F2025-03-03"), "Europe/Moscow").ends_at == dt.datetime(2025, 3, 30, 21, tzinfo=dt.UTC)


def test_months_count_over_years() -> None:
    assert [str(Month(2025, 1).plus(n)) for n in (-13, -1, 0, 11, 12)] == ["2023-12", "2024-12", "2025-01", "2025-12", "2026-01"]
    assert Month(2024, 12) < Month(2025, 1)


@pytest.mark.parametrize(
    ("month", "zone", "starts", "ends"),
    [
        ("2025-03", "UTC", "2025-03-01T00:00", "2025-04-01T00:00"),
        ("2025-03", "Europe/Moscow", "2025-02-28T21:00", "2025-03-31T21:00"),
        ("2025-03", "Europe/Berlin", "2025-02-28T23:00", "2025-03-31T22:00"),  # the clocks change inside
        ("2025-03", "Pacific/Kiritimati", "2025-02-28T10:00", "2025-03-31T10:00"),
        ("2025-03", "Pacific/Pago_Pago", "2025-03-01T11:00", "2025-04-01T11:00"),
        ("2017-09", "America/Asuncion", "2017-09-01T04:00", "2017-10-01T04:00"),  # 2017-10 began at one o'clock
    ],
)
def test_a_month_is_that_of_the_plans_zone(month: str, zone: str, starts: str, ends: str) -> None:
    found = bounds(parse_month(month), zone)
    assert found.starts_at == dt.datetime.fromisoformat(starts).replace(tzinfo=dt.UTC)
    assert found.ends_at == dt.datetime.fromisoformat(ends).replace(tzinfo=dt.UTC)
    assert found.ends_on - dt.timedelta(days=1) == found.last_day
    assert set(found.parameters()) == {"starts_at", "ends_at", "starts_on", "ends_on"}


def test_windows_end_with_the_month() -> None:
    assert bounds(Month(2025, 3), "UTC", periods=3).starts_on == dt.date(2025, 1, 1)
    assert bounds(Month(2025, 3), "UTC", periods=0).starts_on == EARLIEST
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert bounds(Month(2, 1), zone, periods=0).starts_at.year == 1
        assert bounds(Month(9997, 12), zone).ends_on == dt.date(9998, 1, 1)


def test_the_month_of_an_instant_is_that_of_the_zone_and_of_a_date_its_own() -> None:
    late = dt.datetime(2025, 2, 28, 22, 30, tzinfo=dt.UTC)
    assert str(month_of(late, "UTC")) == "2025-02"
    assert str(month_of(late, "Europe/Moscow")) == "2025-03"
    assert str(month_of(dt.date(2025, 2, 28), "Europe/Moscow")) == "2025-02"
    assert midnight(dt.date(2025, 3, 1), "Europe/Moscow") == dt.datetime(2025, 2, 28, 21, tzinfo=dt.UTC)
