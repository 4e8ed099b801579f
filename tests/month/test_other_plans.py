"""Plans that read each other's closed periods: what is refused, in which order they close, what is told, by the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import explain, month
from graphsvc.errors import Code, Refused
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests import model
from tests.graphs import build, draw
from tests.month.agreement import close_all
from tests.month.conftest import Said
from tests.month.plans import award, document, levels, pv, ranks, unilevel
from tests.month.worlds import Scheme

Cli = Callable[..., Said]
Document = dict[str, Any]
PV = {"metric": "pv", "window": "period"}

COMPANY = """
A : own 100 @2025-02-05, own 10 @2025-03-05
  B : own 200 @2025-02-06, own 50 @2025-03-11
    C : own 40 @2025-03-04, own 60 @2025-03-18
"""


def monthly(*more: Document, until: str = "end", **changes: Any) -> Document:
    """Titles by the month's PV, and a match on what the week's `team` paid."""
    matching = {"name": "match", "kind": "matching", "of": [{"plan": "weeks", "bonus": "team"}], "by": {"levels": "none"}}
    matching |= {"levels": levels("10%", "5%"), "lines": "step", "reversals": "stay"}
    listed = ranks("silver", "gold", silver=[pv(100)], gold=[pv(200)])
    frame = {"other_plans": {"weeks": {"plan": "weekly", "until": until}}, "standings_tree": "sponsor", "ranks": listed}
    return document(matching, *more, plan="monthly", valid_from="2025-02-01", **frame) | changes


def weekly(until: str = "start", rank: str = "silver", read_as: str = "title", **changes: Any) -> Document:
    """Ten percent of the frontline's orders for whoever had a title in the month."""
    asked = [{"rank": rank, "as": read_as, "in_plan": "month"}]
    made = unilevel("10%", qualified=asked, unqualified="forfeit", name="team")
    frame = {"other_plans": {"month": {"plan": "monthly", "until": until}}, "calendar": {"week": "2025-03-03"}}
    return document(made, plan="weekly", valid_from="2025-03-03", **frame) | changes


def refused(database: Database, *plans: Document) -> Refused:
    with pytest.raises(Refused) as caught:
        store.publish_all(database, plans)
    assert store.names(database) == []
    return caught.value


def alone(plan: Document) -> Document:
    """The week without what it reads."""
    bonus = {key: value for key, value in plan["bonuses"][0].items() if key != "unqualified"} | {"qualified": "active"}
    return {key: value for key, value in plan.items() if key != "other_plans"} | {"bonuses": [bonus]}


def test_what_another_plan_must_have_is_asked_when_plans_are_published(database: Database) -> None:
    told = refused(database, monthly())
    assert told.code is Code.PLAN_UNKNOWN
    assert "monthly version 1 reads plan 'weekly', which is not published; no other plan is published." in told.sentence
    assert "published together: `graphsvc plan publish FILE FILE`" in told.sentence
    assert "rank 'golden' of plan monthly, which has none of that name; the nearest are gold" in (
        refused(database, monthly(), weekly(rank="golden")).sentence
    )
    other = weekly()
    other["bonuses"][0]["name"] = "crew"
    assert "bonus 'team' of plan weekly, which has none of that name" in refused(database, monthly(), other).sentence
    told = refused(database, monthly(), weekly(currency="EUR"))
    assert "pays in USD and reads what plan weekly pays, which is in EUR" in told.sentence
    # a rank is no money
    assert all(
        done.is_new for done in store.publish_all(database, [monthly(), weekly(), alone(weekly(plan="third", currency="EUR"))])
    )


def test_plans_that_wait_for_each_other_are_refused(database: Database) -> None:
    told = refused(database, monthly(until="end"), weekly(until="end"))
    assert told.code is Code.BAD_PLAN
    assert "would close a circle from 2025-02-01 on: " not in told.sentence  # the week's version applies only later
    assert (
        "would close a circle from 2025-03-03 on: monthly reads weekly, weekly reads monthly, each until the end" in told.sentence
    )
    assert "write until: start in one of them" in told.sentence
    store.publish_all(database, [monthly(until="end"), weekly(until="start")])


