"""Parts of closed lines of bonuses that take several periods together: the span stands where the period stands.

What is refunded in a span makes its orders smaller there, what is recorded in it counts there; only what comes after its last
period was closed takes or adds a part of the lines that this one posted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc.errors import Code, Refused
from graphsvc.plan import store
from graphsvc.plan.checks import check
from graphsvc.query.runner import Database
from tests.graphs import draw
from tests.month.test_awards import award, pool
from tests.month.test_reverse import VOLUMES, closed, document, unilevel

THEN = VOLUMES | {"late_orders": "then"}
TWO = {"spans": {"periods": 2, "first": "2025-01"}}
THREE = {"spans": {"periods": 3, "first": "2025-01"}}
MONTHS = ("2025-01", "2025-02", "2025-03", "2025-04")


def match(**changes: Any) -> dict[str, Any]:
    """Half of what those right below earned by `team`."""
    made = {"name": "match", "kind": "matching", "of": ["team"], "by": {"levels": "none"}, "lines": "step"}
    made |= {"levels": [{"rate": "50%", "opens": "active"}], "qualified": "active", "reversals": "cascade"}
    return made | changes


def told(lines: list[list[Any]]) -> list[list[tuple[Any, ...]]]:
    """Lines of each period as (payee, bonus, source, amount)."""
    return [[(line[0], line[1], line[3], line[4]) for line in each] for each in lines]


def test_a_refund_is_net_in_its_span_and_a_reversal_of_the_month_beside_it(database: Database, tmp_path: Path) -> None:
    """40.00 of January's 100.00 go back in February, which ends the span: it pays 5 % of 60.00. In March 30.00 more go back: of
    the month's 10.00 and of the span's 3.00."""
    text = "A\n  B : own 100 @2025-01-10, refund 40 @2025-02-10, refund 30 @2025-03-10"
    text += ", own 10 @2025-02-11, refund 10 @2025-03-11"
    plan = document(unilevel("10%"), unilevel("5%", name="two", **TWO))
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS)) == [
        [("A", "team", "", 1000)],
        [("A", "team", "", 100), ("A", "team", "reversal B-1 2025-01", -400), ("A", "two", "", 350)],
        [
            ("A", "team", "reversal B-1 2025-01", -300),
            ("A", "team", "reversal B-2 2025-02", -100),
            ("A", "two", "reversal B-1 2025-02", -150),
            ("A", "two", "reversal B-2 2025-02", -50),
        ],
        [],
    ]


def test_parts_of_a_span_add_up(database: Database, tmp_path: Path) -> None:
    """Orders of 0.33 in each of three months are 0.05 at 5 %; refunded one after another they take 0.02, 0.01 and 0.02, and a
    refund inside the next span takes nothing of that."""
    text = (
        """
    A
      B : own 0.33 @2025-01-10, refund 0.33 @2025-04-10, own 0.33 @2025-02-10, refund 0.33 @2025-05-10, own 0.33 @2025-03-10
    """.rstrip()
        + ", refund 0.33 @2025-05-11, own 2 @2025-04-11"
    )
    plan = document(unilevel("5%", **THREE))
    lines = closed(database, draw(text), tmp_path, plan, *MONTHS, "2025-05", "2025-06")
    assert [[line[3:] for line in each] for each in lines] == [
        [],
        [],
        [("", 5)],
        [("reversal B-1 2025-03", -2)],
        [("reversal B-2 2025-03", -1), ("reversal B-3 2025-03", -2)],
        [("", 10)],
    ]


def test_a_late_order_counts_in_its_span_until_that_is_closed(database: Database, tmp_path: Path) -> None:
    """50.00 of January come in February: the month's line is posted, the span, which ends now, has them. 30.00 come in March:
    both are posted. 10.00 of the 50.00 go back in March from both."""
    text = """
    A
      B : own 100 @2025-01-10, own 50 @2025-01-11 after 1, refund 10 @2025-03-15 after 2, own 30 @2025-01-12 after 2
    """
    plan = document(
        unilevel("10%"), unilevel("5%", name="two", **TWO), unilevel("1%", name="each", lines="order", **TWO), volumes=THEN
    )
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS[:3])) == [
        [("A", "team", "", 1000)],
        [
            ("A", "each", "B-1/1", 100),
            ("A", "each", "B-2/1", 50),
            ("A", "team", "late B-2 2025-01", 500),
            ("A", "two", "", 750),
        ],
        [
            ("A", "each", "late B-3/1 2025-02", 30),
            ("A", "each", "reversal B-2/1 2025-02", -10),
            ("A", "team", "late B-3 2025-01", 300),
            ("A", "team", "reversal B-2 2025-01", -100),
            ("A", "two", "late B-3 2025-02", 150),
            ("A", "two", "reversal B-2 2025-02", -50),
        ],
    ]


def test_a_late_order_of_an_earlier_span_is_posted_there(database: Database, tmp_path: Path) -> None:
    """February's 40.00 come when February is closed, and count as QV in March: that is another span, which does not have them."""
    text = "A\n  B : own 100 @2025-02-10, own 40 @2025-02-11 after 2, refund 15 @2025-04-10 after 2"
    plan = document(unilevel("5%", name="two", **TWO), volumes=THEN)
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS)) == [
        [],
        [("A", "two", "", 500)],
        [("A", "two", "late B-2 2025-02", 200)],
        [("A", "two", "reversal B-2 2025-02", -75)],
    ]


