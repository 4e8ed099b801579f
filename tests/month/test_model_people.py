"""The judge is judged first: the worked numbers of binary trees, people, pools and limits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.month.plans import award, by_rank, closed, document, in_turn, paid, pv, ranks, sums, unilevel

LEGS = {"legs": {"kind": "binary", "placement": "weak_leg", "holding_days": 0}}
NEVER = {"expires": "never", "limit": "none", "inactive": "kept"}


def pairing(lesser: int, greater: int, rate: str) -> dict[str, Any]:
    return {"lesser": lesser, "greater": greater, "pays": {"rate": rate}}


def binary(pay: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A plan with one binary bonus on QV, which nothing but the choices given sets apart."""
    made = award("binary", tree="legs", volume="qv", own_pv="neither", pay=pay, carry=NEVER, cap="none") | changes
    return document(made, trees=LEGS)


def legs(left: int, right: int, own: int = 0) -> str:
    return f"A : own {own}\n  L left of A : own {left}\n  R right of A : own {right}"


def carry(text: str, plan: dict[str, Any]) -> tuple[int, int]:
    """What both legs of A carry into the next period, in whole volumes."""
    left, right = closed(text, plan).carried.bonuses["binary"].get("A", ({}, {}))
    return sum(left.values()) // 1000, sum(right.values()) // 1000


def units(taken: str, *pairings: dict[str, Any]) -> dict[str, Any]:
    return {"units": {"pairings": list(pairings), "taken": taken}}


TWO = (pairing(300, 600, "15%"), pairing(300, 300, "10%"))


@pytest.mark.parametrize(
    ("taken", "volumes", "amount", "left"),
    [
        ("first_whole", (1300, 700), 9000, (100, 100)),
        ("first_whole", (1000, 700), 6000, (400, 100)),
        ("in_turn", (1000, 700), 7500, (100, 100)),
    ],
)
def test_pairings_in_units(taken: str, volumes: tuple[int, int], amount: int, left: tuple[int, int]) -> None:
    plan = binary(units(taken, *TWO))
    assert sums(legs(*volumes), plan) == {"A": amount}
    assert carry(legs(*volumes), plan) == left


@pytest.mark.parametrize(("above", "amount", "left"), [("lost", 5000, (400, 100)), ("kept", 3000, (700, 400))])
@pytest.mark.parametrize(("per", "values"), [("money", 50), ("units", None)])
def test_a_cap_loses_or_keeps_what_is_above_it(above: str, amount: int, left: tuple[int, int], per: str, values: Any) -> None:
    each = {"lesser": 300, "greater": 300, "pays": {"sum": 30}}
    plan = binary(units("in_turn", each), cap={"per": per, "values": values or 1, "above": above})
    if per == "units" and above == "lost":
        amount = 3000  # one unit is paid, the other is paired and lost
    assert sums(legs(1000, 700), plan) == {"A": amount}
    assert carry(legs(1000, 700), plan) == left


def test_steps_that_both_legs_reach_and_a_percentage() -> None:
    steps = {"steps": [{"volume": 100, "sum": 5}, {"volume": 500, "sum": 30}, {"volume": 1000, "sum": 70}]}
    assert paid(legs(1300, 700), binary(steps)) == [("A", 2, 3000)]
    assert carry(legs(1300, 700), binary(steps)) == (800, 200)
    assert paid(legs(1300, 700), binary({"percent": "10%"})) == [("A", 1, 7000)]
    assert carry(legs(1300, 700), binary({"percent": "10%"})) == (600, 0)


@pytest.mark.parametrize(("own_pv", "amount"), [("neither", 1000), ("lesser", 1500), ("left", 1000), ("right", 1500)])
def test_own_volume_joins_a_leg(own_pv: str, amount: int) -> None:
    assert sums(legs(300, 100, own=50), binary({"percent": "10%"}, own_pv=own_pv)) == {"A": amount}


def test_a_lesser_leg_of_nothing_pairs_nothing() -> None:
    assert closed(legs(300, 0), binary({"percent": "10%"})).lines == []
    assert carry(legs(300, 0), binary({"percent": "10%"})) == (300, 0)


def test_carry_is_used_oldest_first_and_expires() -> None:
    text = """
    A
      L left of A : own 100 @2025-01-10, own 10 @2025-02-10
      R right of A : own 30 @2025-02-10, own 200 @2025-04-10
    """
    months = ("2025-01", "2025-02", "2025-03", "2025-04")
    kept = [r.lines[0].amount_minor if r.lines else 0 for r in in_turn(text, binary({"percent": "10%"}), *months)]
    assert kept == [0, 300, 0, 800]
    plan = binary({"percent": "10%"}, carry=NEVER | {"expires": {"periods": 2}})
    assert [r.lines[0].amount_minor if r.lines else 0 for r in in_turn(text, plan, *months)] == [0, 300, 0, 100]
    plan = binary({"percent": "10%"}, carry=NEVER | {"limit": 25})
    assert [r.lines[0].amount_minor if r.lines else 0 for r in in_turn(text, plan, *months)] == [0, 300, 0, 50]


