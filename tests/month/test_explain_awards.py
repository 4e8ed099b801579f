"""Explanations of lines that were not walked to: each gives the stored amount, and each that is missing has a reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, explain, month
from graphsvc.imports import ImportFiles, import_files
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import IDENTIFIER_KEY, build, draw
from tests.month.plans import document
from tests.month.small import Interrupted, Plug
from tests.month.test_awards import PV, award, pool, ranked
from tests.month.test_model_people import NEVER, TWO, binary, units
from tests.month.test_worked import bonus, closed

TEXT = """
A : own 150 @2025-01-10, own 150 @2025-02-10, own 150
  B : own 40 @2025-01-10, own 60 @2025-02-10, own 0.30
    C : own 200 @2025-02-10, own 333.33
  D : own 12 @2025-01-10
  E suspended
"""
MONTHS = ("2025-01", "2025-02", "2025-03")


def everything() -> dict[str, Any]:
    """A plan with every award, lines that wait, every cap, a deduction and a split."""
    steps = [{"from": 50, "sum": 5}, {"from": 100, "rate": "1%", "of": "cv"}]
    waits = {"qualified": [{**PV, "at_least": 50}], "unqualified": {"hold": 1}}
    by = {name: [{**PV, "at_least": need}] for name, need in (("silver", 10), ("gold", 100))}
    conditions = {"buys": [{**PV, "at_least": 10}]}
    bonuses = [
        award("milestone", name="steps", metric=PV, pays="every", how_often="once", steps=steps),
        award("milestone", name="best", metric=PV, pays="highest", how_often="each_period", steps=steps, **waits),
        award("rank_bonus", name="risen", sums={"silver": 10, "gold": 30}, after_periods=2, jump="highest", **{"as": "paid_as"}),
        award("tenure", name="stays", condition="buys", counted="in_row", sums=[{"periods": 2, "sum": 20}]),
        pool(name="points", fund={"rate": "1%", "base": "cv", "sources": {"kinds": "all", "categories": "all"}},
             shares={"points": {"by": "rank", "as": "paid_as", "values": {"silver": 1, "gold": 2}}}, rounded_at="point",
             rest={"next_fund": "part"}),
        pool(name="part", fund={"rate": "1%", "base": "money", "sources": {"kinds": "all", "categories": "all"}},
             shares={"in_proportion": PV}, first=2, rest="first"),
        award("contest", name="race", metric=PV, prizes=[{"sum": 9}, {"award": {"en": "A cup", "ru": "Кубок"}}],
              order=["partner_id"]),
        award("group_goal", name="together", team={"partner": "B"}, metric={"metric": "tv", "window": "period"}, goal=250, sum=1),
        bonus("team", ["10%"], **waits),
        award("match_down", name="down", of=["team", "steps"], rate="10%", reversals="stay"),
    ]  # fmt: skip
    extra: dict[str, Any] = {
        "conditions": conditions,
        "limits": [
            {"cap": "line", "bonuses": ["team"], "sum": 30},
            {"cap": "partner", "bonuses": ["risen", "stays", "together"], "sum": 25},
            {"cap": "company", "bonuses": ["race", "together", "team"], "sum": 35},
        ],
        "deductions": [{"name": "fee", "bonuses": ["team", "race"], "rate": "2%"}],
        "splits": [{"balance": "travel", "rate": "10%"}],
    }
    return document(*bonuses) | ranked("silver", "gold", by=by) | extra


@pytest.fixture(scope="module")
def whole(kept: Database, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The plan with everything, closed in three months; nothing is changed in it."""
    closed(kept, TEXT, everything(), tmp_path_factory.mktemp("company"), *MONTHS)
    return kept


def test_every_line_is_explained_and_every_missing_one_has_a_reason(whole: Database) -> None:
    database = whole
    facts: dict[tuple[str, str, str], list[str]] = {}
    for name in MONTHS:
        stored = {(x["partner_id"], x["bonus"], x["level"], x["class"], x["source_id"]) for x in earnings.lines(database, name)}
        told = 0
        for partner in sorted({key[0] for key in stored}):
            for found in explain.lines(database, name, partner):
                assert found.equal, found
                told += found.lines
                facts[name, partner, found.bonus] = found.facts
        assert told == len(stored)
        assert explain.verify(database, name).holds
    assert facts["2025-03", "A", "points"] == [
        "fund 4.84 USD: a part of CV 483.63, rounded first",
        "4 points in all: 1.21 USD a point, rounded down",
        "this share: 2 points, 2.42 USD",
    ]
    assert facts["2025-02", "C", "down"][1] == "shared by 1 of its frontline"

    def why(month: str, partner: str, name: str, level: int = 1) -> str:
        return explain.why_not(database, month, partner, bonus=name, level=level).reason

    assert why("2025-03", "A", "race") == "not_first"
    assert why("2025-03", "D", "steps") == "not_reached"
    assert why("2025-02", "A", "steps") == "paid_before"
    assert why("2025-02", "A", "best") == "higher_step"
    assert why("2025-02", "B", "risen", 2) == "not_reached"
    assert why("2025-02", "C", "risen", 2) == "too_short"
    assert why("2025-03", "A", "risen", 2) == "paid_before"
    assert why("2025-03", "C", "stays", 2) == "capped"
    assert why("2025-03", "A", "stays", 2) == "passed"
    assert why("2025-03", "D", "stays", 2) == "not_counted"
    assert why("2025-03", "D", "points") == "no_points"
    assert why("2025-03", "B", "part") == "not_first"
    assert why("2025-01", "C", "together") == "not_reached"
    assert why("2025-03", "A", "together") == "not_in_team"
    assert why("2025-03", "D", "down") == "rounded_to_zero"
    assert why("2025-03", "E", "together") == "inactive"
    assert why("2025-03", "B", "team") == "held"
    assert why("2025-03", "D", "best") == "not_open"