def test_a_match_of_several_periods_follows_the_lines_that_it_matches(database: Database, tmp_path: Path) -> None:
    """February's 1.00 is taken where the match is made, so that it follows beside it; March's 2.00 take of February's match. The
    match of three months has February's inside it. What the first match lost is lost to who matches that."""
    text = "T\n  A\n    B\n      C : own 100 @2025-01-10, refund 10 @2025-02-10, refund 20 @2025-03-10"
    deep = match(name="deep", of=["two"], levels=[{"rate": "10%", "opens": "active"}])
    plan = document(
        unilevel("10%"),
        match(name="two", **TWO),
        match(name="three", **THREE),
        match(name="stays", reversals="stay", **TWO),
        deep,
    )
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS[:3])) == [
        [("B", "team", "", 1000)],
        [
            ("A", "stays", "", 500),
            ("A", "two", "", 500),
            ("A", "two", "reversal C-1 2025-02", -50),
            ("B", "team", "reversal C-1 2025-01", -100),
            ("T", "deep", "", 50),
            ("T", "deep", "reversal C-1 2025-02", -5),
        ],
        [
            ("A", "three", "", 450),
            ("A", "three", "reversal C-1 2025-03", -100),
            ("A", "two", "reversal C-1 2025-02", -100),
            ("B", "team", "reversal C-1 2025-01", -200),
            ("T", "deep", "reversal C-1 2025-02", -10),
        ],
    ]


def test_a_match_does_not_take_twice_what_a_period_of_its_span_took_of_another_one(database: Database, tmp_path: Path) -> None:
    """In March, the first of a span, 2.00 of January are taken: of January's and February's match, and not of that of March and
    April."""
    text = "A\n  B\n    C : own 100 @2025-01-10, refund 20 @2025-03-10, own 30 @2025-04-10"
    plan = document(unilevel("10%"), match(**TWO))
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS)) == [
        [("B", "team", "", 1000)],
        [("A", "match", "", 500)],
        [("A", "match", "reversal C-1 2025-02", -100), ("B", "team", "reversal C-1 2025-01", -200)],
        [("A", "match", "", 150), ("B", "team", "", 300)],
    ]


def test_a_match_down_of_several_periods_follows_too(database: Database, tmp_path: Path) -> None:
    """10 % of A's 10.00, and of 9.00 and 7.00 of that, in two equal parts."""
    text = "A\n  B : own 100 @2025-01-10, refund 10 @2025-02-10, refund 20 @2025-03-10\n  C"
    shared = award("match_down", of=["team"], rate="10%", reversals="cascade")
    plan = document(unilevel("10%"), shared | {"name": "shared"} | TWO, shared | {"name": "third"} | THREE)
    assert [[x for x in each if x[1] != "team"] for each in told(closed(database, draw(text), tmp_path, plan, *MONTHS[:3]))] == [
        [],
        [
            ("B", "shared", "", 50),
            ("B", "shared", "changes 2025-02", -5),
            ("C", "shared", "", 50),
            ("C", "shared", "changes 2025-02", -5),
        ],
        [
            ("B", "shared", "changes 2025-02", -10),
            ("B", "third", "", 45),
            ("B", "third", "changes 2025-03", -10),
            ("C", "shared", "changes 2025-02", -10),
            ("C", "third", "", 45),
            ("C", "third", "changes 2025-03", -10),
        ],
    ]