@pytest.mark.parametrize(("inactive", "amount"), [("kept", 1000), ("lost", 0)])
def test_the_carry_of_the_inactive(inactive: str, amount: int) -> None:
    plan = binary({"percent": "10%"}, carry=NEVER | {"inactive": inactive})
    plan |= {"active": {"conditions": [pv(1)], "grace_periods": 0}}
    text = "A : own 1 @2025-02-10\n  L left of A : own 100 @2025-01-10\n  R right of A : own 100 @2025-02-10"
    lines = in_turn(text, plan, "2025-01", "2025-02")[1].lines
    assert sum(x.amount_minor for x in lines if x.partner_id == "A") == amount


# Pools.


def pool(**changes: Any) -> dict[str, Any]:
    fund = {"rate": "10%", "base": "cv", "sources": {"kinds": "all", "categories": "all"}}
    made = award("pool", fund=fund, shares="equal", order=["partner_id"], rounded_at="share", rest="company", reversals="stay")
    return made | changes


@pytest.mark.parametrize(
    ("rounded_at", "rest", "first_of_them", "other"),
    [("point", "company", 2_142_855, 714_285), ("share", "company", 2_142_857, 714_285), ("point", "first", 2_142_860, 714_285)],
)
def test_a_pool_by_points(rounded_at: str, rest: str, first_of_them: int, other: int) -> None:
    points = {"points": by_rank({"gold": 1, "diamond": 3})}
    plan = document(pool(shares=points, rounded_at=rounded_at, rest=rest), ranks=ranks("gold", "diamond"))
    text = "D type diamond : own 500000\nE type diamond\nG type gold\nN"
    found = sums(text, plan)
    assert (found["D"], found["G"]) == (first_of_them, other)
    assert "N" not in found


def test_a_pool_by_place_by_proportion_and_for_the_first() -> None:
    text = "A : own 100\nB : own 300\nC : own 600"
    metric = {"metric": "pv", "window": "period"}
    order = [metric | {"direction": "highest"}, "partner_id"]
    assert sums(text, document(pool(shares={"places": ["50%", "30%"]}, order=order))) == {"C": 5000, "B": 3000}
    assert paid(text, document(pool(shares={"places": ["50%", "30%"]}, order=order))) == [("B", 2, 3000), ("C", 1, 5000)]
    assert sums(text, document(pool(shares={"in_proportion": metric}))) == {"A": 1000, "B": 3000, "C": 6000}
    assert sums(text, document(pool(shares={"in_proportion": metric, "limit": 300}))) == {"A": 1428, "B": 4285, "C": 4285}
    assert sums(text, document(pool(first=2, order=order))) == {"B": 5000, "C": 5000}


REFUNDED = "A : retail 100 by c @2025-02-10, refund 100 @2025-03-10, own 50 @2025-03-11"


def in_debt(rate: str) -> list[dict[str, Any]]:
    """Pools of 30 % of own use that nobody shares, of `rate` of the retail that they are left to, then of 60 % of own use."""
    nobody = {"qualified": [pv(10**6)], "unqualified": "forfeit"}
    of = {"base": "cv", "sources": {"kinds": ["own_use"], "categories": "all"}}
    left = pool(fund=of | {"rate": "30%"}, rest={"next_fund": "second"}, **nobody)
    retail = of | {"rate": rate, "sources": {"kinds": ["retail"], "categories": "all"}}
    second = pool(name="second", fund=retail, rest={"next_fund": "third"})
    return [left, second, pool(name="third", fund=of | {"rate": "60%"})]


def test_the_rest_of_a_pool_goes_to_the_next_fund() -> None:
    nobody = {"qualified": [pv(10**6)], "unqualified": "forfeit"}
    first = pool(rest={"next_fund": "second"}, **nobody)
    assert sums("A : own 100", document(first, pool(name="second"))) == {"A": 2000}


def test_a_fund_below_zero_is_the_companys() -> None:
    assert sums(REFUNDED, document(*in_debt("10%"))) == {"A": 500 + 3000}  # 15.00 were left, 10.00 are taken back
    assert sums(REFUNDED, document(*in_debt("15%"))) == {"A": 3000}
    assert sums(REFUNDED, document(*in_debt("50%"))) == {"A": 3000}  # not 30.00 less the 35.00 that the fund before lacks


# People and time.


def test_milestones_highest_or_every_each_period_or_once() -> None:
    metric = {"metric": "pv", "window": "period"}
    steps = [{"from": 10, "sum": 1}, {"from": 20, "sum": 5}, {"from": 30, "rate": "50%", "of": "cv"}]
    text = "A : own 20 @2025-01-10, own 10 @2025-02-10, own 30 @2025-03-10"
    expected = {
        ("highest", "each_period"): [[500], [100], [1500]],
        ("every", "each_period"): [[100, 500], [100], [100, 500, 1500]],
        ("highest", "once"): [[500], [], [1500]],
        ("every", "once"): [[100, 500], [], [1500]],
    }
    for (pays, how_often), amounts in expected.items():
        bonus = award("milestone", metric=metric, steps=steps, pays=pays, how_often=how_often)
        results = in_turn(text, document(bonus), "2025-01", "2025-02", "2025-03")
        assert [[x.amount_minor for x in r.lines] for r in results] == amounts


