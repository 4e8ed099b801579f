"""Plans whose periods are weeks, four weeks or quarters, through the command line (mechanics section 9)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import month, rates
from graphsvc.errors import Code, Refused
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.conftest import Said
from tests.month.test_ranks import column, plan, publish, pv

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]

WEEKS: dict[str, Any] = {"calendar": {"week": "2025-01-01"}}
SALES = """
A
  B : own 40 @2025-01-07, own 30 @2025-01-08, own 20 @2025-01-14T23:30:00Z, own 5 @2025-01-15
"""


def test_a_week_holds_its_own_orders_and_windows_count_weeks(database: Database, ask: Ask, cli: Cli, tmp_path: Path) -> None:
    document = plan({"low": [pv(50)], "high": [pv(90, {"last": 2})]}, **WEEKS)
    publish(database, tmp_path, SALES, document)
    said = cli("month", "close", "W2025-01-08", "--plan", "ranked")
    assert said.sentence.startswith("W2025-01-08 cannot be closed: W2025-01-01 has orders and is still open")
    ranks = []
    for name in ("W2025-01-01", "W2025-01-08", "W2025-01-15"):
        assert cli("month", "close", name, "--plan", "ranked").code == 0
    for row in reversed(month.months(database, "ranked")):
        ranks.append(column(ask, row["run_id"], "ranks")["B"])
    assert ranks == [0, 2, 0]
    assert small.lines(database, "W2025-01-01", "ranked") == [("A", "team", 1, "", 200)]
    assert small.lines(database, "W2025-01-08", "ranked") == [("A", "team", 1, "", 250)]
    listed = cli("month", "list", "--plan", "ranked", "--format", "csv").out.splitlines()
    assert [line.split(",")[1] for line in listed[1:]] == ["W2025-01-15", "W2025-01-08", "W2025-01-01"]
    assert "W2025-01-08: 1 lines" in cli("month", "verify", "W2025-01-08").out


@pytest.mark.parametrize(
    ("calendar", "name", "meant"),
    [
        ("month", "2025-Q1", "2025-01"),
        ("quarter", "2025-02", "2025-Q1"),
        ({"week": "2025-01-01"}, "W2025-01-09", "W2025-01-08"),
        ({"week": "2025-01-01"}, "F2025-01-08", "W2025-01-08"),
        ({"four_weeks": "2025-01-01"}, "2025-02", "F2025-01-29"),
    ],
)
def test_a_period_of_another_calendar_is_refused_with_the_one_that_is_meant(
    calendar: Any, name: str, meant: str, database: Database, tmp_path: Path
) -> None:
    publish(database, tmp_path, SALES, plan({"low": [pv(50)]}, calendar=calendar))
    with pytest.raises(Refused) as refused:
        month.close(database, name, "ranked", actor="test")
    assert refused.value.code is Code.BAD_MONTH
    assert meant in refused.value.sentence


def test_an_order_takes_the_rate_of_its_own_period(database: Database, ask: Ask, tmp_path: Path) -> None:
    document = plan({"low": [pv(80, {"last": 2})]}, calendar={"four_weeks": "2025-01-01"})
    publish(database, tmp_path, "A\n  B : own 10 in EUR @2025-01-05, own 10 in EUR @2025-02-05", document)
    rates.publish(database, "F2025-01-01", "EUR", "USD", "3")
    rates.publish(database, "F2025-01-29", "EUR", "USD", "5")
    assert month.close(database, "F2025-01-01", "ranked", actor="test").sold_minor == 3000
    report = month.close(database, "F2025-01-29", "ranked", actor="test")
    assert report.sold_minor == 5000
    assert column(ask, report.run_id, "ranks")["B"] == 1
    with pytest.raises(Refused) as refused:
        rates.publish(database, "F2025-01-29", "EUR", "USD", "6", replace=True)
    assert refused.value.code is Code.MONTH_CLOSED
