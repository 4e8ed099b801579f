"""Ranks, titles and the volumes that they read (mechanics sections 1, 2 and 5), in companies drawn for the purpose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import month, ranks
from graphsvc.errors import BadInput, Code, Refused
from graphsvc.month import opening
from graphsvc.plan import store
from graphsvc.plan.compiler import compile_plan
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month import small
from tests.month.conftest import Said

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]


def title(name: str) -> dict[str, str]:
    return {"en": name, "ru": name}


def pv(at_least: Any, window: Any = "period") -> dict[str, Any]:
    return {"metric": "pv", "window": window, "at_least": at_least}


def plan(ranks_: dict[str, list[dict[str, Any]]], rule: Any = "kept", **changes: Any) -> dict[str, Any]:
    """The small plan with ranks, lowest first."""
    listed = [{"name": name, "title": title(name), "conditions": tests} for name, tests in ranks_.items()]
    unqualified = {"active": {"conditions": [], "grace_periods": 0}, "bonuses": small.PLAN["bonuses"][:1]}
    return small.plan("ranked", **unqualified | {"ranks": {"title": rule, "list": listed}, "standings_tree": "sponsor"} | changes)


def publish(database: Database, folder: Path, text: str, document: dict[str, Any]) -> None:
    build(database, draw(text), folder)
    store.publish(database, document)


def close(database: Database, name: str = "2025-03") -> str:
    return month.close(database, name, "ranked", actor="test").run_id


def column(ask: Ask, run_id: str, what: str) -> dict[str, int]:
    """A column of everybody's standing, by partner."""
    rows = ask(
        "MATCH (s:Standing {run_id: $run_id}) UNWIND range(0, size(s.ids) - 1) AS i "
        "MATCH (p:Partner {seq: s.ids[i]}) RETURN p.id AS id, s[$what][i] AS value ORDER BY id",
        run_id=run_id,
        what=what,
    )
    return {row["id"]: row["value"] for row in rows}


def number(ask: Ask, run_id: str, document: dict[str, Any], kind: str) -> dict[str, int]:
    """A metric of everybody, by partner."""
    metrics = compile_plan(document).metrics
    rows = ask(
        "MATCH (s:Standing {run_id: $run_id}) UNWIND range(0, size(s.ids) - 1) AS i "
        "MATCH (p:Partner {seq: s.ids[i]}) RETURN p.id AS id, s.metrics[i * $numbers + $at] AS value ORDER BY id",
        run_id=run_id,
        numbers=len(metrics),
        at=[m.kind for m in metrics].index(kind),
    )
    return {row["id"]: row["value"] for row in rows}


def test_the_highest_rank_whose_conditions_hold_counts_whatever_those_below_it_say(
    database: Database, ask: Ask, tmp_path: Path
) -> None:
    document = plan({"low": [{"metric": "tv", "window": "period", "at_least": 500}], "high": [pv(100)]})
    publish(database, tmp_path, "A : own 10\n  B : own 600\n  C : own 100\n  D : own 20", document)
    assert column(ask, close(database), "ranks") == {"A": 1, "B": 2, "C": 2, "D": 0}


def test_a_rank_may_ask_for_legs_that_hold_a_rank_and_the_leg_s_head_counts(database: Database, ask: Ask, tmp_path: Path) -> None:
    legs = {"metric": "legs_with_rank", "rank": "low", "as": "paid_as", "at_least": 2}
    document = plan({"low": [pv(100)], "high": [legs], "top": [legs | {"rank": "high", "at_least": 1}]})
    text = """
T
  A
    B : own 100
    C
      D
        E : own 150
  F : own 99
    G : own 100
"""
    publish(database, tmp_path, text, document)
    assert column(ask, close(database), "ranks") == {"A": 2, "B": 1, "C": 0, "D": 0, "E": 1, "F": 0, "G": 1, "T": 3}


LEGS = "A : own 7\n  B : own 9000\n  C : own 300\n    D : own 500\n  E : own 200"