@pytest.mark.parametrize(("jump", "amounts"), [("highest", [[], [300], []]), ("all", [[], [100, 300], []])])
def test_a_rank_bonus_once_after_periods_in_a_row(jump: str, amounts: list[list[int]]) -> None:
    bonus = award("rank_bonus", sums={"a": 1, "b": 3}, after_periods=2, jump=jump, **{"as": "paid_as"})
    rules = ranks("a", "b", a=[pv(1)], b=[pv(5)])
    text = "A : own 5 @2025-01-10, own 5 @2025-02-10, own 5 @2025-03-10"
    results = in_turn(text, document(bonus, ranks=rules), "2025-01", "2025-02", "2025-03")
    assert [[x.amount_minor for x in r.lines] for r in results] == amounts


@pytest.mark.parametrize(("counted", "amounts"), [("in_row", [0, 0, 0, 0, 700]), ("in_all", [0, 0, 0, 700, 0])])
def test_tenure_in_a_row_or_in_all(counted: str, amounts: list[int]) -> None:
    bonus = award("tenure", condition="buys", counted=counted, sums=[{"periods": 3, "sum": 7}])
    text = "A : own 1 @2025-01-10, own 1 @2025-03-10, own 1 @2025-04-10, own 1 @2025-05-10"
    results = in_turn(text, document(bonus, conditions={"buys": [pv(1)]}), *(f"2025-0{n}" for n in range(1, 6)))
    assert [sum(x.amount_minor for x in r.lines) for r in results] == amounts


def test_a_contest_pays_by_place_and_lists_awards_apart() -> None:
    prizes = [{"award": {"en": "a car", "ru": "машина"}}, {"sum": 10}, {"sum": 5}]
    order = [{"metric": "customers", "direction": "lowest"}, "partner_id"]
    bonus = award("contest", metric={"metric": "pv", "window": "period"}, prizes=prizes, order=order)
    result = closed("A : own 10\nB : own 20\nC : own 10, customer c\nD : own 10", document(bonus))
    assert result.awards == [("B", "contest", 1)]
    assert [(x.partner_id, x.level, x.amount_minor) for x in result.lines] == [("A", 2, 1000), ("D", 3, 500)]


@pytest.mark.parametrize(
    ("team", "goal", "expected"),
    [("everybody", 100, "PQRS"), ("everybody", 101, ""), ({"partner": "Q"}, 60, "QR"), ({"partner": "Q"}, 61, "")],
)
def test_a_group_goal(team: Any, goal: int, expected: str) -> None:
    bonus = award("group_goal", team=team, metric={"metric": "tv", "window": "period"}, goal=goal, sum=2)
    text = "P : own 20\n  Q : own 10\n    R : own 50\n  S : own 20"
    assert sums(text, document(bonus)) == dict.fromkeys(expected, 200)


# Limits.


def test_a_cap_cuts_the_line_that_crosses_it() -> None:
    text = "U\n  S : own 100\n    T : own 100\n      V : own 100"
    plan = document(unilevel("10%", "5%", "2%"), limits=[{"cap": "partner", "bonuses": "all", "sum": 12}])
    assert [x for x in paid(text, plan) if x[0] == "U"] == [("U", 1, 1000), ("U", 2, 200)]
    plan["limits"] = [{"cap": "line", "bonuses": "all", "sum": 4}]
    assert [x for x in paid(text, plan) if x[0] == "U"] == [("U", 1, 400), ("U", 2, 400), ("U", 3, 200)]
    plan["limits"] = [{"cap": "partner_bonus", "bonuses": "all", "sum": {"by": "type", "values": {"partner": 11}}}]
    assert [x for x in paid(text, plan) if x[0] == "U"] == [("U", 1, 1000), ("U", 2, 100)]


def test_a_company_cap_cuts_all_alike_rounded_down() -> None:
    text = "A\n  a : own 33.33\nB\n  b : own 33.33\nC\n  c : own 33.34"
    for limit in ({"sum": 50}, {"rate": "50%"}):
        plan = document(unilevel("100%"), limits=[{"cap": "company", "bonuses": ["unilevel"], **limit}])
        assert sums(text, plan) == {"A": 1666, "B": 1666, "C": 1667}


def test_deductions_then_splits() -> None:
    plan = document(
        unilevel("100%"),
        deductions=[{"name": "fee", "bonuses": ["unilevel"], "rate": "2%"}],
        splits=[{"balance": "travel", "rate": "10%"}],
    )
    result = closed("A\n  a : own 33.33", plan)
    assert [(x.bonus, x.amount_minor) for x in result.lines] == [("fee", -67), ("unilevel", 3333)]
    assert result.splits == {("A", "travel"): 326}