def test_closed_periods_are_read_in_order_and_told(database: Database, cli: Cli, tmp_path: Path) -> None:
    """The month's silver of February pays the weeks of March, which the month then matches."""
    build(database, draw(COMPANY), tmp_path)
    earner = award("milestone", metric=PV, steps=[{"from": 1, "sum": 1}], pays="highest", how_often="each_period")
    earned = {"metric": "earned", "of": ["team"], "in_plan": "weeks", "window": "period", "at_least": "5.50"}
    before = {"metric": "earned", "of": "all", "window": {"last": 2}, "at_least": 3}
    earner |= {"name": "earner", "qualified": [{"any": [earned, before]}], "unqualified": "forfeit"}
    store.publish_all(database, [monthly(earner), weekly()])
    for command in ("preview", "close"):
        said = cli("month", command, "W2025-03-03", "--plan", "weekly")
        assert said.code == 2
        assert (
            "W2025-03-03 of plan weekly reads plan monthly up to 2025-02, and 2025-02 of it is not closed; close that first: "
            "`graphsvc month close 2025-02 --plan monthly`." in said.sentence
        )
    assert cli("month", "close", "2025-02", "--plan", "monthly").code == 0  # no week was due yet
    assert cli("month", "close", "W2025-03-03", "--plan", "weekly").code == 0
    said = cli("month", "close", "2025-03", "--plan", "monthly")
    assert "reads plan weekly up to W2025-03-24, and W2025-03-10 of it is not closed" in said.sentence
    for week in ("W2025-03-10", "W2025-03-17", "W2025-03-24"):
        assert cli("month", "close", week, "--plan", "weekly").code == 0
    assert cli("month", "close", "2025-03", "--plan", "monthly").code == 0
    lines = cli("earnings", "2025-03", "--plan", "monthly", "--format", "csv").out.splitlines()[1:]
    # B had 4.00 and 6.00 of C's orders, A 5.00 of B's: A matches a tenth of B's, B earned 5.50 in the weeks, A did not
    assert lines == ["A,match,1,1000,100000,100,USD", "B,earner,1,0,,100,USD"]
    assert cli("month", "verify", "2025-03", "--plan", "monthly").code == 0
    (told,) = explain.lines(database, "2025-03", "A", plan_name="monthly", bonus="match")
    assert told.equal
    assert [(source.partner_id, source.base_minor) for source in told.sources] == [("B", 1000)]
    assert told.facts == ["of plan weekly the lines of W2025-03-03, W2025-03-10, W2025-03-17, W2025-03-24 count in 2025-03"]
    why = explain.why_not(database, "2025-03", "A", plan_name="monthly", bonus="earner", level=1)
    assert [failure.text for failure in why.failures] == [
        "earned by team in plan weeks: have 5.00 USD, need 5.50 USD, 0.50 USD missing (any one of these would do)",
        "earned in the 2 months before: have 0.00 USD, need 3.00 USD, 3.00 USD missing (any one of these would do)",
    ]
    why = explain.why_not(database, "W2025-03-03", "C", plan_name="weekly", bonus="team", level=1)
    assert [(failure.text, failure.have, failure.need) for failure in why.failures] == [
        ("title of at least silver in plan month: have none in 2025-02, need silver", 0, 1)
    ]


def test_an_opening_stands_for_a_closed_period(database: Database, cli: Cli, tmp_path: Path) -> None:
    """Titles of the opening count as those of the period before the first; paid-as ranks only where it tells them."""
    build(database, draw(COMPANY), tmp_path)
    store.publish_all(database, [monthly(), weekly(), weekly(plan="paid-weekly", read_as="paid_as")])
    state = tmp_path / "state.csv"
    state.write_text("partner_id,title\nB,gold\n")
    assert cli("month", "open-state", "2025-03", "--state", str(state), "--plan", "monthly").code == 0
    said = cli("month", "close", "W2025-03-03", "--plan", "paid-weekly")
    assert "reads the paid-as ranks of 2025-02 in plan monthly" in said.sentence
    assert "import it again with a column paid_as" in said.sentence
    state.write_text("partner_id,title,paid_as\nB,gold,silver\nA,gold,none\n")
    assert cli("month", "open-state", "2025-03", "--state", str(state), "--plan", "monthly").code == 0
    assert cli("month", "close", "W2025-03-03", "--plan", "paid-weekly").code == 0
    assert "B,team,1,4000,100000,400,USD" in cli("earnings", "W2025-03-03", "--plan", "paid-weekly", "--format", "csv").out
    assert cli("month", "close", "W2025-03-03", "--plan", "weekly").code == 0
    assert "B,team,1,4000,100000,400,USD" in cli("earnings", "W2025-03-03", "--plan", "weekly", "--format", "csv").out
    other = tmp_path / "other.csv"
    other.write_text("partner_id,title,paid_as\nA,gold,gold\n")
    said = cli("month", "open-state", "2025-03", "--state", str(other), "--plan", "monthly")
    assert (
        "W2025-03-03 of plan paid-weekly is closed and read what plan monthly had before 2025-03, so that stands."
        in said.sentence
    )
    why = explain.why_not(database, "W2025-03-03", "A", plan_name="paid-weekly", bonus="team", level=1)
    assert [failure.text for failure in why.failures] == [
        "paid-as rank of at least silver in plan month: have none in 2025-02, need silver"
    ]


