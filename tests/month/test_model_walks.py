"""The judge is judged first: the worked numbers of the bonuses that go up a tree."""

from __future__ import annotations

from typing import Any

import pytest

from tests.month.plans import (
    LEADER,
    award,
    by_rank,
    by_type,
    closed,
    differential,
    document,
    in_turn,
    levels,
    paid,
    pv,
    ranks,
    scale,
    sums,
    unilevel,
    walking,
)
from tests.month.worked import COMPRESSIONS, PATH, TABLE

RATES = ("10%", "5%", "3%", "2%")


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_what_happens_to_the_unqualified(compression: str) -> None:
    plan = document(unilevel(*RATES, opens=LEADER, compression=compression))
    expected, breakage_minor = TABLE[compression]
    assert sums(PATH, plan) == expected
    assert sum(b.possible_minor - b.paid_minor for b in closed(PATH, plan).breakage) == breakage_minor


def test_roll_up_may_pay_one_partner_for_several_levels() -> None:
    found = paid(PATH, document(unilevel(*RATES, opens=LEADER, compression="roll_up")))
    assert found == [("U1", 1, 1000), ("U4", 2, 500), ("U4", 3, 300), ("U4", 4, 200)]


def test_the_seller_can_stand_at_level_one() -> None:
    assert paid(PATH, document(unilevel(*RATES, opens=LEADER, first_level="seller"))) == [("S", 1, 1000), ("U1", 2, 500)]


def test_a_transfer_lifts_volume_to_the_nearest_who_keeps_it() -> None:
    def plan(judged_on: str, compression: str = "none", tree: str = "transferred") -> dict[str, Any]:
        bonus = unilevel("10%", compression=compression, tree=tree)
        transfer = {"transfer": {"who_fails": "buyer", "judged_on": judged_on}, "standings_tree": "transferred"}
        return document(bonus, conditions={"buyer": [pv(50)]}, **transfer)

    text = "T : own 100\n  N : own 30\n    S : own {}"
    for judged_on in ("raw", "received"):
        result = closed(text.format(100), plan(judged_on))
        assert [(x.partner_id, x.amount_minor) for x in result.lines] == [("T", 1000)]
        assert result.month.own_volume("T", "qv", "period") == 130_000
    assert sums(text.format(30), plan("raw")) == {}
    assert closed(text.format(30), plan("raw")).month.own_volume("T", "qv", "period") == 160_000
    assert sums(text.format(30), plan("received")) == {"T": 600}
    active = {"conditions": [pv(50)], "grace_periods": 0}
    assert sums(text.format(100), document(unilevel("10%", compression="dynamic"), active=active)) == {"T": 1300}


STAIRS = """
D type d
  C type c
    B type b
      A type a
        S type s : own 100
"""
STEPS = by_type({"s": "3%", "a": "5%", "b": "12%", "c": "12%", "d": "21%"})
NOT_B = [{"type": ["s", "a", "c", "d"]}]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"S": 300, "A": 200, "B": 700, "D": 900}),
        ({"qualified": NOT_B}, {"S": 300, "A": 200, "C": 700, "D": 900}),
        ({"qualified": NOT_B, "met": "everyone"}, {"S": 300, "A": 200, "D": 900}),
        ({"pays_from": 2, "blocks_from": 1}, {"B": 700, "D": 900}),
    ],
)
def test_a_differential_pays_what_nobody_below_has_had(changes: dict[str, Any], expected: dict[str, int]) -> None:
    assert sums(STAIRS, document(differential(STEPS, unqualified="forfeit", **changes))) == expected


def test_a_rate_that_falls_on_the_way_up_takes_nothing_back() -> None:
    text = "C type c\n  B type b\n    A type a : own 100"
    bonus = differential(by_type({"a": "12%", "b": "5%", "c": "21%"}))
    assert sums(text, document(bonus)) == {"A": 1200, "C": 900}
    assert paid(text, document(bonus)) == [("A", 120_000, 1200), ("C", 90_000, 900)]


def test_a_rate_may_come_from_a_scale_over_team_volume() -> None:
    rates = scale({"metric": "tv", "window": "period"}, (0, "3%"), (150, "5%"), (1000, "8%"))
    assert sums("U\n  S : own 100\n  R : own 100", document(differential(rates))) == {"S": 300, "R": 300, "U": 400}


