"""The judge is judged first: every number that the definitions work out by hand, on volumes, activity, ranks and money."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.graphs import draw
from tests.model import Month, months, rounded
from tests.month.plans import closed, document, in_turn, paid, pv, ranks, unilevel
from tests.records import Rate

PV = {"metric": "pv", "window": "period"}


def values(text: str, test: dict[str, Any], month: str = "2025-03", need: int = 0, **changes: Any) -> dict[str, int]:
    """A metric of every partner of a drawing."""
    judged = Month(draw(text), document(**changes), month)
    return {p: judged.measured(test, p, need) for p in judged.partners}


def test_a_volume_has_a_value() -> None:
    lines = closed("U\n  S : own 500 cv 150", document(unilevel("6%"), value="0.40")).lines
    assert [(x.base, x.base_minor, x.amount_minor) for x in lines] == [(150_000, 6000, 360)]


def test_a_third_of_an_order_given_back_three_times() -> None:
    text = "S : own 30 qv 100 @2025-01-10, refund 10 @2025-02-10, refund 10 @2025-03-10, refund 10 @2025-03-11"
    window = {"metric": "pv", "window": "since_joining"}
    assert [values(text, PV, month)["S"] for month in ("2025-01", "2025-02", "2025-03", "2025-04")] == [
        100_000,
        -33_333,
        -66_667,
        0,
    ]
    assert values(text, window, "2025-02") == {"S": 66_667}
    assert values(text, {"metric": "pv", "window": {"last": 2}}, "2025-03") == {"S": -100_000}
    assert values(text, {"metric": "pv", "window": {"last": 2}}, "2025-02") == {"S": 66_667}


def test_own_use_and_joining_packs_count_as_the_plan_says() -> None:
    text = "S : own 1, pack 10, retail 100 by c"
    for own, pack, qv, cv in (("qv", "cv", 101_000, 110_000), ("both", "neither", 101_000, 101_000)):
        volumes = document()["volumes"] | {"own_use": own, "joining_pack": pack}
        judged = Month(draw(text), document(volumes=volumes), "2025-03")
        assert (judged.columns("period")["qv"]["S"], judged.columns("period")["cv"]["S"]) == (qv, cv)


def test_an_order_and_its_full_refund_in_one_period_are_as_if_neither_were() -> None:
    text = "S : retail 30 by c1, refund 10, refund 20, own 5"
    sales = {"metric": "personal_sales", "window": "period"}
    for test, expected in (
        (PV, 5_000),
        (sales | {"of": "money"}, 500),
        (sales | {"of": "count"}, 1),
        ({"metric": "customer_pv", "window": "period"}, 0),
        ({"metric": "paying_customers", "window": "period"}, 0),
    ):
        assert values(text, test) == {"S": expected}


def test_a_refund_never_comes_before_its_order() -> None:
    text = "S : own 30 @2025-03-10, refund 30 @2025-02-01"
    assert [values(text, PV, month)["S"] for month in ("2025-02", "2025-03")] == [0, 0]


def test_a_refund_of_several_lines_takes_from_each_rounded_down() -> None:
    text = "S : own 10 qv 10, also 20 qv 20.001, also 0 qv 1, refund 10"
    assert values(text, PV) == {"S": 31_001 - 3_333 - 6_667 - 333}


def test_an_invoice_and_its_credit_note() -> None:
    text = "U\n  S : own 730 @2025-02-10, refund 55 @2025-02-11"
    assert paid(text, document(unilevel("6%")), "2025-02") == [("U", 1, 4050)]


@pytest.mark.parametrize(("lines", "amounts"), [("step", [5]), ("order", [2, 2, 2])])
def test_three_orders_of_a_third_at_five_percent(lines: str, amounts: list[int]) -> None:
    found = closed("U\n  S : own 0.33, own 0.33, own 0.33", document(unilevel("5%", lines=lines))).lines
    assert [x.amount_minor for x in found] == amounts
    assert [x.source_id for x in found] == ([""] if lines == "step" else ["S-1/1", "S-2/1", "S-3/1"])


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down"),
    [("-12.5", -13, -12, -12), ("12.5", 13, 12, 12), ("13.5", 14, 14, 13), ("-0.49", 0, 0, 0), ("0.51", 1, 1, 0)],
)
def test_rounding_is_of_the_absolute_value(value: str, half_up: int, half_even: int, down: int) -> None:
    assert [rounded(Fraction(value), rule) for rule in ("half_up", "half_even", "down")] == [half_up, half_even, down]


def test_a_line_of_nothing_is_not_written_and_one_below_nothing_is() -> None:
    text = "U\n  S : own 0.05 @2025-02-10, refund 0.05, own 0.02"
    assert paid(text, document(unilevel("10%", "90%"))) == []
    assert paid(text, document(unilevel("50%"))) == [("U", 1, -2)]


def test_whole_units() -> None:
    lines = closed("U\n  S : own 50", document(unilevel("5%"), rounding={"rule": "half_up", "to": "whole"})).lines
    assert [(x.base_minor, x.amount_minor) for x in lines] == [(5000, 300)]


def test_money_is_converted_once_an_order_by_the_rate_of_the_month_that_counts_it() -> None:
    rates = [Rate("2025-02", "KWD", "USD", "3.2445"), Rate("2025-03", "KWD", "USD", "4")]
    network = draw("U\n  S : own 0.999 in KWD @2025-02-10, own 0.999 in KWD qv 7, refund 0.999")
    judged = Month(network, document(), "2025-02", rates=rates)
    assert [(s.money, s.qv, s.cv) for s in judged.sources()] == [(324, 3240, 3240)]
    judged = Month(network.without({"S-2-r1"}), document(), "2025-03", rates=rates)
    assert [(s.money, s.qv, s.cv) for s in judged.sources()] == [(400, 7000, 4000)]


def test_metrics_of_a_team() -> None:
    text = """
    A : own 10
      B : own 20 qv 5
        D : own 1
      C : retail 30 by c1, retail 30 by c1, own 0.01 qv 0, customer c2, customer c3 joined 2025-04-01
      E joined 2025-04-01 : own 7
    """
    window = {"window": "period"}
    assert values(text, {"metric": "tv"} | window)["A"] == 10_000 + 5_000 + 1_000 + 60_000 + 7_000
    assert values(text, {"metric": "leg", "nth": 2} | window)["A"] == 7_000
    assert values(text, {"metric": "leg", "nth": 4} | window)["A"] == 0
    assert values(text, {"metric": "outside_legs", "largest": 1} | window)["A"] == 13_000
    assert values(text, {"metric": "legs_with", "volume": 6} | window)["A"] == 3
    assert values(text, {"metric": "active_frontline"})["A"] == 2
    assert values(text, {"metric": "active_downline", "depth": "unlimited"})["A"] == 3
    assert values(text, {"metric": "active_downline", "depth": 1})["B"] == 1
    assert values(text, {"metric": "customers"})["C"] == 2
    assert values(text, {"metric": "orders"} | window)["C"] == 3
    assert values(text, {"metric": "paying_customers"} | window)["C"] == 1
    assert values(text, {"metric": "personal_sales", "of": "average"} | window)["C"] == 2000
    assert values(text, {"metric": "customer_share"} | window)["C"] == 1_000_000


def test_whole_months_since_joining() -> None:
    text = "A joined 2025-01-31\nB joined 2025-02-01\nC joined 2025-02-28T23:30:00Z\nD joined 2025-03-01\nE joined 2024-02-29"
    test = {"metric": "months_since_joining"}
    months_in = {name: values(text, test, "2025-02", time_zone=name) for name in ("UTC", "Europe/Moscow")}
    assert months_in["UTC"] == {"A": 0, "B": 0, "C": 0, "D": 0, "E": 11}
    assert values(text, test, "2025-03")["B"] == 1
    assert months_in["Europe/Moscow"]["C"] == 0


@pytest.mark.parametrize(("of", "counted", "passes"), [("requirement", 3500, False), ("total", 6000, True)])
def test_the_max_leg_rule(of: str, counted: int, passes: bool) -> None:
    text = "A : own 7 qv 0\n  B : own 9000\n  C : own 800\n  D : own 200"
    test = {"metric": "counted_volume", "share": "50%", "of": of, "own_pv": "without", "window": "period", "at_least": 5000}
    judged = Month(draw(text), document(), "2025-03")
    assert judged.measured(test, "A", 5_000_000) == counted * 1000
    assert judged.holds([test], "A") == passes
    text = text.replace("own 7 qv 0", "own 7")
    assert values(text, test | {"own_pv": "with"}, need=5_000_000)["A"] == (counted + 7) * 1000


def test_grace_keeps_active_who_met_the_conditions_before() -> None:
    asked = document(active={"conditions": [pv(1)], "grace_periods": 1})
    network = draw("A : own 1\nB : own 1 @2025-04-01\nC suspended : own 1")
    results = months(network, [(month, asked) for month in ("2025-03", "2025-04", "2025-05", "2025-06")])
    active = {month: "".join(p for p, is_active in r.active.items() if is_active) for month, r in results.items()}
    assert active == {"2025-03": "A", "2025-04": "AB", "2025-05": "B", "2025-06": ""}


@pytest.mark.parametrize(
    ("title", "expected"),
    [("kept", [3, 3, 3, 3, 3, 3]), ({"window": 3}, [3, 3, 3, 1, 2, 2]), ({"step_down": 2}, [3, 3, 3, 2, 2, 2])],
)
def test_three_ways_of_holding_a_title(title: Any, expected: list[int]) -> None:
    paid_as = [3, 1, 1, 1, 2, 1]
    orders = ", ".join(f"own {rank} @2025-0{number}-10" for number, rank in enumerate(paid_as, 1))
    rules = ranks("a", "b", "c", title=title, a=[pv(1)], b=[pv(2)], c=[pv(3)])
    results = in_turn(f"P : {orders}", document(ranks=rules), *(f"2025-0{n}" for n in range(1, 7)))
    assert [r.ranks["P"] for r in results] == paid_as
    assert [r.titles["P"] for r in results] == expected


def test_a_rank_needs_none_of_the_ranks_below_it_and_may_ask_for_ranks_below() -> None:
    head = [{"metric": "legs_with_rank", "rank": "a", "as": "paid_as", "at_least": 2}]
    rules = ranks("a", "b", a=[pv(10)], b=head)
    text = "P\n  A : own 10\n  B : own 10\n  C : own 1\nQ\n  D\n    E : own 10\n  F : own 10\nR\n  G : own 10\n    H : own 10"
    result = closed(text, document(ranks=rules))
    assert {p: r for p, r in result.ranks.items() if r} == dict.fromkeys("ABEFGH", 1) | {"P": 2, "Q": 2}


def test_a_rank_set_by_hand_stands_in_for_its_period() -> None:
    rules = ranks("a", "b", title={"window": 2}, a=[pv(1)], b=[pv(10)])
    results = in_turn("P : own 1", document(ranks=rules), "2025-03", "2025-04", "2025-05", forced={("P", "2025-03"): "b"})
    assert [(r.ranks["P"], r.titles["P"]) for r in results] == [(2, 2), (0, 2), (0, 0)]


def test_what_activity_needs_may_depend_on_the_title_at_the_start() -> None:
    need = {"metric": "pv", "window": "period", "at_least": {"by_title": {"none": 1, "b": 5}}}
    rules = ranks("a", "b", "c", a=[pv(1)], b=[pv(2)], c=[pv(3)])
    plan = document(ranks=rules, active={"conditions": [need], "grace_periods": 0})
    text = "P : own 3, own 4 @2025-04-10\nQ : own 1, own 1 @2025-04-10"
    results = in_turn(text, plan, "2025-03", "2025-04")
    assert [r.active for r in results] == [{"P": True, "Q": True}, {"P": False, "Q": True}]


def test_running_totals_go_on_from_period_to_period() -> None:
    running = [{"metric": "pv", "window": "running", "at_least": 25}]
    plan = document(unilevel("1%", levels=[{"rate": "1%", "opens": running}], first_level="seller"))
    text = "P : own 99 @2024-12-10, own 10 @2025-01-10, own 10 @2025-02-10, own 10 @2025-03-10"
    results = in_turn(text, plan, "2025-01", "2025-02", "2025-03")
    assert [len(r.lines) for r in results] == [0, 0, 1]


def test_events_count_where_they_were_accepted() -> None:
    text = "P : event task, event task rejected, event task @2025-02-10, event lead"
    test = {"metric": "events", "kind": "task"}
    assert values(text, test | {"window": "period"}) == {"P": 1}
    assert values(text, test | {"window": {"last": 2}}) == {"P": 2}


def test_partners_right_below_who_meet_a_condition_that_may_ask_the_same_of_those_below_them() -> None:
    text = "A\n  B\n    C : own 5\n    D suspended : own 5\n  E : own 5\n    F"
    test = {"metric": "frontline_with", "condition": "buyer"}
    conditions = {"buyer": [pv(5)], "leader": [{"any": [pv(5), test | {"at_least": 2}]}]}
    assert values(text, test, conditions=conditions) == dict.fromkeys("CDEF", 0) | {"A": 1, "B": 2}
    leaders = test | {"condition": "leader"}
    assert values(text, leaders, conditions=conditions) == dict.fromkeys("CDEF", 0) | {"A": 2, "B": 2}


def test_recruits_in_each_leg_of_a_placement_tree() -> None:
    text = """
    A
      B left of A
        E left of C
      C right of A
      D left of B
      F suspended right of C
    """
    trees = {"legs": {"kind": "binary", "placement": "left", "holding_days": 0}}
    assert values(text, {"metric": "recruits_per_leg", "tree": "legs"}, trees=trees) == dict.fromkeys("ABCDEF", 0) | {"A": 1}


@pytest.mark.parametrize(
    ("zone", "instant", "month"),
    [
        ("Europe/Moscow", "2025-02-28T21:00:00Z", "2025-03"),
        ("Europe/Moscow", "2025-02-28T20:59:59Z", "2025-02"),
        ("America/New_York", "2025-04-01T03:59:59Z", "2025-03"),
        ("America/New_York", "2025-03-01", "2025-03"),
        ("America/Asuncion", "2017-10-01", "2017-10"),  # the clocks skip this midnight
        ("America/Asuncion", "2017-10-01T03:59:59Z", "2017-09"),
        ("America/Asuncion", "2017-10-01T04:00:00Z", "2017-10"),
        ("America/Havana", "2020-11-01", "2020-11"),  # this midnight comes twice
        ("America/Havana", "2020-11-01T03:59:59Z", "2020-10"),
        ("America/Havana", "2020-11-01T04:30:00Z", "2020-11"),
    ],
)
def test_the_month_that_holds_an_instant(zone: str, instant: str, month: str) -> None:
    judged = Month(draw("A"), document(time_zone=zone), "2025-01")
    assert judged.period_of(judged.instant(instant)) == month


@pytest.mark.parametrize(
    ("calendar", "day", "period", "first", "end"),
    [
        ("quarter", "2025-03-31", "2025-Q1", "2025-01-01", "2025-04-01"),
        ({"week": "2025-03-03"}, "2025-03-02", "W2025-02-24", "2025-02-24", "2025-03-03"),
        ({"four_weeks": "2025-03-03"}, "2025-03-30", "F2025-03-03", "2025-03-03", "2025-03-31"),
    ],
)
def test_periods_that_are_no_months(calendar: Any, day: str, period: str, first: str, end: str) -> None:
    judged = Month(draw("A"), document(calendar=calendar), period)
    assert judged.period_of(judged.instant(day)) == period
    assert judged.span("period") == (judged.instant(first), judged.instant(end))