@pytest.mark.parametrize(
    ("of", "own_pv", "counted"),
    [("requirement", "without", 3_500_000), ("total", "without", 6_000_000), ("requirement", "with", 3_507_000)],
)
def test_of_a_strong_leg_only_a_share_is_counted(
    of: str, own_pv: str, counted: int, database: Database, ask: Ask, tmp_path: Path
) -> None:
    most = {"metric": "counted_volume", "share": "50%", "of": of, "own_pv": own_pv, "window": "period", "at_least": 5000}
    document = plan({"low": [most]})
    publish(database, tmp_path, LEGS, document)
    run_id = close(database)
    kind = "counted_capped" if of == "requirement" else "counted_share"
    assert number(ask, run_id, document, kind)["A"] == counted
    assert column(ask, run_id, "ranks")["A"] == int(counted >= 5_000_000)


def test_who_breaks_away_leaves_the_gv_of_all_above(database: Database, ask: Ask, tmp_path: Path) -> None:
    gv, broken = {"metric": "gv", "window": "period", "at_least": 250}, {"metric": "broken_away_legs", "at_least": 1}
    document = plan(
        {"director": [{"metric": "tv", "window": "period", "at_least": 900}], "group": [gv, broken]},
        breakaway=[{"rank": "director", "as": "paid_as"}, {"metric": "pv", "window": "period", "at_least": 300}],
    )
    publish(database, tmp_path, "R : own 1\n  A : own 100\n    B : own 400\n      D : own 500\n    C : own 200", document)
    run_id = close(database)
    assert number(ask, run_id, document, "gv") == {"A": 300_000, "B": 900_000, "C": 200_000, "D": 500_000, "R": 301_000}
    assert column(ask, run_id, "ranks") == {"A": 2, "B": 1, "C": 0, "D": 0, "R": 1}


@pytest.mark.parametrize(
    ("rule", "titles", "starts"),
    [
        ("kept", [3, 3, 3, 3, 3, 3], [0, 3, 3, 3, 3, 3]),
        ({"window": 3}, [3, 3, 3, 1, 2, 2], [0, 3, 3, 3, 1, 2]),
        ({"step_down": 2}, [3, 3, 3, 2, 2, 2], [0, 3, 3, 2, 2, 2]),
    ],
)
def test_a_title_is_kept_looks_back_or_steps_down(
    rule: Any, titles: list[int], starts: list[int], database: Database, ask: Ask, tmp_path: Path
) -> None:
    sold = ", ".join(f"own {rank}00 @2025-0{n}-05" for n, rank in enumerate((3, 1, 1, 1, 2, 1), 1))
    publish(database, tmp_path, f"A : {sold}\n  B", plan({"one": [pv(100)], "two": [pv(200)], "three": [pv(300)]}, rule))
    runs = [close(database, f"2025-0{n}") for n in range(1, 7)]
    assert [column(ask, run_id, "ranks")["A"] for run_id in runs] == [3, 1, 1, 1, 2, 1]
    assert [column(ask, run_id, "titles")["A"] for run_id in runs] == titles
    assert [column(ask, run_id, "starts")["A"] for run_id in runs] == starts
    assert {column(ask, run_id, "titles")["B"] for run_id in runs} == {0}


def test_what_activity_needs_may_depend_on_the_title_at_the_start(database: Database, ask: Ask, tmp_path: Path) -> None:
    needs = {"by_title": {"none": 50, "two": 150}}
    document = plan(
        {"one": [pv(100)], "two": [pv(200)]},
        active={"conditions": [pv(needs)], "grace_periods": 0},
    )
    text = """
A : own 200 @2025-01-05, own 149 @2025-02-05, own 150 @2025-03-05
  B : own 100 @2025-01-05, own 50 @2025-02-05, own 49 @2025-03-05
  C : own 50 @2025-01-05
"""
    publish(database, tmp_path, text, document)
    runs = [close(database, f"2025-0{n}") for n in (1, 2, 3)]
    assert [column(ask, run_id, "active") for run_id in runs] == [
        {"A": True, "B": True, "C": True},
        {"A": False, "B": True, "C": False},
        {"A": True, "B": False, "C": False},
    ]