def test_an_explanation_says_which_limit_cut_a_line(whole: Database) -> None:
    (found,) = explain.lines(whole, "2025-02", "B", bonus="team")
    assert (found.earned_minor, found.computed_minor) == (2000, 2000)
    assert found.facts == [f"limit 3, of what the company pays, left {found.amount_minor / 100:.2f} USD of 20.00 USD"]
    fee = explain.lines(whole, "2025-02", "B", bonus="fee")
    assert all(line.equal for line in fee)


LINE = "MATCH (e:Earning {run_id: r.id, partner_id: '%s', bonus: '%s', level: %d}) "
# What is done to a closed month, each beside what names it: a line changed, removed, put to another, or a block it comes from.
TAMPERED = [
    (LINE % ("C", "steps", 1) + "SET e.amount_minor = 501, e.earned_minor = 501", ["C steps 1: stored 501, explained 500"]),
    (LINE % ("B", "steps", 1) + "DELETE e", ["B steps 1: not stored, explained 500"]),
    (LINE % ("A", "risen", 2) + "SET e.earned_minor = 2999", ["A risen 2: stored 2999, explained 3000"]),
    (
        LINE % ("B", "stays", 2) + "SET e.partner_id = 'D'",
        ["D stays 2: stored 2000, explained 0", "B stays 2: not stored, explained 2000"],
    ),
    (
        LINE % ("A", "points", 1) + "SET e.partner_id = 'D'",
        ["D points 1: stored 164, explained 0", "A points 1: not stored, explained 164"],
    ),
    (LINE % ("A", "part", 1) + "DELETE e", ["A part 1: not stored, explained 175"]),
    (
        LINE % ("C", "race", 1) + "SET e.partner_id = 'A'",
        ["A race 1: stored 900, explained 0", "C race 1: not stored, explained 900"],
    ),
    (
        LINE % ("C", "together", 1) + "SET e.amount_minor = 99",
        ["C together 1: 0.99 USD are stored, and limits leave 0.97 USD of 1.00 USD"],
    ),
    (
        LINE % ("A", "best", 2) + "REMOVE e:Earning SET e:HeldLine, e.held_from = '2025-02', e.left = 1, e.bucket = 0",
        ["A best 2: waits, and nothing is to be waited for"],
    ),
    (LINE % ("A", "fee", 1) + "SET e.partner_id = 'D'", ["A fee 1 team: 0.60 USD too little", "D fee 1 team: 0.12 USD too much"]),
    (
        "MATCH (p:Prize {run_id: r.id}) SET p.partner_id = 'B'",
        ["A race 2: the prize of this place is not stored", "B race 2: a prize of another's is stored"],
    ),
    (
        "MATCH (c:Carried {run_id: r.id, part: 'stays'}) SET c.values = [x IN c.values | x + 1]",
        ["B stays: carries periods 3, not 2"],
    ),
    ("MATCH (f:Fund {run_id: r.id, bonus: 'points'}) SET f.fund_minor = 411", ["points: the fund is 4.11 USD, not 4.10 USD"]),
    (
        "MATCH (f:Fund {run_id: r.id, bonus: 'part'}) SET f.rest_minor = f.rest_minor + 1",
        ["part: shares of", "a rest of 0.01 USD"],
    ),
    (
        "MATCH (b:Balance {run_id: r.id, partner_id: 'A', balance: 'travel'}) SET b.amount_minor = b.amount_minor + 1",
        ["A: 3.57 USD stand on balance travel, not"],
    ),
    (LINE % ("C", "down", 1) + "SET e.amount_minor = e.amount_minor + 1", ["C down 1: stored 245, explained 194"]),
    (LINE % ("B", "fee", 1) + "SET e.amount_minor = e.amount_minor - 1", ["B fee 1 team: 0.01 USD too much deducted"]),
    (
        LINE % ("A", "team", 1) + "SET e.amount_minor = 3001",
        ["A team 1: 30.01 USD are stored, and limits leave 5.83 USD of 6.00 USD"],
    ),
]


