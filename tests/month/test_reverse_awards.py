"""Parts of closed lines of bonuses that walk no tree: milestones that pay a rate, pools and match-downs that cascade."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc import explain
from graphsvc.query.runner import Database
from tests.graphs import draw
from tests.month.test_awards import PV, award, pool
from tests.month.test_reverse import VOLUMES, closed, document, limited, unilevel

THEN = VOLUMES | {"late_orders": "then"}


def tenth(pays: str = "highest", how_often: str = "each_period", **changes: Any) -> dict[str, Any]:
    """From 100 on a tenth of what each partner bought, from 500 on a fifth; from 10 on a sum."""
    steps = [{"from": 10, "sum": 1}, {"from": 100, "rate": "10%", "of": "money"}, {"from": 500, "rate": "20%", "of": "cv"}]
    return award("milestone", name="tenth", metric=PV, pays=pays, how_often=how_often, steps=steps) | changes


def parts(lines: list[Any]) -> list[tuple[Any, ...]]:
    return [(line[0], line[1], line[2], line[4]) for line in lines]


def test_a_milestone_keeps_its_step_and_loses_the_orders_part(database: Database, tmp_path: Path) -> None:
    """A fifth of 730.00 is 146.00, of 30.00 it is 6.00, though 30.00 alone reach no rate; a sum for a step stays."""
    text = """
    A : own 730 @2025-01-10, refund 700 @2025-02-10, own 15 @2025-02-11
    B : own 120 @2025-01-10, refund 120 @2025-03-10, own 80.05 @2025-01-11 after 1
    C : own 50 @2025-01-10, refund 49 @2025-02-10
    """
    plan = document(tenth(), volumes=THEN)
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert [parts(each) for each in lines] == [
        [("A", "tenth", 3, 14_600), ("B", "tenth", 2, 1200), ("C", "tenth", 1, 100)],
        [("A", "tenth", 3, -14_000), ("B", "tenth", 1, 100), ("B", "tenth", 2, 801)],  # 120.00 and 80.05 make 20.01
        [("B", "tenth", 2, -1200)],
    ]


def test_every_step_of_a_milestone_that_is_paid_once_loses_its_part(database: Database, tmp_path: Path) -> None:
    text = "A : own 600 @2025-01-10, refund 100 @2025-02-10, own 600 @2025-02-11, refund 60 @2025-03-10"
    lines = closed(database, draw(text), tmp_path, document(tenth("every", "once")), "2025-01", "2025-02", "2025-03")
    assert [parts(each) for each in lines] == [
        [("A", "tenth", 1, 100), ("A", "tenth", 2, 6000), ("A", "tenth", 3, 12_000)],
        [("A", "tenth", 2, -1000), ("A", "tenth", 3, -2000)],
        [],  # the steps were not due again in February
    ]


def test_a_milestone_pays_no_part_of_closed_periods_again(database: Database, tmp_path: Path) -> None:
    """Own volume of the refund's period is without it, as the part is taken from the closed line; conditions count it."""
    text = "A : own 200 @2025-01-10, refund 50 @2025-02-10, own 160 @2025-02-11"
    lines = closed(database, draw(text), tmp_path, document(tenth()), "2025-01", "2025-02")
    assert [(x[2], x[3], x[4]) for x in lines[1]] == [(2, "", 1600), (2, "reversal A-1 2025-01", -500)]