def test_a_rank_that_a_later_version_has_not_is_told_at_the_close(database: Database, tmp_path: Path) -> None:
    build(database, draw(COMPANY), tmp_path)
    plans = [alone(weekly()), monthly()]
    store.publish_all(database, [*plans, document(unilevel("1%"), plan="reader", valid_from="2025-02-01")])
    later = monthly(version=2, valid_from="2025-03-01") | {"ranks": ranks("bronze", bronze=[pv(100)])}
    asks = unilevel("1%", qualified=[{"rank": "silver", "as": "title", "in_plan": "month"}], unqualified="forfeit")
    frame = {"other_plans": {"month": {"plan": "monthly", "until": "end"}}, "valid_from": "2025-02-01", "plan": "asker"}
    store.publish(database, document(asks, **frame))
    store.publish(database, later)
    for period in ("2025-02", "2025-03"):
        for week in {"2025-03": ("03", "10", "17", "24")}.get(period, ()):
            month.close(database, f"W2025-03-{week}", "weekly", actor="test")
        month.close(database, period, "monthly", actor="test")
    month.close(database, "2025-02", "asker", actor="test")
    with pytest.raises(Refused, match="asks for rank 'silver' of plan monthly, whose version 2 ran 2025-03 without it"):
        month.close(database, "2025-03", "asker", actor="test")


def test_deductions_lessen_what_was_earned_and_a_match_down_reads_other_plans(database: Database, tmp_path: Path) -> None:
    """Engine beside model: one plan reads what another paid in the same month, net of what was taken off, and shares it out."""
    fee = [{"name": "fee", "bonuses": ["unilevel"], "rate": "10%"}]
    paying = document(unilevel("10%"), unilevel("1%", name="other"), plan="paying", valid_from="2025-02-01", deductions=fee)
    frame = {"other_plans": {"sister": {"plan": "paying", "until": "end"}}, "plan": "reading", "valid_from": "2025-02-01"}
    named = {"metric": "earned", "of": ["unilevel"], "in_plan": "sister", "window": "period"}
    steps = [{"from": "3.60", "sum": 1}, {"from": "4.51", "sum": 2}]
    one = award("milestone", metric=named, steps=steps, pays="highest", how_often="each_period")
    every = award("milestone", metric=named | {"of": "all"}, steps=steps, pays="highest", how_often="each_period")
    of = [{"plan": "sister", "bonus": "unilevel"}]
    down = award("match_down", of=of, rate="50%", reversals="stay")
    reading = document(one, every | {"name": "every"}, down, **frame)
    schemes = [Scheme(plan["plan"], tuple((period, plan) for period in ("2025-02", "2025-03"))) for plan in (paying, reading)]
    done = close_all(database, draw(COMPANY), (), (), schemes, tmp_path)
    assert not any(done.said.values()), done.said
    results = model.months(draw(COMPANY), list(schemes[0].documents))
    read = model.Month(draw(COMPANY), reading, "2025-03", others={"paying": list(results.values())}).result()
    # of March A has 5.00 less 0.50 and 0.50 of the other, B 10.00 less 1.00 and 1.00; C shares B's, B shares A's
    assert [(x.partner_id, x.bonus, x.level, x.amount_minor) for x in read.lines] == [
        ("A", "every", 2, 200),
        ("A", "milestone", 1, 100),
        ("B", "every", 2, 200),
        ("B", "match-down", 1, 250),
        ("B", "milestone", 2, 200),
        ("C", "match-down", 1, 500),
    ]


def test_a_span_takes_the_other_plans_periods_of_all_its_own(database: Database, cli: Cli, tmp_path: Path) -> None:
    """February pays nothing and asks for no week of its own; March matches what the weeks of both months paid."""
    build(database, draw("A\n  B\n    C : own 40 @2025-02-05, own 60 @2025-03-18"), tmp_path)
    store.publish(database, alone(weekly(calendar={"week": "2025-02-03"}, valid_from="2025-02-03")))
    plan = monthly()
    plan["bonuses"][0]["spans"] = {"periods": 2, "first": "2025-02"}
    store.publish(database, plan)
    assert cli("month", "close", "2025-02", "--plan", "monthly").code == 0
    assert "2025-02-03 of it is not closed" in cli("month", "close", "2025-03", "--plan", "monthly").sentence
    for first in ("02-03", "02-10", "02-17", "02-24", "03-03", "03-10", "03-17", "03-24"):
        assert cli("month", "close", f"W2025-{first}", "--plan", "weekly").code == 0
    assert cli("month", "close", "2025-03", "--plan", "monthly").code == 0
    assert cli("earnings", "2025-02", "--plan", "monthly", "--format", "csv").out.splitlines()[1:] == []
    lines = cli("earnings", "2025-03", "--plan", "monthly", "--format", "csv").out.splitlines()[1:]
    assert lines == ["A,match,1,1000,100000,100,USD"]  # a tenth of the 4.00 and 6.00 that B was paid
    assert cli("month", "verify", "2025-03", "--plan", "monthly").code == 0
    (told,) = explain.lines(database, "2025-03", "A", plan_name="monthly", bonus="match")
    assert told.equal
    assert "of plan weekly the lines of W2025-02-03, W2025-02-10" in " ".join(told.facts)
