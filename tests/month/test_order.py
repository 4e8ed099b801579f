"""In which order months close: an open earlier one is named, and where a plan carries state there is no way round."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graphsvc import month
from graphsvc.errors import Code, Refused
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month import small
from tests.month.conftest import Said

Cli = Callable[..., Said]

ACTIVE = {"conditions": [{"metric": "pv", "window": "period", "at_least": 10}], "grace_periods": 1}


def refusal(database: Database, name: str, plan: str, *, out_of_order: bool = False) -> Refused:
    with pytest.raises(Refused) as refused:
        month.close(database, name, plan, actor="test", out_of_order=out_of_order)
    assert refused.value.code is Code.MONTH_OUT_OF_ORDER
    return refused.value


def test_an_earlier_month_with_orders_that_is_open_is_named(database: Database, cli: Cli, tmp_path: Path) -> None:
    small.import_company(database, tmp_path)
    said = cli("month", "close", "2025-03", "--plan", "small")
    assert (said.code, said.out) == (2, "")
    assert said.sentence == "2025-01 has orders and is still open; close it first, or say --out-of-order."
    refused = refusal(database, "2025-04", "small")
    assert refused.sentence.startswith("2025-01 (and 1 more before 2025-04) has orders and is still open")
    assert refused.detail["open_months"] == ["2025-01", "2025-03"]
    assert month.months(database, "small") == []
    assert cli("month", "close", "2025-03", "--plan", "small", "--out-of-order").code == 0
    # An earlier month may follow later; February has no orders and holds nobody up.
    assert cli("month", "close", "2025-01", "--plan", "small").code == 0
    assert cli("month", "close", "2025-04", "--plan", "small").code == 0
    listed = cli("month", "list", "--plan", "small", "--format", "csv").out.splitlines()
    assert [line.split(",")[1:3] for line in listed[1:]] == [[f"2025-0{n}", "closed"] for n in (4, 3, 1)]


def test_months_before_the_plan_was_in_force_hold_nobody_up(database: Database, tmp_path: Path) -> None:
    build(database, draw("A : own 20 @2024-06-01\n  B : own 20 @2025-01-10"), tmp_path)
    store.publish(database, small.plan())
    assert month.close(database, "2025-01", "small", actor="test").orders == 1


def test_the_months_of_orders_are_found_by_what_the_plan_counts_by(database: Database, tmp_path: Path) -> None:
    # Paid in advance: the month of payment is earlier than that of the order.
    build(database, draw("A : own 20 @2025-01-10 placed 2025-03-01, own 20 @2025-03-05 placed 2025-02-27"), tmp_path)
    for name, counted_by in (("paid", "paid_at"), ("placed", "placed_at")):
        store.publish(database, small.plan(name, volumes=small.PLAN["volumes"] | {"counted_by": counted_by}))
    assert refusal(database, "2025-03", "paid").detail["open_months"] == ["2025-01"]
    assert refusal(database, "2025-03", "placed").detail["open_months"] == ["2025-02"]


def test_where_grace_is_carried_months_close_strictly_in_order(database: Database, tmp_path: Path) -> None:
    small.import_company(database, tmp_path, document=small.plan("graceful", active=ACTIVE))
    for out_of_order in (False, True):
        refused = refusal(database, "2025-03", "graceful", out_of_order=out_of_order)
        assert "2025-01 has orders and is still open" in refused.sentence
        assert "carries grace" in refused.sentence
        assert "--out-of-order" not in refused.sentence
    month.close(database, "2025-01", "graceful", actor="test")
    report = month.close(database, "2025-03", "graceful", actor="test")
    assert report.state == "done"
    for out_of_order in (False, True):
        refused = refusal(database, "2025-02", "graceful", out_of_order=out_of_order)
        assert "2025-03 is already closed" in refused.sentence


def test_grace_keeps_active_who_met_the_conditions_the_month_before(database: Database, tmp_path: Path) -> None:
    text = "A : own 20 @2025-01-05\n  B : own 100 @2025-02-05\n    C : own 20 @2025-01-07, own 100 @2025-03-05"
    small.import_company(database, tmp_path, text, small.plan("graceful", active=ACTIVE, bonuses=small.PLAN["bonuses"][:1]))
    reports = [month.close(database, f"2025-0{n}", "graceful", actor="test") for n in (1, 2, 3, 4)]
    assert [report.active for report in reports] == [2, 3, 2, 1]
    assert small.lines(database, "2025-02", "graceful") == [("A", "team", 1, "", 500)]
    assert small.lines(database, "2025-03", "graceful") == [("B", "team", 1, "", 500)]
