"""Bonuses that are one step: the worked numbers of the definitions and every choice, through import, close and earnings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphsvc import explain, month
from graphsvc.query.runner import Database
from tests.month.test_model_people import REFUNDED, in_debt
from tests.month.test_worked import closed, document

Ask = Callable[..., list[dict[str, Any]]]
SOURCES = {"kinds": "all", "categories": "all"}
PV = {"metric": "pv", "window": "period"}
ORDER = [{"metric": "pv", "window": "period", "direction": "highest"}, "partner_id"]


def award(kind: str, **changes: Any) -> dict[str, Any]:
    """A bonus of a kind, for everybody active."""
    return {"name": kind.replace("_", "-"), "kind": kind, "qualified": "active"} | changes


def pool(**changes: Any) -> dict[str, Any]:
    """A pool of everything that the company sold, to equal parts."""
    made = {
        "fund": {"rate": "100%", "base": "cv", "sources": SOURCES},
        "shares": "equal",
        "order": ORDER,
        "rounded_at": "share",
        "rest": "company",
        "reversals": "stay",
    }
    return award("pool", **made) | changes


def ranked(*names: str, by: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ranks by type, the type of a rank's own name or of a higher one; or by tests of their own."""
    conditions = {name: [{"type": list(names[place:])}] for place, name in enumerate(names)} | (by or {})
    listed = [{"name": n, "title": {"en": n, "ru": n}, "conditions": conditions[n]} for n in names]
    return {"standings_tree": "sponsor", "ranks": {"title": "kept", "list": listed}}


def paid(lines: list[tuple[Any, ...]]) -> dict[str, int]:
    """What each payee gets in all, by payee."""
    found: dict[str, int] = {}
    for line in lines:
        found[line[0]] = found.get(line[0], 0) + line[4]
    return found


def test_fifty_thousand_over_seven_points(database: Database, ask: Ask, tmp_path: Path) -> None:
    text = "A type gold : own 50000\nB type diamond\nC type diamond\nD"
    points = {"points": {"by": "rank", "as": "paid_as", "values": {"gold": 1, "diamond": 3}}}
    plan = document(
        pool(name="at-point", shares=points, rounded_at="point"),
        pool(name="at-share", shares=points, rounded_at="share"),
        pool(name="first", shares=points, rounded_at="point", rest="first"),
    ) | ranked("gold", "diamond")
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    found = {(line[0], line[1]): line[4] for line in lines}
    assert [found[p, "at-point"] for p in "ABC"] == [714_285, 2_142_855, 2_142_855]
    assert [found[p, "at-share"] for p in "ABC"] == [714_285, 2_142_857, 2_142_857]
    assert [found[p, "first"] for p in "ABC"] == [714_290, 2_142_855, 2_142_855]  # A sold most
    rests = ask("MATCH (f:Fund) RETURN f.bonus AS bonus, f.rest_minor AS rest, f.weights AS weights ORDER BY bonus")
    assert [(r["bonus"], r["rest"], r["weights"]) for r in rests] == [("at-point", 5, 7), ("at-share", 1, 7), ("first", 0, 7)]


def test_pools_by_place_in_proportion_and_one_after_another(database: Database, tmp_path: Path) -> None:
    text = "A : own 60\nB : own 30\nC : own 10\nD : own 0.01, refund 0.01"
    plan = document(
        pool(name="places", shares={"places": ["50%", "30%"]}, rest={"next_fund": "next"}),
        pool(name="part", shares={"in_proportion": PV, "limit": 40}),
        pool(name="two", first=2, rounded_at="point", shares={"in_proportion": PV}),
        pool(name="next", fund={"rate": "1%", "base": "cv", "sources": SOURCES}, first=3),
    )
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    found = {(line[0], line[1]): line[4] for line in lines}
    assert [found.get((p, "places")) for p in "ABCD"] == [5000, 3000, None, None]
    assert [found.get((p, "part")) for p in "ABCD"] == [5000, 3750, 1250, None]  # 40, 30 and 10 of 80
    assert [found.get((p, "two")) for p in "ABCD"] == [6660, 3330, None, None]  # 1.11 a point
    assert [found.get((p, "next")) for p in "ABCD"] == [700, 700, 700, None]  # 20.00 left by the places, and 1.00 of its own


