"""Drawn cases that random ones once failed, or may leave out: engine beside model, period by period, to the minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from graphsvc.query.runner import Database
from tests import model
from tests.graphs import draw
from tests.model import calendar
from tests.month.agreement import Closed, close_all
from tests.month.plans import EVERYTHING, award, by_type, document, in_turn, levels, pv, unilevel
from tests.month.worlds import TREE, Move, Scheme
from tests.records import Rate

Document = dict[str, Any]
PV = {"metric": "pv", "window": "period"}
BINARY = {TREE: {"kind": "binary", "placement": "weak_leg", "holding_days": 0}}
NEVER = {"expires": "never", "limit": "none", "inactive": "kept"}


def agree(
    database: Database,
    folder: Path,
    text: str,
    *plans: Document,
    periods: Sequence[str] = ("2025-03",),
    moves: Sequence[Move] = (),
    rates: Sequence[Rate] = (),
) -> Closed:
    """Close these periods of every plan (or, where the plan's calendar has others, those named in its `periods`); all agree."""
    schemes = []
    for plan in plans:
        named = plan.pop("periods", periods)
        schemes.append(Scheme(plan["plan"], tuple((period, plan) for period in named)))
    done = close_all(database, draw(text), moves, rates, schemes, folder)
    assert not any(done.said.values()), "\n\n".join(done.said.values())
    return done


def binary(**changes: Any) -> Document:
    made = {"tree": TREE, "volume": "qv", "own_pv": "neither", "pay": {"percent": "10%"}, "carry": NEVER, "cap": "none"}
    return award("binary", **made) | changes


def milestone(name: str = "milestone", **changes: Any) -> Document:
    """A tenth of what each partner bought."""
    steps = [{"from": "0.001", "rate": "10%", "of": "money"}]
    return award("milestone", metric=PV, steps=steps, pays="highest", how_often="each_period") | {"name": name} | changes


# Caps that name some types.

TYPED = """
A type leader : own 100
  B type partner left of A : own 1000
    D left of B type partner : own 300
  C type reseller right of A : own 500
    E left of C type leader : own 100
    F right of C type leader : own 200
"""


@pytest.mark.parametrize("cap", ["line", "partner_bonus", "partner"])
def test_a_cap_by_type_caps_nobody_of_a_type_that_it_does_not_name(database: Database, tmp_path: Path, cap: str) -> None:
    limit = {"cap": cap, "bonuses": "all", "sum": by_type({"leader": 5, "reseller": 7})}
    plan = document(milestone(), unilevel("10%", "5%"), limits=[limit])
    (result,) = in_turn(TYPED, plan, "2025-03")
    paid = {line.partner_id: line.amount_minor for line in result.lines if line.bonus == "milestone"}
    assert paid == {"A": 500, "B": 10_000, "C": 700, "D": 3000, "E": 500, "F": 500}  # partners are not named, so nothing is cut
    agree(database, tmp_path, TYPED, plan)


@pytest.mark.parametrize("above", ["lost", "kept"])
@pytest.mark.parametrize("per", ["money", "units"])
def test_a_binary_cap_by_type_caps_nobody_of_a_type_that_it_does_not_name(
    database: Database, tmp_path: Path, per: str, above: str
) -> None:
    pay = {"units": {"pairings": [{"lesser": 10, "greater": 10, "pays": {"sum": 1}}], "taken": "in_turn"}}
    cap = {"per": per, "values": by_type({"leader": 5}), "above": above}
    plan = document(binary(pay=pay, cap=cap), trees=BINARY, standings_tree="sponsor")
    (result,) = in_turn(TYPED, plan, "2025-03")
    assert {line.partner_id: line.amount_minor for line in result.lines} == {"A": 500, "C": 1000}  # 80 units and 10 units
    agree(database, tmp_path, TYPED, plan)


# What a company sold.


def test_a_fund_and_a_limit_are_of_what_the_company_sold_whoever_took_it(database: Database, tmp_path: Path) -> None:
    """T fails the transfer's condition and nobody stands above, so nobody takes its volume; the company sold it all the same."""
    text = "T : own 40\n  N : own 100\n    S : own 30\nR : own 20 cv 15"
    fund = {"rate": "10%", "base": "cv", "sources": EVERYTHING}
    pool = award("pool", fund=fund, shares="equal", order=["partner_id"], rounded_at="share", rest="company", reversals="stay")
    everybody = {"team": "everybody", "metric": {"metric": "tv", "window": "period"}, "goal": 190, "sum": 1}
    frame = {
        "conditions": {"buyer": [pv(50)]},
        "transfer": {"who_fails": "buyer", "judged_on": "raw"},
        "standings_tree": "transferred",
        "limits": [{"cap": "company", "bonuses": ["unilevel"], "rate": "5%"}],
    }
    plan = document(unilevel("10%"), pool, award("group_goal", **everybody), **frame)
    (result,) = in_turn(text, plan, "2025-03")
    found = {(line.bonus, line.partner_id): line.amount_minor for line in result.lines}
    assert found["pool", "N"] == 462  # a tenth of 185.00, in four parts
    assert found["group-goal", "N"] == 100
    assert sum(minor for (bonus, _), minor in found.items() if bonus == "unilevel") == 711 + 213  # of 10.00 and 3.00, under 9.25
    agree(database, tmp_path, text, plan)


# Limits in every calendar and currency.

SOLD = """
A : own 31.005 in KWD @2025-03-05, own 4010 in JPY @2025-03-06, own 0.01 @2025-03-07
  B : own 10.05 @2025-03-03, own 10.005 in KWD @2025-03-09, refund 3.335 @2025-03-10, own 999 in JPY @2025-03-12
    C : own 77.77 @2025-03-04, own 1 in JPY @2025-03-05, own 0.015 in KWD @2025-03-06
  D : own 500 @2025-03-08, own 20.5 in KWD @2025-03-20, own 12345 in JPY @2025-02-27, refund 12345 @2025-03-07
"""
PERIODS = {
    "month": ("month", "2025-03"),
    "quarter": ("quarter", "2025-Q1"),
    "week": ({"week": "2025-03-03"}, "W2025-03-03"),
    "four_weeks": ({"four_weeks": "2025-03-03"}, "F2025-03-03"),
}
WORTH = {"USD": Fraction(1), "KWD": Fraction(3), "JPY": Fraction(1, 150)}


def limited(name: str, currency: str) -> Document:
    """Every kind of limit, deduction and split in one calendar and currency, sums by the worth of its unit."""
    kind, period = PERIODS[name]
    unit = 3 if currency == "USD" else 450 if currency == "JPY" else 1
    limits = [
        {"cap": "line", "bonuses": "all", "sum": 4 * unit},
        {"cap": "partner_bonus", "bonuses": ["unilevel"], "sum": 5 * unit},
        {"cap": "partner", "bonuses": "all", "sum": 7 * unit},
        {"cap": "company", "bonuses": ["unilevel", "milestone"], "rate": "3.3333%"},
        {"cap": "company", "bonuses": ["milestone"], "sum": 4 * unit},
    ]
    return document(
        unilevel("10%", "5%", lines="order", base="money"),
        milestone(),
        plan=f"{name}-{currency}".lower().replace("_", "-"),
        currency=currency,
        calendar=kind,
        valid_from=f"{calendar.first_day(period)}",
        limits=limits,
        deductions=[{"name": "fee", "bonuses": ["milestone"], "rate": "2.5%"}],
        splits=[{"balance": "travel", "rate": "33.3333%"}],
        periods=[period],
    )


def test_limits_run_in_every_calendar_and_currency_by_the_rates_of_the_period(database: Database, tmp_path: Path) -> None:
    rates = [
        Rate(calendar.later(period, step), source, target, f"{float(WORTH[source] / WORTH[target] * (10 + step) / 10):.8f}")
        for _, period in PERIODS.values()
        for step in range(-3, 5)
        for source in WORTH
        for target in WORTH
        if source != target
    ]
    pairs = [*((name, "KWD") for name in PERIODS), ("quarter", "JPY"), ("week", "JPY"), ("four_weeks", "USD")]
    plans = [limited(name, currency) for name, currency in pairs]
    for plan in plans:
        period = plan["periods"][0]
        result = model.Month(draw(SOLD), plan, period, rates=rates).result()
        assert {bonus for _, bonus in result.month.cut} == {"unilevel", "milestone"}, plan["plan"]
        assert result.splits
    agree(database, tmp_path, SOLD, *plans, rates=rates)


# Limits where lines stand below nothing, waited, or are matched.

BACK = """
A : own 50 @2025-02-03, own 5 @2025-03-03
  B : own 100 @2025-02-04, refund 100 @2025-03-04, own 70 @2025-03-05
    C : own 300 @2025-02-05, refund 290 @2025-03-05
    D type leader : own 20 @2025-02-06, own 90 @2025-03-06
  E type leader : own 40 @2025-02-07, own 60 @2025-03-07
"""


@pytest.mark.parametrize("company", [{"sum": 4}, {"sum": 1000}, {"rate": "2%"}])
def test_limits_over_lines_below_nothing_and_lines_that_waited(database: Database, tmp_path: Path, company: Document) -> None:
    waits = {"qualified": [pv(60)], "unqualified": {"hold": 1}}
    down = award("match_down", of=["milestone"], rate="50%", reversals="stay")
    above = {"kind": "matching", "name": "above", "of": ["unilevel", "milestone"], "by": {"levels": "none"}, "lines": "step"}
    limits = [
        {"cap": "line", "bonuses": ["unilevel"], "sum": 12},
        {"cap": "partner_bonus", "bonuses": ["milestone"], "sum": "6.50"},
        {"cap": "partner", "bonuses": ["unilevel", "milestone", "match-down"], "sum": 15},
        {"cap": "company", "bonuses": ["unilevel", "milestone"], **company},
        {"cap": "company", "bonuses": ["above"], "sum": 3},
    ]
    plan = document(
        unilevel("10%", "5%", lines="order"),
        milestone(**waits),
        down,
        above | {"levels": levels("50%", "20%"), "reversals": "stay"},
        limits=limits,
        deductions=[{"name": "fee", "bonuses": ["unilevel", "above"], "rate": "3%"}],
        splits=[{"balance": "travel", "rate": "25%"}],
    )
    results = in_turn(BACK, plan, "2025-02", "2025-03")
    assert any(line.amount_minor < 0 and line.bonus == "unilevel" for line in results[1].lines)
    assert any(line.source_id.startswith("held ") for line in results[1].lines)
    assert all(result.month.cut for result in results)
    agree(database, tmp_path, BACK, plan, periods=("2025-02", "2025-03"))


# Orders of one instant, written in two zones.

MIDNIGHT = """
A
  B : retail 10 by c1 @2025-03-01 as O1, refund 4 @2025-04-05, retail 20 by c1 @2025-02-28T13:00:00Z as O2, refund 9 @2025-04-05
"""


@pytest.mark.parametrize("refunds", ["net", "reverse"])
def test_of_orders_at_one_instant_the_lower_id_comes_first(database: Database, tmp_path: Path, refunds: str) -> None:
    """A bare date begins at that day's first midnight, which another order names in UTC."""
    volumes = document()["volumes"] | {"refunds": refunds}
    sources = {"kinds": "all", "categories": "all", "orders": "first_of_customer"}
    first = unilevel("5.5%") | {"name": "first", "sources": sources}
    plan = document(first, unilevel("0.05%"), volumes=volumes, time_zone="Australia/Lord_Howe")
    march, _ = in_turn(MIDNIGHT, plan, "2025-03", "2025-04")
    assert [line.amount_minor for line in march.lines if line.bonus == "first"] == [55]
    agree(database, tmp_path, MIDNIGHT, plan, periods=["2025-03", "2025-04"])