def test_a_fund_and_a_rate_of_own_volume_of_several_periods(database: Database, tmp_path: Path) -> None:
    """The fund is 1 % of 500.00 less 100.00, among two; A bought 300.00 less 100.00. In March 50.00 more go back, and B's 100.00
    of January come in."""
    text = """
    A : own 300 @2025-01-10, refund 100 @2025-02-10, refund 50 @2025-03-10
    B : own 200 @2025-02-10, own 100 @2025-01-20 after 2
    """
    steps = [{"from": 100, "rate": "10%", "of": "money"}]
    own = award("milestone", metric={"metric": "pv", "window": {"last": 2}}, steps=steps, pays="highest", how_often="each_period")
    fund = pool(reversals="cascade")
    fund["fund"] = fund["fund"] | {"rate": "1%"}
    plan = document(fund | {"name": "fund"} | TWO, own | {"name": "own"} | TWO, volumes=THEN)
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS[:3])) == [
        [],
        [("A", "fund", "", 200), ("A", "own", "", 2000), ("B", "fund", "", 200), ("B", "own", "", 2000)],
        [
            ("A", "fund", "changes 2025-02", 25),
            ("A", "own", "reversal A-1 2025-02", -500),
            ("B", "fund", "changes 2025-02", 25),
            ("B", "own", "late B-2 2025-02", 1000),
        ],
    ]


def test_an_order_before_the_plan_belongs_to_the_span_that_holds_it(database: Database, tmp_path: Path) -> None:
    """The plan begins in February: no month counted January's order, the span did, so that March takes of that alone."""
    text = "A\n  B : own 100 @2025-01-10, refund 40 @2025-03-10, own 10 @2025-02-10"
    plan = document(unilevel("10%"), unilevel("5%", name="two", **TWO), valid_from="2025-02-01")
    assert told(closed(database, draw(text), tmp_path, plan, "2025-02", "2025-03")) == [
        [("A", "team", "", 100), ("A", "two", "", 550)],
        [("A", "two", "reversal B-1 2025-02", -200)],
    ]


@pytest.mark.parametrize(("first", "is_cut"), [("2025-02-01", True), ("2025-03-01", False)])
def test_a_version_with_other_refunds_begins_where_spans_end(database: Database, first: str, is_cut: bool) -> None:
    plan = document(unilevel("10%"), unilevel("5%", name="two", **TWO))
    store.publish(database, plan)
    net = plan | {"version": 2, "valid_from": first, "volumes": VOLUMES | {"refunds": "net"}}
    if not is_cut:
        assert store.publish(database, net).is_new
        return
    with pytest.raises(Refused) as refused:
        store.publish(database, net)
    assert refused.value.code is Code.PLAN_EXISTS
    assert refused.value.sentence == (
        "small version 2 says refunds: net where version 1 says reverse, and from 2025-02-01 on that would cut a span of bonus "
        "two, which ends with 2025-02, so that refunds in it were taken twice or never; set valid_from to 2025-03-01, or keep "
        "refunds: reverse."
    )


def test_periods_of_such_a_plan_close_in_order(database: Database, tmp_path: Path) -> None:
    """A refund of March would find no closed span to take its part of, and February would close without it."""
    from graphsvc import month
    from tests.graphs import build

    build(database, draw("A\n  B : own 100 @2025-01-10, refund 40 @2025-03-10"), tmp_path)
    plan = document(unilevel("5%", **TWO))
    assert not check(plan)
    store.publish(database, plan)
    month.close(database, "2025-01", "small", actor="test")
    with pytest.raises(Refused) as refused:
        month.close(database, "2025-03", "small", actor="test", out_of_order=True)
    assert refused.value.code is Code.MONTH_OUT_OF_ORDER


def test_where_refunds_are_net_those_of_an_order_posted_in_the_span_leave_it(database: Database, tmp_path: Path) -> None:
    """January's 60.00 come in March, less 5.00: 55.00 are posted on January and February. In April, which ends the next span,
    20.00 more leave that span, and the month."""
    text = "A\n  B : own 100 @2025-02-10, own 60 @2025-01-11 after 2, refund 5 @2025-03-10 after 2, refund 20 @2025-04-10 after 2"
    plan = document(
        unilevel("10%"), unilevel("5%", name="two", **TWO), volumes=VOLUMES | {"refunds": "net", "late_orders": "then"}
    )
    assert told(closed(database, draw(text), tmp_path, plan, *MONTHS)) == [
        [],
        [("A", "team", "", 1000), ("A", "two", "", 500)],
        [("A", "team", "late B-2 2025-01", 550), ("A", "two", "late B-2 2025-02", 275)],
        [("A", "team", "", -200), ("A", "two", "", -100)],
    ]