@pytest.mark.parametrize(
    ("changes", "rate", "paid", "taken"),
    [
        ({}, "1%", [333, 333, 333], [-33, -33, -33]),
        ({"rest": "first"}, "1%", [334, 333, 333], [-34, -33, -33]),
        ({"shares": {"places": ["50%", "30%"]}}, "1%", [500, 300], [-50, -30]),
        ({"shares": {"in_proportion": PV}, "first": 2, "rounded_at": "point"}, "100%", [49_800, 49_800], [-4800, -4800]),
    ],
)
def test_a_pool_loses_the_orders_part_of_its_fund(
    changes: dict[str, Any], rate: str, paid: list[int], taken: list[int], database: Database, tmp_path: Path
) -> None:
    """1 % of 1000.00 is 10.00, of 900.00 it is 9.00: each share is what it would be of that, whoever shares it now. The points of
    600.00 are 1.66 each of 1000.00, and 1.50 of 900.00."""
    text = """
    A : own 300 @2025-01-10
    B : own 300 @2025-01-10, own 500 @2025-02-10
    C : own 400 @2025-01-10, refund 100 @2025-02-10
    """
    shared = pool(fund=pool()["fund"] | {"rate": rate}, reversals="cascade", order=["partner_id"], **changes)
    plan = document(shared, active={"conditions": [PV | {"at_least": 1}], "grace_periods": 0})
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert [line[4] for line in lines[0]] == paid
    assert [line[4] for line in lines[1] if line[3]] == taken
    assert [line[4] for line in lines[1] if not line[3]] != []


def test_a_fund_changes_once_for_all_orders(database: Database, tmp_path: Path) -> None:
    """A fund of 0.10 of two orders, 0.05 each to two partners, and the same for each of the two: 0.05 less, one line a share."""
    text = """
    A : own 5 @2025-01-10, refund 5 @2025-02-10, own 5 @2025-01-11, refund 5 @2025-02-10
    B : own 0.40 @2025-01-12 after 1
    """
    shared = pool(fund=pool()["fund"] | {"rate": "1%"}, reversals="cascade")
    everybody = document(shared, volumes=THEN)
    lines = closed(database, draw(text), tmp_path, everybody, "2025-01", "2025-02")
    assert [parts(each) for each in lines[:1]] == [[("A", "pool", 1, 5), ("B", "pool", 1, 5)]]
    assert [(x[0], x[3], x[4]) for x in lines[1]] == [("A", "changes 2025-01", -5), ("B", "changes 2025-01", -5)]


def test_a_sponsors_lines_change_once_for_all_orders(database: Database, tmp_path: Path) -> None:
    """Half of 1.00 to two is 0.25 each; without 0.01 of each of three orders it is half of 0.97, 0.24 each, in one line."""
    text = """
    A
      B : own 4 @2025-01-10, refund 0.10 @2025-02-10, own 4 @2025-01-11, refund 0.10 @2025-02-10
      C : own 2 @2025-01-10, refund 0.10 @2025-02-10
    """
    down = award("match_down", name="down", of=["team"], rate="50%", reversals="cascade")
    lines = closed(database, draw(text), tmp_path, document(unilevel("10%"), down), "2025-01", "2025-02")
    assert [(x[0], x[1], x[3], x[4]) for x in lines[1]] == [
        ("A", "team", "reversal B-1 2025-01", -1),
        ("A", "team", "reversal B-2 2025-01", -1),
        ("A", "team", "reversal C-1 2025-01", -1),
        ("B", "down", "changes 2025-01", -1),
        ("C", "down", "changes 2025-01", -1),
    ]
    (said,) = explain.lines(database, "2025-02", "C", bonus="down")
    assert "behind it: reversal B-1, reversal B-2, reversal C-1" in said.facts


def test_an_order_takes_its_part_at_the_place_of_its_earliest_line_though_that_be_worth_nothing(
    database: Database, tmp_path: Path
) -> None:
    """Of 20.00 go 1.01 first, then come 0.99: halves of 20.00, 18.99 and 19.98 are 10.00, 9.50 and 9.99. By the line of the 20th
    they would be 10.00, 10.50 and 9.99. Found as 300 networks under seed 20261130."""
    text = """
    S
      A : own 1.01 @2025-01-20 as A-1, also 0 qv 0 cv 0 @2025-01-05, refund 1.01 @2025-02-10, own 0.99 @2025-01-12 as A-2 after 1
      B : own 18.99 @2025-01-10
    """
    plan = document(unilevel("50%", base="money"), volumes=THEN)
    _, lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert [(x[0], x[3], x[4]) for x in lines] == [
        ("S", "late A-2 2025-01", 49),
        ("S", "reversal A-1 2025-01", -50),
    ]