def test_verify_names_every_line_that_is_not_what_it_must_be(database: Database, ask: Callable[..., Any], tmp_path: Path) -> None:
    closed(database, TEXT, everything(), tmp_path, *MONTHS[:2])
    for change, _ in TAMPERED:
        ask(f"MATCH (r:Run {{month: '2025-02', kind: 'official'}}) {change}")
    found = explain.verify(database, "2025-02")
    assert not found.digest_holds
    said = "\n".join(found.differences)
    assert not [named for _, all_of_it in TAMPERED for named in all_of_it if named not in said], said


def test_verify_names_what_was_released_wrongly(database: Database, ask: Callable[..., Any], tmp_path: Path) -> None:
    text = "A : own 60 @2025-02-10, own 10 @2025-01-10\nB : own 10 @2025-01-10\nC : own 10 @2025-01-10, own 60 @2025-02-10"
    waits = {"qualified": [{**PV, "at_least": 50}], "unqualified": {"hold": 2}}
    steps = award("milestone", name="best", metric=PV, pays="highest", how_often="each_period", steps=[{"from": 1, "sum": 5}])
    closed(database, text, document(steps | waits), tmp_path, *MONTHS[:2])
    assert explain.verify(database, "2025-02").holds
    about = "MATCH (r:Run {month: '2025-02', kind: 'official'})"
    ask(f"{about} MATCH (e:Earning {{run_id: r.id, partner_id: 'A'}}) WHERE e.source_id <> '' SET e.amount_minor = 501")
    ask(f"{about} MATCH (e:Earning {{run_id: r.id, partner_id: 'C'}}) WHERE e.source_id <> '' DELETE e")
    ask(f"{about} MATCH (h:HeldLine {{run_id: r.id, partner_id: 'B'}}) SET h.left = 2")
    said = explain.verify(database, "2025-02").differences
    assert said == [
        "A best 1 held 2025-01: stored 501, explained 500",
        "B best 1: waits on for 5.00 USD with 2 periods left, not 5.00 USD with 1 periods left",
        "C best 1 held 2025-01: not stored, explained 500",
    ]


def test_every_step_interrupted_and_begun_again_gives_the_same(database: Database, tmp_path: Path) -> None:
    build(database, draw(TEXT), tmp_path)
    store.publish(database, everything())
    month.close(database, "2025-01", "worked", actor="test")
    wanted = month.preview(database, "2025-02", "worked", actor="test")
    # In the middle of a step, and soon after it was finished: steps are begun again and again.
    for attempt in range(200):
        try:
            found = month.close(database, "2025-02", "worked", actor="test", progress=Plug(2 + attempt % 5))
            break
        except Interrupted:
            continue
    else:
        pytest.fail("the month never closed")
    assert (found.digest, found.lines) == (wanted.digest, wanted.lines)
    assert (found.held_minor, found.cut_minor, found.prizes) == (wanted.held_minor, wanted.cut_minor, wanted.prizes)
    assert explain.verify(database, "2025-02").holds
    after = month.preview(database, "2025-03", "worked", actor="test")
    assert after.digest == month.close(database, "2025-03", "worked", actor="test").digest


def test_a_binary_line_tells_its_legs_its_carry_and_its_cap(database: Database, tmp_path: Path) -> None:
    plan = binary(units("in_turn", *TWO), cap={"per": "money", "values": 80, "above": "lost"}, own_pv="lesser")
    whole = plan["bonuses"][0] | {"cap": "none", "name": "whole", "carry": NEVER | {"expires": {"periods": 1}}}
    plan["bonuses"] += [whole, whole | {"name": "percent", "pay": {"percent": "10%"}, "own_pv": "neither"}]
    text = """
    A : own 100 @2025-02-10, own 30
      L left of A : own 900 @2025-02-10, own 700
      R right of A : own 450 @2025-02-10, own 650
    """
    files = ImportFiles(**draw(text).write(tmp_path))
    import_files(database, files, identifier_key=IDENTIFIER_KEY, placement_tree="legs")
    store.publish(database, {"standings_tree": "sponsor"} | plan)
    for name in ("2025-02", "2025-03"):
        month.close(database, name, "worked", actor="test")
        stored = earnings.of_partner(database, name, "A")
        told = explain.lines(database, name, "A")
        assert len(told) == len(stored) >= 3
        assert all(line.equal for line in told), told
    assert explain.why_not(database, "2025-03", "L", bonus="percent", level=1).reason == "nothing_reached"
