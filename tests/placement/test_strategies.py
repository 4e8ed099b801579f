"""Every strategy of mechanics section 6, spillover, the holding tank, and many who want a place at once."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import network, placement, rates
from graphsvc.errors import Code, Refused
from graphsvc.placement import volumes
from graphsvc.placement.asked import Wish
from graphsvc.plan.compiled import CompiledPlan
from graphsvc.plan.compiler import compile_plan
from graphsvc.query.runner import Database
from tests.imports.intake import take
from tests.month import small

Ask = Callable[..., list[dict[str, Any]]]

BINARY = ("left", "right", "weak_leg", "alternate", "chosen")
MATRIX = ("left_to_right", "even", "by_enroller")
TREES = {name.replace("_", "-"): {"kind": "binary", "placement": name, "holding_days": 7} for name in BINARY}
TREES |= {name.replace("_", "-"): {"kind": "matrix", "width": 2, "placement": name, "holding_days": 0} for name in MATRIX}


@pytest.fixture(scope="module")
def plan() -> CompiledPlan:
    bonuses = [small.PLAN["bonuses"][0] | {"name": name, "tree": name} for name in TREES]
    return compile_plan(small.plan(trees=TREES, standings_tree="sponsor", bonuses=bonuses))


def company(database: Database, folder: Path, *sponsors: str) -> None:
    """R and recruits N1, N2, … of the sponsors named in turn."""
    rows = ["R,,2025-01-01"] + [f"N{i},{sponsor},2025-01-02" for i, sponsor in enumerate(sponsors, 1)]
    take(database, folder, partners="\n".join(["partner_id,sponsor_id,joined_at", *rows]) + "\n")


def placed(database: Database, plan: CompiledPlan, tree: str, *who: str) -> list[tuple[str | None, int | None, int]]:
    found = [placement.place(database, plan, tree, partner) for partner in who]
    assert all(p.is_new for p in found)
    return [(p.parent_id, p.leg, p.level) for p in found]


def newcomers(count: int) -> list[str]:
    return [f"N{i}" for i in range(1, count + 1)]


def test_left_to_right_fills_level_by_level_and_spills_over(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    company(database, tmp_path, *["R"] * 7, "N2")
    assert placed(database, plan, "left-to-right", "N1") == [("R", 1, 1)]  # the tree begins with R
    assert placed(database, plan, "left-to-right", *newcomers(7)[1:]) == [
        *[("R", 2, 1), ("N1", 1, 2), ("N1", 2, 2), ("N2", 1, 2), ("N2", 2, 2), ("N3", 1, 3)]
    ]
    # N8 is N2's recruit: N2 is full by what R enrolled, so it goes to the first place below N2.
    assert placed(database, plan, "left-to-right", "N8") == [("N5", 1, 3)]


def test_even_goes_down_the_child_with_the_fewest_below(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    company(database, tmp_path, "R", "R", "N1", "N1", "N3", *["R"] * 5)
    assert placed(database, plan, "even", *newcomers(5)) == [("R", 1, 1), ("R", 2, 1), ("N1", 1, 2), ("N1", 2, 2), ("N3", 1, 3)]
    # N1 has three below, N2 none; then one; then two, and three on a tie at last: the left.
    assert placed(database, plan, "even", *newcomers(10)[5:]) == [
        *[("N2", 1, 2), ("N2", 2, 2), ("N6", 1, 3), ("N4", 1, 3), ("N7", 1, 3)]
    ]


def test_by_enroller_takes_the_named_place_and_no_other(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    company(database, tmp_path, "R", "R", "N1", "R")
    found = placement.place(database, plan, "by-enroller", "N1", Wish("R", 2))
    assert (found.parent_id, found.leg) == ("R", 2)
    for wish, code in (
        (Wish(), Code.PLACE_UNFIT),
        (Wish("R"), Code.PLACE_UNFIT),
        (Wish("R", 3), Code.PLACE_UNFIT),
        (Wish("R", 2), Code.PLACE_TAKEN),
        (Wish("N4", 1), Code.PLACE_UNFIT),  # N4 has no place
    ):
        with pytest.raises(Refused) as caught:
            placement.place(database, plan, "by-enroller", "N2", wish)
        assert caught.value.code is code, caught.value
    with pytest.raises(Refused, match="does not stand below N1"):
        placement.place(database, plan, "by-enroller", "N3", Wish("R", 1))
    assert placement.place(database, plan, "by-enroller", "N3", Wish("N1", 1)).level == 2
    again = placement.place(database, plan, "by-enroller", "N3", Wish("N1", 1))
    assert (again.level, again.is_new) == (2, False)
    with pytest.raises(Refused) as caught:
        placement.place(database, plan, "by-enroller", "N3", Wish("N1", 2))
    assert caught.value.code is Code.PLACED_ALREADY
    assert [p.parent_id for p in placement.due(database, plan, "by-enroller")] == [
        "R",
        "N2",
    ]  # N2 takes what is left at R, N4 the next


def test_left_and_right_go_to_the_outermost_place(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    company(database, tmp_path, *["R"] * 3, "N2")
    for tree, leg in (("left", 1), ("right", 2)):
        assert placed(database, plan, tree, *newcomers(4)) == [("R", leg, 1), ("N1", leg, 2), ("N2", leg, 3), ("N3", leg, 4)]


def test_alternate_takes_the_other_leg_than_last_time(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    company(database, tmp_path, *["R"] * 4, "N1", "N1", "R")
    assert placed(database, plan, "alternate", *newcomers(7)) == [
        *[("R", 1, 1), ("R", 2, 1), ("N1", 1, 2), ("N2", 2, 2)],
        *[("N3", 1, 3), ("N1", 2, 2), ("N5", 1, 4)],  # N3 and N5 stand left of R; what N1 enrolled does not turn R's
    ]


def test_the_weak_leg_is_the_lesser_one_today(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    company(database, tmp_path, *["R"] * 6)
    assert placed(database, plan, "weak-leg", "N1") == [("R", 1, 1)]  # a tie: left
    today = dt.datetime.now(dt.UTC).date()
    orders = f"order_id,partner_id,paid_at,amount,currency\nO1,N1,{today},10.00,USD\n"
    take(database, tmp_path, orders=orders)
    assert placed(database, plan, "weak-leg", "N2", "N3") == [("R", 2, 1), ("N2", 2, 2)]
    take(database, tmp_path, orders=f"order_id,partner_id,paid_at,amount,currency,qv\nO2,N3,{today},1.00,USD,10.001\n")
    assert placed(database, plan, "weak-leg", "N4") == [("N1", 1, 2)]
    take(database, tmp_path, orders=f"order_id,partner_id,paid_at,amount,currency\nO3,N4,{today},30.00,USD\n")
    assert placed(database, plan, "weak-leg", "N5") == [("N3", 2, 3)]
    take(database, tmp_path, refunds=f"refund_id,order_id,refunded_at,amount\nF1,O3,{today},30.00\n")
    assert placed(database, plan, "weak-leg", "N6") == [("N4", 1, 3)]


@pytest.mark.parametrize("calendar", ["month", "quarter", "week", "four_weeks"])
def test_the_weak_leg_is_that_of_the_plans_period(database: Database, calendar: str, tmp_path: Path) -> None:
    """Sold and refunded in the period that holds today, whatever the calendar; what was sold before it is carried, or over."""
    today = dt.datetime.now(dt.UTC).date()
    first = today - dt.timedelta(3 + 28 * 10)
    named = calendar if calendar in ("month", "quarter") else {calendar: f"{first}"}
    valid = "2025-01-01" if isinstance(named, str) else f"{first}"
    bonus = small.PLAN["bonuses"][0] | {"name": "weak-leg", "tree": "weak-leg"}
    trees = {"weak-leg": TREES["weak-leg"]}
    plan = compile_plan(small.plan(trees=trees, standings_tree="sponsor", bonuses=[bonus], calendar=named, valid_from=valid))
    start = plan.calendar.of(today).first_day
    company(database, tmp_path, *["R"] * 4)
    placed(database, plan, "weak-leg", "N1")
    head = "order_id,partner_id,paid_at,amount,currency\n"
    before, euros = start - dt.timedelta(1), f"O2,N2,{start},5.00,EUR\n"
    take(database, tmp_path, orders=f"{head}O1,N1,{start},10.00,USD\nO0,N1,{before},100.00,USD\n")
    assert placed(database, plan, "weak-leg", "N2") == [("R", 2, 1)]
    rates.publish(database, str(plan.calendar.of(today)), "EUR", "USD", "2.0002")
    take(database, tmp_path, orders=head + euros)  # 10.001, which is 10.00: a tie
    assert volumes.of_legs(database, plan, "weak-leg", "R") == (10_000, 10_000)
    assert placed(database, plan, "weak-leg", "N3") == [("N1", 1, 2)]
    take(database, tmp_path, refunds=f"refund_id,order_id,refunded_at,amount\nF0,O0,{before},40.00\nF1,O0,{today},10.00\n")
    assert volumes.of_legs(database, plan, "weak-leg", "R") == (0, 10_000)  # what an earlier order gives back leaves this period


def test_chosen_takes_the_leg_that_is_named(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    company(database, tmp_path, *["R"] * 4)
    assert placement.place(database, plan, "chosen", "N1", Wish(leg=2)).parent_id == "R"
    assert placement.place(database, plan, "chosen", "N2", Wish(leg=2)).parent_id == "N1"
    assert placement.place(database, plan, "chosen", "N3", Wish("N1", 1)).level == 2
    with pytest.raises(Refused, match="choose the leg, left or right"):
        placement.place(database, plan, "chosen", "N4")


def test_what_is_not_there_is_named(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    company(database, tmp_path, "R")
    with pytest.raises(Refused) as caught:
        placement.place(database, plan, "wreath", "N1")
    assert caught.value.code is Code.TREE_UNKNOWN
    with pytest.raises(Refused) as caught:
        placement.place(database, plan, "left", "N2")
    assert caught.value.code is Code.PARTNER_UNKNOWN
    with pytest.raises(Refused, match="finds the place itself"):
        placement.place(database, plan, "left", "N1", Wish("R", 1))


def test_the_holding_tank_gives_a_place_once_its_days_are_over(database: Database, plan: CompiledPlan, tmp_path: Path) -> None:
    rows = "R,,2025-01-01,active\nA,R,2025-03-01,active\nB,R,2025-03-02T22:00:00Z,active\nC,A,2025-03-03,active\n"
    rows += "T,R,2025-03-01,terminated\n"
    take(database, tmp_path, partners="partner_id,sponsor_id,joined_at,status\n" + rows)

    def out(day: str) -> list[tuple[str, dt.date]]:
        return [(w.partner_id, w.until) for w in placement.waiting(database, plan, "left", dt.date.fromisoformat(day))]

    assert out("2025-03-07") == [("R", dt.date(2025, 1, 8))]
    assert out("2025-03-09") == [("R", dt.date(2025, 1, 8)), ("A", dt.date(2025, 3, 8)), ("B", dt.date(2025, 3, 9))]
    shown = placement.show(database, plan, "left", "A")
    assert isinstance(shown.place, placement.Waiting)
    found = [(p.partner_id, p.parent_id, p.leg) for p in placement.due(database, plan, "left", dt.date(2025, 3, 9))]
    assert found == [("R", None, None), ("A", "R", 1), ("B", "A", 1)]
    assert list(placement.due(database, plan, "left", dt.date(2025, 3, 9))) == []
    shown = placement.show(database, plan, "left", "A")
    assert shown.place == placement.Place("A", "left", "R", 1, 1)
    assert shown.below == [{"leg": 1, "partner_id": "B", "partners": 1}]
    assert [p.partner_id for p in placement.due(database, plan, "left", dt.date(2025, 3, 31))] == ["C"]


def test_who_joins_may_be_placed_at_once(database: Database, plan: CompiledPlan) -> None:
    for _ in range(2):  # a second time changes nothing
        for partner, sponsor in (("R", None), ("A", "R"), ("B", "R")):
            made, where = placement.enrol(database, network.NewPartner(partner, "2025-01-01", sponsor), plan, "left")
            assert (made["id"], where.tree) == (partner, "left")
    (row,) = placement.places(database, "B")
    assert (row["tree"], row["parent_id"], row["leg"], row["level"]) == ("left", "A", 1, 2)


@pytest.mark.parametrize("tree", ["left-to-right", "even", "left", "alternate", "weak-leg"])
def test_no_place_is_taken_twice_and_nobody_is_lost(
    database: Database, plan: CompiledPlan, tmp_path: Path, ask: Ask, tree: str
) -> None:
    many = 48
    company(database, tmp_path, *["R"] * many)
    failed: list[BaseException] = []
    barrier = threading.Barrier(12, timeout=60)

    def work(part: int) -> None:
        barrier.wait()
        for i in range(part, many, 12):
            try:
                placement.place(database, plan, tree, f"N{i + 1}")
            except BaseException as error:
                failed.append(error)

    threads = [threading.Thread(target=work, args=(part,)) for part in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    rows = ask(
        """MATCH (p:Partner)-[e:PLACED_UNDER {tree: $tree}]->(q:Partner)-[f:PLACED_UNDER {tree: $tree}]->()
           RETURN p.id AS id, q.id AS parent, e.leg AS leg, e.level - f.level AS down, e.level AS level""",
        tree=tree,
    )
    assert len(rows) == len({r["id"] for r in rows}) == len({(r["parent"], r["leg"]) for r in rows}) == many
    assert {r["down"] for r in rows} == {1}
    if tree in ("left-to-right", "even"):
        assert sorted(r["level"] for r in rows) == sorted((i + 2).bit_length() - 1 for i in range(many))
    if tree == "alternate":
        assert max(r["level"] for r in rows) == many // 2