def test_running_totals_go_on_from_period_to_period(database: Database, ask: Ask, tmp_path: Path) -> None:
    document = plan({"one": [pv(100, "running")], "two": [{"metric": "tv", "window": "running", "at_least": 300}]})
    text = "A : own 40 @2025-01-05, own 60 @2025-03-05\n  B : own 99 @2025-01-05, own 101 @2025-02-05"
    publish(database, tmp_path, text, document)
    runs = [close(database, f"2025-0{n}") for n in (1, 2, 3)]
    assert [column(ask, run_id, "ranks") for run_id in runs] == [{"A": 0, "B": 0}, {"A": 0, "B": 1}, {"A": 2, "B": 1}]
    preview = month.preview(database, "2025-02", "ranked", actor="test")
    assert preview.digest == month.run(database, runs[1]).digest


def test_a_plan_that_carries_state_closes_every_period_in_turn(database: Database, tmp_path: Path) -> None:
    publish(database, tmp_path, "A : own 100 @2025-01-05, own 9 @2025-03-05", plan({"one": [pv(100)]}))
    close(database, "2025-01")
    for name in ("2025-03", "2025-04"):
        with pytest.raises(Refused) as refused:
            month.close(database, name, "ranked", actor="test", out_of_order=True)
        assert refused.value.code is Code.MONTH_OUT_OF_ORDER
    assert "2025-02 is still open" in refused.value.sentence
    close(database, "2025-02")
    close(database, "2025-03")


def test_a_later_version_may_name_other_ranks(database: Database, ask: Ask, tmp_path: Path) -> None:
    text = "A : own 300 @2025-01-05\n  B : own 200 @2025-01-05\n  C : own 100 @2025-01-05"
    publish(database, tmp_path, text, plan({"one": [pv(100)], "two": [pv(200)], "three": [pv(300)]}))
    close(database, "2025-01")
    later = plan({"zero": [pv(50)], "one": [pv(100)], "three": [pv(300)], "four": [pv(400)]})
    store.publish(database, later | {"version": 2, "valid_from": "2025-02-01"})
    assert column(ask, close(database, "2025-02"), "titles") == {"A": 3, "B": 2, "C": 2}


def test_a_rank_set_by_hand_stands_in_for_the_paid_as(database: Database, ask: Ask, cli: Cli, tmp_path: Path) -> None:
    legs = {"metric": "legs_with_rank", "rank": "two", "as": "paid_as", "at_least": 1}
    text = "A\n  B : own 100 @2025-01-05\n  C : own 200 @2025-01-05"
    publish(database, tmp_path, text, plan({"one": [pv(100)], "two": [pv(200)], "three": [legs]}))
    why = "--reason", "promised in writing"
    assert cli("rank", "force", "B", "one", "2025-01", "--plan", "ranked", *why).code == 0
    assert cli("rank", "force", "B", "two", "2025-01", "--plan", "ranked", *why).code == 0
    assert cli("rank", "force", "C", "none", "2025-01", "--plan", "ranked", "--reason", "in dispute").code == 0
    assert column(ask, close(database, "2025-01"), "ranks") == {"A": 3, "B": 2, "C": 0}
    listed = cli("rank", "list", "--plan", "ranked", "--format", "csv").out.splitlines()
    assert [line.split(",")[:5] for line in listed[1:]] == [
        ["2025-01", "B", "one", "1", "promised in writing"],
        ["2025-01", "B", "two", "2", "promised in writing"],
        ["2025-01", "C", "none", "1", "in dispute"],
    ]
    said = cli("rank", "force", "C", "computed", "2025-01", "--plan", "ranked", *why)
    assert said.code == 2
    assert "is closed, so ranks in it stand" in said.sentence
    assert column(ask, close(database, "2025-02"), "titles") == {"A": 3, "B": 2, "C": 0}


