"""Tables as people read them, in terminals wide and narrow."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from rich.console import Console

from graphsvc.cli import tables
from graphsvc.cli.tables import Told

COLUMNS = ("partner_id", "amount_minor", "currency", "reason", "made_at")
MADE = dt.datetime(2026, 11, 30, 16, 26, 5, tzinfo=dt.timezone(dt.timedelta(hours=3)))
ROWS = [
    {"partner_id": "P-1", "amount_minor": 8_617_325, "currency": "RUB", "reason": None, "made_at": MADE},
    {"partner_id": "P-20", "amount_minor": -50, "currency": "RUB", "reason": "", "made_at": None},
]


def printed(told: Told, width: int) -> list[str]:
    out = Console(file=io.StringIO(), width=width, highlight=False, emoji=False)
    tables.show(out, told)
    assert isinstance(out.file, io.StringIO)
    return [line.rstrip() for line in out.file.getvalue().splitlines()]


def test_sums_are_in_their_currency_moments_to_the_minute_and_what_is_empty_is_left_out() -> None:
    told = Told.of(COLUMNS, ROWS, ())
    assert told.headers == ["partner id", "amount, RUB", "made at"]
    assert told.rows == [["P-1", "86173.25", "2026-11-30 13:26"], ["P-20", "-0.50", ""]]
    assert told.right == ["amount, RUB"]


def test_a_currency_is_said_line_by_line_where_there_are_several() -> None:
    told = Told.of(COLUMNS[:3], [ROWS[0], ROWS[1] | {"currency": "JPY"}], ())
    assert told.headers == ["partner id", "amount", "currency"]
    assert [row[1:] for row in told.rows] == [["86173.25", "RUB"], ["-50", "JPY"]]


def test_no_rows_keep_their_headers() -> None:
    assert Told.of(COLUMNS, [], ()).headers == ["partner id", "amount", "currency", "reason", "made at"]


def test_a_cell_with_brackets_is_printed_as_it_is() -> None:
    rows = [{"partner_id": "[bold]", "reason": "a [link=x] b"}]
    for width in (60, 15):
        assert "[bold]" in "\n".join(printed(Told.of(("partner_id", "reason"), rows, ()), width))


@pytest.mark.parametrize("width", [100, 42, 36])
def test_words_are_whole_in_any_terminal_that_they_fit_into(width: int) -> None:
    lines = printed(Told.of(COLUMNS, ROWS, ()), width)
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    assert {"P-1", "P-20", "86173.25", "-0.50", "2026-11-30", "13:26"} <= set(words)
    assert any("───" in line for line in lines), "a table"


def test_where_no_table_fits_each_row_is_a_block() -> None:
    lines = printed(Told.of(COLUMNS, ROWS, ()), 30)
    assert lines == [
        "partner id   P-1",
        "amount, RUB  86173.25",
        "made at      2026-11-30 13:26",
        "",
        "partner id   P-20",
        "amount, RUB  -0.50",
        "",
    ]


def test_the_widest_column_gives_way_and_no_cell_is_cut() -> None:
    columns = ("plan", "month", "partner_id", "bonus", "level", "amount_minor", "currency", "payout_id", "where")
    where = "paid with payout spring/P00012, which is settled"
    row = dict(zip(columns, ("cdnow", "1997-01", "P00012", "team", 1, 9115, "USD", "spring/P00012", where), strict=True))
    lines = printed(Told.of(columns, [row], ()), 80)
    assert any("───" in line for line in lines), "a table"
    assert max(map(len, lines)) <= 80
    assert set(where.split()) <= set(" ".join(lines).split())