def test_a_match_down_loses_its_part_of_the_sponsors_lines(database: Database, tmp_path: Path) -> None:
    """Half of 10.00 to two is 2.50 each, of 9.97 it is 2.49."""
    text = """
    A
      B : own 100 @2025-01-10, refund 0.30 @2025-02-10, refund 9.70 @2025-03-10
      C
    """
    down = award("match_down", name="down", of=["team"], rate="50%", reversals="cascade")
    stay = award("match_down", name="stay", of=["team"], rate="50%", reversals="stay")
    plan = document(unilevel("10%"), down, stay)
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert parts(lines[0])[1:3] == [("B", "down", 1, 250), ("B", "stay", 1, 250)]
    assert [parts(each) for each in lines[1:]] == [
        [("A", "team", 1, -3), ("B", "down", 1, -1), ("C", "down", 1, -1)],
        [("A", "team", 1, -97), ("B", "down", 1, -24), ("C", "down", 1, -24)],
    ]


def test_limits_leave_less_of_a_share(database: Database, tmp_path: Path) -> None:
    """5.00 of a fund of 10.00 under 4.80: of 9.40 a share is 4.70, so 0.10 are taken."""
    text = "A : own 400 @2025-01-10, refund 60 @2025-02-10\nB : own 600 @2025-01-10"
    shared = pool(name="team", fund=pool()["fund"] | {"rate": "1%"}, reversals="cascade")
    lines = closed(database, draw(text), tmp_path, document(shared, **limited("partner", "4.80")), "2025-01", "2025-02")
    assert [parts(each) for each in lines] == [
        [("A", "team", 1, 480), ("B", "team", 1, 480)],
        [("A", "team", 1, -10), ("B", "team", 1, -10)],
    ]


def test_a_fast_start_of_calendar_months_takes_only_its_own_orders_back(database: Database, tmp_path: Path) -> None:
    """B joined in November, so no order of January is of its start; C's are until the end of January."""
    text = """
    A
      B joined 2024-11-20 : own 100 @2025-01-10, refund 50 @2025-02-10
      C joined 2025-01-31 : own 200 @2025-01-31, refund 100 @2025-02-10
    """
    fast = unilevel("50%", name="fast", kind="fast_start", calendar_months=1, others="instead")
    lines = closed(database, draw(text), tmp_path, document(fast, unilevel("10%")), "2025-01", "2025-02")
    assert [[(x[1], x[4]) for x in each] for each in lines] == [
        [("fast", 10_000), ("team", 1000)],
        [("fast", -5000), ("team", -500)],
    ]


def test_a_limit_by_rate_is_of_what_bonuses_are_paid_on_and_a_goal_of_what_conditions_count(
    database: Database, tmp_path: Path
) -> None:
    """1 % of February's 300.00 is 3.00, whatever is refunded of January; the goal of 200.00 counts what came late, less that."""
    text = """
    A
      B : own 500 @2025-01-10, refund 400 @2025-02-10, own 300 @2025-02-11, own 300 @2025-01-12 after 1
    """
    goal = award("group_goal", name="goal", team="everybody", metric={"metric": "tv", "window": "period"}, goal=200, sum=1)
    plan = document(unilevel("10%"), goal, volumes=THEN, limits=[{"cap": "company", "bonuses": ["team"], "rate": "1%"}])
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert [[(x[0], x[1], x[3], x[4]) for x in each if x[0] == "A"] for each in lines] == [
        [("A", "goal", "", 100), ("A", "team", "", 500)],
        [
            ("A", "goal", "", 100),
            ("A", "team", "", 300),
            ("A", "team", "late B-3 2025-01", 300),  # 10 % of 300.00, times 5.00 / 50.00 as in January
            ("A", "team", "reversal B-1 2025-01", -400),
        ],
    ]