@pytest.mark.parametrize(
    ("partner", "rank", "reason", "code"),
    [("B", "lord", "x", Code.BAD_INPUT), ("B", "one", " ", Code.BAD_INPUT), ("Q", "one", "x", Code.PARTNER_UNKNOWN)],
)
def test_a_rank_by_hand_needs_a_rank_a_partner_and_a_reason(
    partner: str, rank: str, reason: str, code: Code, database: Database, tmp_path: Path
) -> None:
    publish(database, tmp_path, "A\n  B", plan({"one": [pv(100)]}))
    with pytest.raises(Refused) as refused:
        ranks.force(database, partner, rank, "2025-01", "ranked", reason=reason, actor="test")
    assert refused.value.code is code
    assert ranks.forced(database, "ranked") == []


STATE = "partner_id,title,running_pv,met\nA,two,70.5,true\nB,,0,\n"
STARTING = plan({"one": [pv(100, "running")], "two": [pv(900)]}, active={"conditions": [pv(10)], "grace_periods": 1})


def test_a_company_s_own_state_can_be_what_the_first_period_starts_with(
    database: Database, ask: Ask, cli: Cli, tmp_path: Path
) -> None:
    publish(database, tmp_path, "A : own 5 @2025-01-05, own 29.5 @2025-03-05\n  B : own 10 @2025-03-06", STARTING)
    file = tmp_path / "state.csv"
    file.write_text(STATE.replace("70.5", "1"), encoding="utf-8")
    said = cli("month", "open-state", "2025-03", "--plan", "ranked", "--state", str(file))
    assert said.out == "2025-03 of plan ranked starts with the state of 2 partners.\n"
    file.write_text(STATE, encoding="utf-8")
    assert opening.take(database, "2025-03", "ranked", file, actor="test").new
    assert not opening.take(database, "2025-03", "ranked", file, actor="test").new
    for name in ("2025-01", "2025-02", "2025-04"):
        with pytest.raises(Refused):
            close(database, name)
    run_id = close(database, "2025-03")  # January's order is told by the state
    assert column(ask, run_id, "starts") == {"A": 2, "B": 0}
    assert column(ask, run_id, "ranks") == {"A": 1, "B": 0}
    assert column(ask, run_id, "titles") == {"A": 2, "B": 0}
    assert column(ask, run_id, "active") == {"A": True, "B": True}
    assert column(ask, close(database, "2025-04"), "active") == {"A": True, "B": True}
    assert not opening.take(database, "2025-03", "ranked", file, actor="test").new
    file.write_text(STATE.replace("70.5", "1"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        opening.take(database, "2025-03", "ranked", file, actor="test")
    assert refused.value.code is Code.MONTH_CLOSED


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("partner_id,titel\nA,two\n", "line 1: 'titel' is not carried by the plan; the nearest are title"),
        ("partner_id,title\nA,three\n", "line 2, title: 'three' is not a rank of the plan; write none or one, two"),
        ("partner_id,title\nA,two\nA,one\n", "line 3, partner_id: 'A' is empty or stands twice"),
        ("partner_id,running_pv\nA,1e3\n", "line 2, running_pv: '1e3' is not a plain decimal number"),
        ("partner_id,met\nA,yes\n", "line 2, met: 'yes' is neither true nor false"),
        ("partner_id\nA\n", "line 1: 'partner_id' needs partner_id and a column of state"),
        ("partner_id,title\nQ,two\n", "partner_id Q: is not a partner here"),
        ("partner_id,title\nA\n", "line 2: has 1 cells"),
    ],
)
def test_a_state_that_cannot_be_read_is_refused_with_its_line(text: str, fault: str, database: Database, tmp_path: Path) -> None:
    publish(database, tmp_path, "A\n  B", STARTING)
    file = tmp_path / "state.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        opening.take(database, "2025-03", "ranked", file, actor="test")
    assert bad.value.findings[0].sentence().startswith(fault)
