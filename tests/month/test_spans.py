"""Bonuses that take several periods together, and fast starts by months: worked by hand, from files to the CSV of lines.

March closes the first quarter. A's January order of 300 is refunded by 100 in February; what was left at home of a quarter is
what it sold less what it gave back.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import explain, month
from graphsvc.errors import Code, Refused
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month.conftest import Said
from tests.month.plans import EVERYTHING, document

Cli = Callable[..., Said]
Document = dict[str, Any]

COMPANY = """
P : own 100 @2025-03-01
  A : own 300 @2025-01-15, refund 100 @2025-02-20, own 200 @2025-03-05
    B : own 400 @2025-02-10
      C suspended
"""
QUARTER = {"spans": {"periods": 3, "first": "2025-01"}}
HEAD = "partner_id,bonus,level,base_minor,rate_ppm,amount_minor,currency"


def unilevel(name: str, *rates: str, **more: Any) -> Document:
    """Rates by level from the sponsor up, without compression."""
    made: Document = {"name": name, "kind": "unilevel", "tree": "sponsor", "base": "cv", "sources": EVERYTHING, "lines": "step"}
    made |= {"first_level": "sponsor", "compression": "none", "levels": [{"rate": rate, "opens": "active"} for rate in rates]}
    return made | more


TEAM = unilevel("team", "10%")
POOL: Document = {
    "name": "fund",
    "kind": "pool",
    "fund": {"rate": "1%", "base": "cv", "sources": EVERYTHING},
    "shares": "equal",
    "order": ["partner_id"],
    "rounded_at": "share",
    "rest": "company",
    "qualified": "active",
    "reversals": "stay",
}
MATCH: Document = {
    "name": "match",
    "kind": "matching",
    "of": ["team"],
    "by": {"levels": "none"},
    "levels": [{"rate": "50%", "opens": "active"}],
    "lines": "step",
    "reversals": "stay",
}
SHARED: Document = {
    "name": "shared",
    "kind": "match_down",
    "of": ["team"],
    "rate": "10%",
    "qualified": "active",
    "reversals": "stay",
}
CONTEST: Document = {
    "name": "race",
    "kind": "contest",
    "metric": {"metric": "pv", "window": {"last": 3}},
    "prizes": [{"sum": 50}],
    "order": ["partner_id"],
    "qualified": "active",
}
GOAL: Document = {
    "name": "together",
    "kind": "group_goal",
    "team": {"partner": "A"},
    "metric": {"metric": "tv", "window": {"last": 3}},
    "goal": 800,
    "sum": 7,
    "qualified": "active",
}
STEP: Document = {
    "name": "steps",
    "kind": "milestone",
    "metric": {"metric": "pv", "window": {"last": 3}},
    "steps": [{"from": 350, "rate": "1%", "of": "cv"}],
    "pays": "highest",
    "how_often": "each_period",
    "qualified": "active",
}


def closed(database: Database, cli: Cli, plan: Document, periods: tuple[str, ...]) -> dict[str, list[str]]:
    """Publish, close one period after another, prove each; the lines of each as the CSV says them."""
    store.publish(database, plan)
    found: dict[str, list[str]] = {}
    for period in periods:
        done = cli("month", "close", period, "--plan", plan["plan"])
        assert done.code == 0, done.sentence
        head, *found[period] = cli("earnings", period, "--plan", plan["plan"], "--format", "csv").out.splitlines()
        assert head == HEAD
        verified = explain.verify(database, period, plan["plan"])
        assert verified.holds, verified
        for partner in sorted({line.split(",")[0] for line in found[period]}):
            assert all(said.equal for said in explain.lines(database, period, partner, plan_name=plan["plan"]))
    return found


def test_a_quarter_in_a_plan_of_months(database: Database, cli: Cli, tmp_path: Path) -> None:
    build(database, draw(COMPANY), tmp_path)
    spanning = [unilevel("quarter", "5%", "2%"), POOL, SHARED, CONTEST, GOAL, STEP]
    orders = unilevel("orders", "1%", first_level="seller", lines="order", base="money")
    match = MATCH | {"spans": {"periods": 2, "first": "2025-02"}}
    plan = document(TEAM, *(bonus | QUARTER for bonus in [*spanning, orders]), match, plan="months")
    found = closed(database, cli, plan, ("2025-01", "2025-02", "2025-03", "2025-04"))
    assert found["2025-01"] == ["P,team,1,30000,100000,3000,USD"]  # the match ends a span too, and nobody below P earned anything
    assert found["2025-02"] == ["A,team,1,40000,100000,4000,USD", "P,team,1,-10000,100000,-1000,USD"]
    assert found["2025-03"] == [
        "A,fund,1,900,,300,USD",  # 1 % of 100 + 400 + 400 among three
        "A,orders,1,20000,10000,200,USD",  # each order of the quarter for itself, what is left of it
        "A,orders,1,20000,10000,200,USD",
        "A,quarter,1,40000,50000,2000,USD",  # B's 400
        "A,race,1,0,,5000,USD",  # 400 in the quarter, as B has, and A comes first
        "A,shared,1,4000,100000,400,USD",  # P earned 30 - 10 + 20
        "A,steps,1,40000,10000,400,USD",
        "A,together,1,0,,700,USD",
        "B,fund,1,900,,300,USD",
        "B,orders,1,40000,10000,400,USD",
        "B,shared,1,4000,100000,400,USD",  # A earned 40
        "B,steps,1,40000,10000,400,USD",
        "B,together,1,0,,700,USD",
        "P,fund,1,900,,300,USD",
        "P,match,1,4000,500000,2000,USD",  # A's 40 of February
        "P,orders,1,10000,10000,100,USD",
        "P,quarter,1,40000,50000,2000,USD",  # A's 300 - 100 + 200
        "P,quarter,2,40000,20000,800,USD",
        "P,team,1,20000,100000,2000,USD",
    ]
    assert found["2025-04"] == []
    told = explain.why_not(database, "2025-02", "P", level=1, bonus="quarter", plan_name="months")
    assert (told.reason, told.sentence) == (
        "not_due",
        "quarter pays at the end of 2025-03, for the 3 periods from 2025-01 on; 2025-02 is one of them.",
    )
    # suspended or not, nobody is paid before the quarter's end
    assert explain.why_not(database, "2025-02", "C", level=1, bonus="fund", plan_name="months").reason == "not_due"
    assert explain.why_not(database, "2025-03", "C", level=1, bonus="quarter", plan_name="months").reason == "inactive"
    facts = explain.line(database, "2025-03", "P", plan_name="months", bonus="fund").facts
    assert facts[0] == "spans 3 periods: from 2025-01 to 2025-03"
    assert month.preview(database, "2025-05", "months", actor="test").lines == 0


def test_a_span_takes_what_is_dated_before_the_plan(database: Database, cli: Cli, tmp_path: Path) -> None:
    """The plan begins in February; the orders of January are of the quarter, its lines are not there."""
    build(database, draw(COMPANY), tmp_path)
    plan = document(TEAM, unilevel("quarter", "5%") | QUARTER, MATCH | QUARTER, plan="late", valid_from="2025-02-01")
    found = closed(database, cli, plan, ("2025-02", "2025-03"))
    assert found["2025-03"] == [
        "A,quarter,1,40000,50000,2000,USD",
        "P,match,1,4000,500000,2000,USD",
        "P,quarter,1,40000,50000,2000,USD",
        "P,team,1,20000,100000,2000,USD",
    ]


def test_what_reads_lines_of_earlier_periods_closes_in_order(database: Database, cli: Cli, tmp_path: Path) -> None:
    build(database, draw(COMPANY), tmp_path)
    store.publish(database, document(TEAM, MATCH | QUARTER, plan="lines"))
    said = cli("month", "close", "2025-03", "--plan", "lines", "--out-of-order")
    assert said.sentence == (
        "2025-03 cannot be closed: 2025-01 has orders and is still open, and plan lines carries titles, totals, counts, lines or "
        "what was earned from period to period, so its periods close in order."
    )
    store.publish(database, document(TEAM, unilevel("quarter", "5%") | QUARTER, plan="orders"))
    assert cli("month", "close", "2025-03", "--plan", "orders", "--out-of-order").code == 0


def test_lines_that_wait_are_released_in_a_period_that_pays_nothing_else(database: Database, cli: Cli, tmp_path: Path) -> None:
    """P needs PV 100: it had none in February, where the span ends, and has it in March."""
    build(database, draw("P : own 100 @2025-03-01\n  A : own 300 @2025-01-15, own 100 @2025-02-15"), tmp_path)
    qualified = {"qualified": [{"metric": "pv", "window": "period", "at_least": 100}], "unqualified": {"hold": 1}}
    bonus = unilevel("two", "5%") | {"spans": {"periods": 2, "first": "2025-01"}} | qualified
    found = closed(database, cli, document(bonus, plan="held"), ("2025-01", "2025-02", "2025-03"))
    assert (found["2025-01"], found["2025-02"]) == ([], [])
    assert explain.why_not(database, "2025-02", "P", level=1, plan_name="held").reason == "held"
    assert found["2025-03"] == ["P,two,1,40000,50000,2000,USD"]


def publishing(plan: Document, first: str, *bonuses: Document) -> Document:
    """A second version of a plan."""
    return copy.deepcopy(plan) | {"version": 2, "valid_from": first, "bonuses": list(bonuses)}


@pytest.mark.parametrize("change", ["gone", "monthly", "longer", "later", "taken up"])
def test_a_version_does_not_cut_a_span(database: Database, change: str) -> None:
    quarter = unilevel("quarter", "5%") | QUARTER
    plan = document(TEAM, unilevel("quarter", "5%") if change == "taken up" else quarter, plan="versions")
    store.publish(database, plan)
    changed = {
        "gone": [],
        "monthly": [unilevel("quarter", "5%")],
        "longer": [quarter | {"spans": {"periods": 6, "first": "2025-01"}}],
        "later": [quarter | {"spans": {"periods": 3, "first": "2025-02"}}],
        "taken up": [quarter],
    }[change]
    with pytest.raises(Refused) as refused:
        store.publish(database, publishing(plan, "2025-03-01", TEAM, *changed))
    assert refused.value.code is Code.PLAN_EXISTS
    assert "versions version 2 changes which periods bonus quarter takes together" in refused.value.sentence
    if change != "later":  # these cycles are apart for ever
        first = "2025-07-01" if change == "longer" else "2025-04-01"
        assert store.publish(database, publishing(plan, first, TEAM, *changed)).is_new


def test_a_version_that_leaves_spans_alone_may_begin_inside_one(database: Database) -> None:
    quarter = unilevel("quarter", "5%") | QUARTER
    plan = document(TEAM, quarter, plan="versions")
    store.publish(database, plan)
    same = unilevel("quarter", "6%") | {"spans": {"periods": 3, "first": "2024-10"}}
    assert store.publish(database, publishing(plan, "2025-03-01", TEAM, same)).is_new


# N joins on the 31st of January: one month later is the 28th of February.
STARTS = """
R
  N joined 2025-01-31 : own 1 @2025-01-31, own 10 @2025-02-27, own 100 @2025-02-28, own 1000 @2025-03-30, own 10000 @2025-03-31
  M joined 2025-01-01T23:30:00-02:00 : own 1 @2025-01-31, own 10 @2025-02-01, own 100 @2025-02-02T12:00:00Z, own 1000 @2025-03-01
"""


@pytest.mark.parametrize(
    ("length", "n", "m"),
    [
        ({"months": 1}, 11, 11),
        ({"months": 2}, 1111, 1111),
        ({"calendar_months": 1}, 1, 1),
        ({"calendar_months": 2}, 111, 111),
    ],
)
def test_a_fast_start_by_months(database: Database, cli: Cli, tmp_path: Path, length: dict[str, int], n: int, m: int) -> None:
    """M joins on the second of January in the plan's zone, so that one month later is the second of February."""
    build(database, draw(STARTS), tmp_path)
    start = unilevel("start", "100%") | {"kind": "fast_start", "others": "instead"} | length
    found = closed(database, cli, document(start, unilevel("others", "10%"), plan="starts"), ("2025-01", "2025-02", "2025-03"))
    sums = {"start": 0, "others": 0}
    for lines in found.values():
        for line in lines:
            sums[line.split(",")[1]] += int(line.split(",")[5])
    assert sums == {"start": (n + m) * 100, "others": (11111 + 1111 - n - m) * 10}