def test_a_fund_below_zero_pays_nothing_and_leaves_no_debt(database: Database, ask: Ask, tmp_path: Path) -> None:
    bonuses = [part | {"name": f"{part['name']}-{rate}"} for rate in (10, 15, 50) for part in in_debt(f"{rate}%")]
    for part in bonuses:
        if part["rest"] != "company":
            part["rest"] = {"next_fund": f"{part['rest']['next_fund']}-{part['name'].rpartition('-')[2]}"}
    _, lines = closed(database, REFUNDED, document(*bonuses), tmp_path, "2025-02", "2025-03")
    assert {line[1]: line[4] for line in lines} == {"second-10": 500, "third-10": 3000, "third-15": 3000, "third-50": 3000}
    rests = ask("MATCH (r:Run {month: '2025-03'}), (f:Fund {run_id: r.id}) RETURN f.bonus AS bonus, f.rest_minor AS rest")
    assert {row["rest"] for row in rests if row["bonus"] == "second-50"} == {-3500}
    assert explain.verify(database, "2025-03").holds


def test_ties_fall_by_the_named_order_and_then_by_id(database: Database, ask: Ask, tmp_path: Path) -> None:
    text = "A\n  Z : own 10\n  C : own 20\n    B : own 20\n      D : own 5"
    prizes = [{"sum": "100"}, {"award": {"en": "A car", "ru": "Автомобиль"}}, {"sum": 30}]
    tv = {"metric": "tv", "window": "period", "direction": "highest"}
    plan = document(
        award("contest", name="by-id", metric=PV, prizes=prizes, order=["partner_id"]),
        award("contest", name="by-team", metric=PV, prizes=prizes, order=[tv, "partner_id"]),
    )
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert [(x[0], x[1], x[4]) for x in lines] == [
        ("B", "by-id", 10_000), ("C", "by-team", 10_000), ("Z", "by-id", 3000), ("Z", "by-team", 3000),
    ]  # fmt: skip
    things = ask(
        "MATCH (p:Prize) RETURN p.bonus AS bonus, p.partner_id AS who, p.level AS place, p.award_ru AS ru ORDER BY bonus"
    )
    assert [tuple(t.values()) for t in things] == [("by-id", "C", 2, "Автомобиль"), ("by-team", "B", 2, "Автомобиль")]


def test_milestones_highest_and_every_each_period_and_once(database: Database, tmp_path: Path) -> None:
    text = """
    A : own 150 @2025-01-10, own 250 @2025-02-10, own 100 @2025-03-10
    B : own 99.99 @2025-01-10, own 100 @2025-02-10, own 320 @2025-03-10
    """
    steps = [{"from": 100, "sum": 5}, {"from": 200, "sum": 20}, {"from": 300, "rate": "1%", "of": "cv"}]
    plan = document(
        *(
            award("milestone", name=f"{pays}-{word}", metric=PV, steps=steps, pays=pays, how_often=how_often)
            for pays in ("highest", "every")
            for how_often, word in (("each_period", "each"), ("once", "once"))
        )
    )
    months = closed(database, text, plan, tmp_path, "2025-01", "2025-02", "2025-03")

    def of(lines: list[tuple[Any, ...]], bonus: str) -> dict[str, int]:
        return paid([line for line in lines if line[1] == bonus])

    assert [of(lines, "highest-each") for lines in months] == [
        {"A": 500},
        {"A": 2000, "B": 500},
        {"A": 500, "B": 320},
    ]
    assert [of(lines, "highest-once") for lines in months] == [{"A": 500}, {"A": 2000, "B": 500}, {"B": 320}]
    assert [of(lines, "every-each") for lines in months] == [
        {"A": 500},
        {"A": 2500, "B": 500},
        {"A": 500, "B": 2820},
    ]
    assert [of(lines, "every-once") for lines in months] == [{"A": 500}, {"A": 2000, "B": 500}, {"B": 2320}]


def test_a_rate_applies_to_all_or_to_its_slice(database: Database, tmp_path: Path) -> None:
    tiers = [{"from": 0, "value": "5%"}, {"from": 1000, "value": "8%"}]
    plan = document(
        *(
            award(
                "milestone", name=kind, metric=PV, pays="highest", how_often="each_period",
                steps=[{"from": 1, "rate": {"by": "scale", "metric": PV, "tiers": kind, "values": tiers}, "of": "qv"}],
            )
            for kind in ("whole", "slices")
        )
    )  # fmt: skip
    (lines,) = closed(database, "A : own 1500\nB : own 999.99", plan, tmp_path, "2025-03")
    assert [(x[0], x[1], x[4]) for x in lines] == [
        ("A", "slices", 9000), ("A", "whole", 12_000), ("B", "slices", 5000), ("B", "whole", 5000),
    ]  # fmt: skip