def test_breakaway_leaves_group_volume() -> None:
    plan = document(breakaway=[{"type": ["leader"]}])
    month = closed("P : own 100\n  A type leader : own 500\n    X : own 400\n  B : own 200", plan).month
    assert month.measured({"metric": "gv", "window": "period"}, "P") == 300_000
    assert month.measured({"metric": "tv", "window": "period"}, "P") == 1_200_000
    assert month.measured({"metric": "broken_away_legs"}, "P") == 1


@pytest.mark.parametrize(
    ("counts", "found"),
    [("inclusive", {"X": 1, "B": 1, "Y": 2, "A": 2, "Z": 3}), ("exclusive", {"X": 1, "B": 2, "Y": 2, "A": 3, "Z": 3})],
)
@pytest.mark.parametrize("rank", ["leader", "own"])
def test_in_which_generation_somebody_stands(counts: str, found: dict[str, int], rank: str) -> None:
    chain = "P type leader\n  X{}\n    B type leader{}\n      Y{}\n        A type leader{}\n          Z{}"
    boundary = {"rank": rank, "as": "paid_as", "counts": counts}
    steps = levels("1%", "2%", "3%")
    bonus = walking("generation", boundary=boundary, generations=steps, qualified="active")
    for number, name in enumerate("XBYAZ"):
        text = chain.format(*("" if n != number else " : own 100" for n in range(5)))
        lines = paid(text, document(bonus, ranks=ranks("leader")))
        assert ("P", found[name], found[name] * 100) in lines


def test_two_people_may_be_paid_for_one_generation() -> None:
    boundary = {"rank": "leader", "as": "paid_as", "counts": "inclusive"}
    bonus = walking("generation", boundary=boundary, generations=levels("1%"), qualified="active")
    assert sums("P\n  Q\n    S : own 100", document(bonus, ranks=ranks("leader"))) == {"P": 100, "Q": 100}


@pytest.mark.parametrize(("stop", "amount"), [("before_blocker", 300), ("after_blocker", 600), ("where_theirs_begins", 900)])
def test_infinity_stops_at_a_peer(stop: str, amount: int) -> None:
    text = """
    P type leader : own 100
      a : own 100
        b : own 100
          Q type leader : own 100
            c : own 100
              d : own 100
    """
    bonus = walking("infinity", rate="3%", **{"as": "paid_as", "from_level": 2, "stop": stop}, qualified="active")
    assert sums(text, document(bonus, ranks=ranks("leader"))) == {"P": amount, "Q": 300}


@pytest.mark.parametrize(("method", "expected"), [("highest", [100, 100, 200]), ({"remaining": "4%"}, [100, 200, 100])])
def test_infinity_differential(method: Any, expected: list[int]) -> None:
    rates = by_rank({"a": "1%", "b": "2%", "c": "4%"})
    bonus = differential(rates, kind="infinity_differential", method=method)
    text = "C type c\n  B type b\n    A type a : own 100"
    assert sums(text, document(bonus, ranks=ranks("a", "b", "c"))) == dict(zip("ABC", expected, strict=True))


def test_a_full_matrix_of_three_by_three() -> None:
    lines, level = ["r : own 0"], ["r"]
    for _ in range(3):
        level = [f"{above}{leg}" for above in level for leg in (1, 2, 3)]
        lines += [f"{name} leg {name[-1]} of {name[:-1]} : own 20" for name in level]
    trees = {"board": {"kind": "matrix", "width": 3, "placement": "left_to_right", "holding_days": 0}}
    bonus = unilevel("5%", "5%", "10%", tree="board")
    found = closed("\n".join(lines), document(bonus, trees=trees))
    assert [(x.level, x.amount_minor) for x in found.lines if x.partner_id == "r"] == [(1, 300), (2, 900), (3, 5400)]
    assert len(found.month.below("r", 3, "board")) == 39


def test_who_has_no_place_brings_nothing_to_its_tree() -> None:
    trees = {"board": {"kind": "matrix", "width": 3, "placement": "left_to_right", "holding_days": 0}}
    text = "A\n  B leg 1 of A : own 100\n  C : own 100"
    assert paid(text, document(unilevel("10%", tree="board", first_level="seller"), trees=trees)) == [("B", 1, 1000)]


