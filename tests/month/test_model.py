"""The judge is judged first: every number that the definitions work out by hand, for what the model covers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from graphsvc.plan.compiled import EVERY_ACTIVE, CompiledPlan, Condition, Level, Metric, Unilevel, Window
from graphsvc.plan.compiled import Test as Need
from tests.graphs import draw
from tests.model import Month, months, rounded
from tests.month.worked import COMPRESSIONS, PATH, SHARES, TABLE
from tests.records import Rate

KINDS = ("retail", "own_use", "joining_pack")
ALWAYS = Condition("active", ())
PV = Metric("sum", "PV", "volume", column=1)
IS_LEADER = Metric("listed", "type", "flag", argument=0)


def unilevel(*rates_ppm: int, condition: int = EVERY_ACTIVE, value: Fraction = Fraction(1, 10), **changes: object) -> Unilevel:
    """Level 1 open to every active one, the others to those who meet `condition`."""
    levels = tuple(Level(ppm, condition if k else EVERY_ACTIVE) for k, ppm in enumerate(rates_ppm))
    shares = [value * ppm / 10**6 for ppm in rates_ppm]
    made = Unilevel(
        name="unilevel",
        base="cv",
        kinds=KINDS,
        categories=None,
        first_level="sponsor",
        compression="none",
        vanish=0,
        lines="step",
        levels=levels,
        numerators=tuple(s.numerator for s in shares),
        denominators=tuple(s.denominator for s in shares),
        value_numerator=value.numerator,
        value_denominator=value.denominator,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def plan(*bonuses: Unilevel, **changes: object) -> CompiledPlan:
    """A plan in dollars in which everybody able is active."""
    made = CompiledPlan(
        name="worked",
        version=1,
        digest="",
        currency="USD",
        exponent=2,
        time_zone="UTC",
        counted_by="paid_at",
        refunds="net",
        counts=dict.fromkeys(KINDS, (True, True)),
        windows=(Window(1), Window(0), Window(2)),
        metrics=(PV, IS_LEADER),
        lists=(("type", ("leader",)),),
        conditions=(ALWAYS, Condition("leader", ((Need(1, 1),),))),
        grace_periods=0,
        bonuses=bonuses,
        rounding="half_up",
        unit_minor=1,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def values(text: str, metric: Metric, month: str = "2025-03", **changes: object) -> dict[str, int]:
    """A metric of every partner of a drawing."""
    judged = Month(draw(text), plan(metrics=(metric,), conditions=(ALWAYS,), **changes), month)
    return {p: judged.value(metric, p) for p in judged.partners}


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_what_happens_to_the_unqualified(compression: str) -> None:
    bonus = unilevel(*SHARES, condition=1, compression=compression)
    result = Month(draw(PATH), plan(bonus), "2025-03").result()
    paid, breakage_minor = TABLE[compression]
    by_payee: dict[str, int] = {}
    for line in result.lines:
        by_payee[line.partner_id] = by_payee.get(line.partner_id, 0) + line.amount_minor
    assert by_payee == paid
    assert sum(b.possible_minor - b.paid_minor for b in result.breakage) == breakage_minor


def test_roll_up_may_pay_one_partner_for_several_levels() -> None:
    result = Month(draw(PATH), plan(unilevel(*SHARES, condition=1, compression="roll_up")), "2025-03").result()
    assert [(x.partner_id, x.level, x.amount_minor) for x in result.lines] == [
        ("U1", 1, 1000),
        ("U4", 2, 500),
        ("U4", 3, 300),
        ("U4", 4, 200),
    ]


def test_the_seller_can_stand_at_level_one() -> None:
    result = Month(draw(PATH), plan(unilevel(*SHARES, condition=1, first_level="seller")), "2025-03").result()
    assert [(x.partner_id, x.level, x.amount_minor) for x in result.lines] == [("S", 1, 1000), ("U1", 2, 500)]


def test_a_volume_has_a_value() -> None:
    bonus = unilevel(60_000, value=Fraction(40, 1000))
    result = Month(draw("U\n  S : own 500 cv 150"), plan(bonus), "2025-03").result()
    assert [(x.base, x.base_minor, x.amount_minor) for x in result.lines] == [(150_000, 6000, 360)]


def test_a_third_of_an_order_given_back_three_times() -> None:
    text = "S : own 30 qv 100 @2025-01-10, refund 10 @2025-02-10, refund 10 @2025-03-10, refund 10 @2025-03-11"
    pv = [values(text, PV, month)["S"] for month in ("2025-01", "2025-02", "2025-03", "2025-04")]
    assert pv == [100_000, -33_333, -66_667, 0]
    assert values(text, replace(PV, window=1), "2025-02") == {"S": 66_667}
    assert values(text, replace(PV, window=2), "2025-03") == {"S": -100_000}
    assert values(text, replace(PV, window=2), "2025-02") == {"S": 66_667}


def test_an_order_and_its_full_refund_in_one_period_are_as_if_neither_were() -> None:
    text = "S : retail 30 by c1, refund 10, refund 20, own 5"
    for column, expected in ((1, 5_000), (2, 500), (3, 1), (4, 0), (5, 0)):
        assert values(text, Metric("sum", "", "", column=column)) == {"S": expected}


def test_a_refund_never_comes_before_its_order() -> None:
    text = "S : own 30 @2025-03-10, refund 30 @2025-02-01"
    assert values(text, PV, "2025-02") == {"S": 0}
    assert values(text, PV, "2025-03") == {"S": 0}


def test_a_refund_of_several_lines_takes_from_each_rounded_down() -> None:
    text = "S : own 10 qv 10, also 20 qv 20.001, also 0 qv 1, refund 10"
    assert values(text, PV) == {"S": 31_001 - 3_333 - 6_667 - 333}


@pytest.mark.parametrize(("lines", "amounts"), [("step", [5]), ("order", [2, 2, 2])])
def test_three_orders_of_a_third_at_five_percent(lines: str, amounts: list[int]) -> None:
    network = draw("U\n  S : own 0.33, own 0.33, own 0.33")
    result = Month(network, plan(unilevel(50_000, lines=lines)), "2025-03").result()
    assert [x.amount_minor for x in result.lines] == amounts
    assert [x.source_id for x in result.lines] == ([""] if lines == "step" else ["S-1/1", "S-2/1", "S-3/1"])


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down"),
    [("-12.5", -13, -12, -12), ("12.5", 13, 12, 12), ("13.5", 14, 14, 13), ("-0.49", 0, 0, 0), ("0.51", 1, 1, 0)],
)
def test_rounding_is_of_the_absolute_value(value: str, half_up: int, half_even: int, down: int) -> None:
    assert [rounded(Fraction(value), rule) for rule in ("half_up", "half_even", "down")] == [half_up, half_even, down]


def test_a_line_of_nothing_is_not_written_and_one_below_nothing_is() -> None:
    text = "U\n  S : own 0.05 @2025-02-10, refund 0.05, own 0.02"
    result = Month(draw(text), plan(unilevel(100_000, 900_000)), "2025-03").result()
    assert [(x.base, x.amount_minor) for x in result.lines] == []
    result = Month(draw(text), plan(unilevel(500_000)), "2025-03").result()
    assert [(x.base, x.amount_minor) for x in result.lines] == [(-30, -2)]


def test_whole_units() -> None:
    bonus = unilevel(50_000)
    result = Month(draw("U\n  S : own 50"), plan(bonus, unit_minor=100), "2025-03").result()
    assert [(x.base_minor, x.amount_minor) for x in result.lines] == [(5000, 300)]


def test_money_is_converted_once_an_order_by_the_rate_of_the_month_that_counts_it() -> None:
    rates = [Rate("2025-02", "KWD", "USD", "3.2445"), Rate("2025-03", "KWD", "USD", "4")]
    network = draw("U\n  S : own 0.999 in KWD @2025-02-10, own 0.999 in KWD qv 7, refund 0.999")
    judged = Month(network, plan(), "2025-02", rates=rates)
    assert [(s.money, s.qv, s.cv) for s in judged.sources()] == [(324, 3240, 3240)]
    judged = Month(network.without({"S-2-r1"}), plan(), "2025-03", rates=rates)
    assert [(s.money, s.qv, s.cv) for s in judged.sources()] == [(400, 7000, 4000)]


def test_metrics_of_a_team() -> None:
    text = """
    A : own 10
      B : own 20 qv 5
        D : own 1
      C : retail 30 by c1, retail 30 by c1, own 0.01 qv 0, customer c2, customer c3 joined 2025-04-01
      E joined 2025-04-01 : own 7
    """
    assert values(text, Metric("tv", "", ""))["A"] == 10_000 + 5_000 + 1_000 + 60_000 + 7_000
    assert values(text, Metric("leg", "", "", argument=2))["A"] == 7_000
    assert values(text, Metric("leg", "", "", argument=4))["A"] == 0
    assert values(text, Metric("outside_legs", "", "", argument=1))["A"] == 13_000
    assert values(text, Metric("legs_with", "", "", argument=6_000))["A"] == 3
    assert values(text, Metric("active_frontline", "", ""))["A"] == 2
    assert values(text, Metric("active_downline", "", "", argument=-1))["A"] == 3
    assert values(text, Metric("active_downline", "", "", argument=1))["B"] == 1
    assert values(text, Metric("customers", "", ""))["C"] == 2
    assert values(text, Metric("sum", "", "", column=3))["C"] == 3
    assert values(text, Metric("sum", "", "", column=5))["C"] == 1
    assert values(text, Metric("average", "", ""))["C"] == 2000
    assert values(text, Metric("share", "", ""))["C"] == 1_000_000


def test_whole_months_since_joining() -> None:
    text = "A joined 2025-01-31\nB joined 2025-02-01\nC joined 2025-02-28T23:30:00Z\nD joined 2025-03-01\nE joined 2024-02-29"
    months_in = {name: values(text, Metric("months", "", ""), "2025-02", time_zone=name) for name in ("UTC", "Europe/Moscow")}
    assert months_in["UTC"] == {"A": 0, "B": 0, "C": 0, "D": 0, "E": 11}
    assert values(text, Metric("months", "", ""), "2025-03")["B"] == 1
    assert months_in["Europe/Moscow"]["C"] == 0


def test_grace_keeps_active_who_met_the_conditions_before() -> None:
    asked = plan(conditions=(Condition("active", ((Need(0, 1_000),),)),), grace_periods=1)
    network = draw("A : own 1\nB : own 1 @2025-04-01\nC suspended : own 1")
    results = months(network, [("2025-03", asked), ("2025-04", asked), ("2025-05", asked), ("2025-06", asked)])
    active = {month: "".join(p for p, is_active in r.active.items() if is_active) for month, r in results.items()}
    assert active == {"2025-03": "A", "2025-04": "AB", "2025-05": "B", "2025-06": ""}


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
    judged = Month(draw("A"), plan(time_zone=zone), "2025-01")
    assert judged.month_of(judged.instant(instant)) == month