def test_a_rank_is_paid_once_after_periods_in_a_row(database: Database, tmp_path: Path) -> None:
    text = """
    A : own 10 @2025-01-10, own 30 @2025-02-10, own 30 @2025-03-10, own 10 @2025-04-10
    B : own 30 @2025-01-10, own 10 @2025-02-10, own 30 @2025-03-10, own 30 @2025-04-10
    """
    by = {name: [{**PV, "at_least": need}] for name, need in (("silver", 10), ("gold", 20))}
    sums = {"silver": 100, "gold": 300}
    plan = document(
        award("rank_bonus", name="at-once", sums=sums, after_periods=1, jump="highest", **{"as": "paid_as"}),
        award("rank_bonus", name="all", sums=sums, after_periods=2, jump="all", **{"as": "paid_as"}),
    ) | ranked("silver", "gold", by=by)
    months = closed(database, text, plan, tmp_path, "2025-01", "2025-02", "2025-03", "2025-04")
    found = [[(x[0], x[1], x[4]) for x in lines] for lines in months]
    assert found == [
        [("A", "at-once", 10_000), ("B", "at-once", 30_000)],
        [("A", "all", 10_000), ("A", "at-once", 30_000), ("B", "all", 10_000)],
        [("A", "all", 30_000)],
        [("B", "all", 30_000)],
    ]


def test_tenure_in_a_row_and_in_all(database: Database, tmp_path: Path) -> None:
    text = "A : own 10 @2025-01-10, own 10 @2025-03-10, own 10 @2025-04-10, own 10 @2025-05-10"
    sums = [{"periods": 2, "sum": 20}, {"periods": 3, "sum": {"by": "type", "values": {"other": 1}}}]
    plan = document(
        award("tenure", name="row", condition="buys", counted="in_row", sums=sums),
        award("tenure", name="all", condition="buys", counted="in_all", sums=sums),
    ) | {"conditions": {"buys": [{**PV, "at_least": 10}]}}
    months = closed(database, text, plan, tmp_path, *(f"2025-0{n}" for n in range(1, 6)))
    assert [[(x[1], x[4]) for x in lines] for lines in months] == [[], [], [("all", 2000)], [("row", 2000)], []]


def test_a_goal_of_everybody_and_of_a_team(database: Database, tmp_path: Path) -> None:
    text = "A\n  B : own 40\n    C : own 35\n      D suspended : own 5\n    E\n  F : own 30"
    goal = {"metric": {"metric": "tv", "window": "period"}, "sum": 10}
    plan = document(
        award("group_goal", name="all", team="everybody", goal=110, **goal),
        award("group_goal", name="team", team={"partner": "B"}, goal=80, **goal),
        award("group_goal", name="missed", team={"partner": "B"}, goal="80.001", **goal),
    )
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert sorted((x[1], x[0]) for x in lines) == [*(("all", p) for p in "ABCEF"), *(("team", p) for p in "BCE")]
    assert {x[4] for x in lines} == {1000}


def test_what_is_matched_down_is_parted_equally(database: Database, tmp_path: Path) -> None:
    text = "A : own 1000.10\n  B\n  C\n  D suspended\n    E\n  F type other"
    named = award("milestone", name="own", metric=PV, pays="highest", how_often="each_period",
                  steps=[{"from": 1, "rate": "10%", "of": "money"}])  # fmt: skip
    of = {"of": ["own"], "reversals": "stay"}
    plan = document(
        named,
        award("match_down", name="ten", rate="10%", **of),
        award("match_down", name="one", rate="10%", **of) | {"qualified": [{"type": ["other"]}], "unqualified": "forfeit"},
    )
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    found = [(x[0], x[1], x[4]) for x in lines]
    assert found == [("A", "own", 10_001), ("B", "ten", 333), ("C", "ten", 333), ("F", "one", 1000), ("F", "ten", 333)]


def test_begun_again_and_previewed_a_run_leaves_the_same(database: Database, ask: Ask, tmp_path: Path) -> None:
    plan = document(
        pool(rest="first", first=1),
        award("milestone", metric=PV, pays="every", how_often="once", steps=[{"from": 1, "sum": 1}]),
        award("contest", metric=PV, prizes=[{"award": {"en": "A", "ru": "А"}}], order=["partner_id"]),
    )
    (first,) = closed(database, "A : own 10", plan, tmp_path, "2025-03")
    month.preview(database, "2025-04", "worked", actor="test")
    left = ask("MATCH (n:Carried|Fund|Prize|Frontline|TeamMembers) RETURN labels(n)[0] AS kind, count(*) AS n ORDER BY kind")
    assert [(r["kind"], r["n"]) for r in left] == [("Carried", 1), ("Fund", 1), ("Prize", 1)]
    assert [(x[1], x[4]) for x in first] == [("milestone", 100), ("pool", 1000)]