# Rates that vary, and what they are taken of.


def test_a_scale_applies_to_all_or_slice_by_slice() -> None:
    metric = {"metric": "tv", "window": "period"}
    for kind, amount in (("whole", 12_000), ("slices", 9_000)):
        rate = scale(metric, (0, "5%"), (1000, "8%"), kind=kind)
        lines = closed("U\n  S : own 1500", document(unilevel(rate))).lines
        assert [(x.partner_id, x.amount_minor, x.rate_ppm) for x in lines] == [("U", amount, 80_000 if kind == "whole" else None)]


def test_rates_by_paying_customers_and_by_type() -> None:
    rate = by_type(
        {
            "affiliate": scale({"metric": "paying_customers", "window": "period"}, (0, "20%"), (2, "30%"), (3, "40%")),
            "influencer": "25%",
        }
    )
    text = """
    A type affiliate : retail 10 by a1, retail 10 by a2, retail 10 by a2
    B type affiliate : retail 10 by b1
    C type influencer : retail 10 by c1
    D : retail 10 by d1
    """
    assert sums(text, document(unilevel(rate, first_level="seller"))) == {"A": 900, "B": 200, "C": 250}


def test_rates_by_category_make_a_line_each() -> None:
    rate = {"by": "source", "values": {"tea": "10%", "other": "1%"}}
    bonus = unilevel(rate, {"by": "source", "values": {"soap": "2%"}}, rates_by="category")
    lines = closed("V\n  U\n    S : own 10 category tea, own 10 category soap, own 10", document(bonus)).lines
    assert [(x.partner_id, x.level, x.class_, x.amount_minor) for x in lines] == [
        ("U", 1, "other", 10),
        ("U", 1, "soap", 10),
        ("U", 1, "tea", 100),
        ("V", 2, "soap", 20),
    ]


def test_first_and_later_orders_of_a_customer() -> None:
    text = "S : retail 1 by c @2025-01-31, retail 10 by c @2025-03-01, retail 100 by c @2025-03-30, own 1000, retail 10000 by d"
    for orders, amount in (
        ("all", 1_111_000),
        ("first_of_customer", 1_000_000),
        ({"later_of_customer": "ever"}, 11_000),
        ({"later_of_customer": {"months": 1}}, 0),
        ({"later_of_customer": {"months": 2}}, 11_000),
        ({"later_of_customer": {"orders": 1}}, 1_000),
    ):
        sources = {"kinds": "all", "categories": "all", "orders": orders}
        assert sums(text, document(unilevel("100%", first_level="seller", sources=sources))) == ({"S": amount} if amount else {})


@pytest.mark.parametrize(("others", "team"), [("besides", 300), ("instead", 100)])
def test_fast_start_counts_from_the_joining_day(others: str, team: int) -> None:
    fast = walking("fast_start", days=30, others=others, first_level="sponsor", compression="none", levels=levels("20%"))
    text = "U\n  S joined 2025-03-01T20:00:00Z : own 10 @2025-03-30T23:59:59Z, own 10 @2025-03-31\n  R : own 10"
    found = closed(text, document(fast, unilevel("10%"))).lines
    assert [(x.bonus, x.amount_minor) for x in found] == [("fast-start", 200), ("unilevel", 200 if others == "instead" else 300)]
    assert team in (100, 300)


def test_matching_reads_lines_after_caps_by_level_of_the_enroller_tree() -> None:
    trees = {"board": {"kind": "matrix", "width": 2, "placement": "left_to_right", "holding_days": 0}}
    matching = {
        "name": "match",
        "kind": "matching",
        "of": ["unilevel"],
        "by": {"levels": "none"},
        "levels": levels("50%", "10%"),
        "lines": "step",
        "reversals": "stay",
    }
    text = "A\n  B\n    C\n  D leg 1 of C : own 100"
    plan = document(unilevel("20%", tree="board"), matching, trees=trees)
    assert sums(text, plan) == {"C": 2000, "B": 1000, "A": 200}
    plan |= {"limits": [{"cap": "line", "bonuses": ["unilevel"], "sum": 10}]}
    assert sums(text, plan) == {"C": 1000, "B": 500, "A": 100}


def test_matching_by_generation() -> None:
    by = {"generations": {"rank": "leader", "as": "paid_as", "counts": "exclusive"}}
    matching = {
        "name": "match",
        "kind": "matching",
        "of": ["unilevel"],
        "by": by,
        "levels": levels("50%", "10%"),
        "lines": "step",
        "reversals": "stay",
    }
    text = "A\n  B type leader\n    C\n      D : own 100"
    plan = document(unilevel("20%"), matching, ranks=ranks("leader"))
    assert [(x.partner_id, x.level, x.amount_minor) for x in closed(text, plan).lines if x.bonus == "match"] == [
        ("A", 2, 200),
        ("B", 1, 1000),
    ]


def test_a_recruit_counts_once_when_it_first_meets_the_condition() -> None:
    recruit = {
        "name": "recruit",
        "kind": "recruit",
        "tree": "sponsor",
        "counts_when": [pv(10)],
        "compression": "none",
        "sums_by": "source_type",
        "levels": [
            {"sum": {"by": "source", "values": {"pro": 100, "other": 50}}, "opens": "active"},
            {"sum": 5, "opens": "active"},
        ],
    }
    text = """
    A
      B
        C : own 10 @2025-01-10, own 10 @2025-02-10
        D : own 9 @2025-01-10, own 10 @2025-02-10
        E type pro : own 10 @2025-02-10
    """
    january, february = in_turn(text, document(recruit), "2025-01", "2025-02")
    assert [(x.partner_id, x.level, x.class_, x.base, x.amount_minor) for x in january.lines] == [
        ("A", 2, "other", 1, 500),
        ("B", 1, "other", 1, 5000),
    ]
    assert [(x.partner_id, x.level, x.class_, x.base, x.amount_minor) for x in february.lines] == [
        ("A", 2, "other", 1, 500),
        ("A", 2, "pro", 1, 500),
        ("B", 1, "other", 1, 5000),
        ("B", 1, "pro", 1, 10_000),
    ]


def test_an_action_pays_for_accepted_events() -> None:
    steps = levels("1.50", 1, key="sum")
    action = {
        "name": "leads",
        "kind": "action",
        "event": "lead",
        "tree": "sponsor",
        "first_level": "seller",
        "compression": "none",
    }
    text = "A\n  B : event lead, event lead, event lead rejected, event task, event lead @2025-04-10"
    assert paid(text, document(action | {"levels": steps})) == [("A", 2, 200), ("B", 1, 300)]


def test_a_line_waits_for_its_payee_to_qualify() -> None:
    bonus = unilevel("10%", qualified=[pv(5)], unqualified={"hold": 2})
    text = "U : own 5 @2025-{}-10\n  S : own 10 @2025-01-10"
    for month, paid_in in (("01", 0), ("02", 1), ("03", 2), ("04", None)):
        results = in_turn(text.format(month), document(bonus), *(f"2025-0{n}" for n in range(1, 5)))
        assert [len(r.lines) for r in results] == [int(n == paid_in) for n in range(4)]
        assert [x.source_id for r in results for x in r.lines] == ({0: [""], None: []}.get(paid_in, ["held 2025-01"]))


def test_the_unqualified_forfeit_to_the_next_by_the_rule_of_the_bonus() -> None:
    text = "V : own 5\n  U\n    S : own 10"
    bonus = unilevel("10%", qualified=[pv(5)], unqualified="forfeit", compression="dynamic")
    assert sums(text, document(bonus)) == {"V": 100}
    assert sums(text, document(bonus | {"compression": "none"})) == {}


def test_match_down_shares_a_percent_among_the_qualified_frontline() -> None:
    down = award("match_down", of=["unilevel"], rate="10%", qualified=[pv(1)], unqualified="forfeit", reversals="stay")
    text = "A\n  B : own 10\n  C : own 90\n  D\n  E : own 5"
    found = closed(text, document(unilevel("10%"), down)).lines
    assert [(x.partner_id, x.amount_minor) for x in found if x.bonus == "match-down"] == [("B", 35), ("C", 35), ("E", 35)]
