"""Binary and matrix: the worked numbers through import, publish, close and earnings, and what is carried over periods."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, explain, month
from graphsvc.imports import ImportFiles, import_files
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import IDENTIFIER_KEY, draw
from tests.month.plans import by_rank, document, in_turn, levels, pv, ranks, unilevel
from tests.month.test_model_people import NEVER, TWO, binary, legs, units

Ask = Callable[..., list[dict[str, Any]]]
Lines = list[tuple[Any, ...]]
CARRIED = """MATCH (c:Carried {part: $bonus}) MATCH (r:Run {id: c.run_id}) WHERE r.month = $month
    UNWIND range(0, size(c.ids) - 1) AS i MATCH (p:Partner {seq: c.ids[i]})
    RETURN p.id AS id, [j IN range(0, size(c.columns) - 1) | [c.columns[j], c.values[i * size(c.columns) + j]]] AS held"""


def closed(database: Database, text: str, plan: dict[str, Any], folder: Path, *months: str) -> list[Lines]:
    """Build a drawing, close months on it; each one's lines as (payee, step, base, amount)."""
    files = ImportFiles(**draw(text).write(folder))
    import_files(database, files, identifier_key=IDENTIFIER_KEY, placement_tree="legs")
    store.publish(database, {"standings_tree": "sponsor"} | plan)
    found = []
    for name in months or ("2025-03",):
        month.close(database, name, "worked", actor="test")
        assert explain.verify(database, name, "worked").holds
        rows = earnings.lines(database, name)
        found.append([(r["partner_id"], r["level"], r["base"], r["amount_minor"]) for r in rows])
    return found


def carried(ask: Ask, partner: str, name: str = "2025-03", bonus: str = "binary") -> tuple[int, int]:
    """What both legs of a partner carry on, in whole volumes."""
    rows = ask(CARRIED, bonus=bonus, month=name)
    held = next((r["held"] for r in rows if r["id"] == partner), [])
    return tuple(sum(v for column, v in held if column.startswith(leg)) // 1000 for leg in ("left", "right"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("taken", "volumes", "amount", "left"),
    [
        ("first_whole", (1300, 700), 9000, (100, 100)),
        ("first_whole", (1000, 700), 6000, (400, 100)),
        ("in_turn", (1000, 700), 7500, (100, 100)),
        ("in_turn", (700, 1000), 7500, (100, 100)),
        ("in_turn", (0, 1000), 0, (0, 1000)),
    ],
)
def test_pairings_in_units(
    database: Database, ask: Ask, tmp_path: Path, taken: str, volumes: tuple[int, int], amount: int, left: tuple[int, int]
) -> None:
    text = (
        legs(*volumes)
        if volumes[0] > 0
        else "A\n  L left of A : own 5 @2025-02-01, refund 5 @2025-03-02\n  R right of A : own 1000"
    )
    lines = closed(database, text, binary(units(taken, *TWO)), tmp_path, "2025-02", "2025-03")[-1]
    assert sum(line[3] for line in lines) == amount
    assert carried(ask, "A") == left


@pytest.mark.parametrize(("above", "amount", "left"), [("lost", 5000, (400, 100)), ("kept", 3000, (700, 400))])
@pytest.mark.parametrize("per", ["money", "units"])
def test_a_cap_loses_or_keeps_what_is_above_it(
    database: Database, ask: Ask, tmp_path: Path, above: str, amount: int, left: tuple[int, int], per: str
) -> None:
    each = {"lesser": 300, "greater": 300, "pays": {"sum": 30}}
    values, wanted = (50, amount) if per == "money" else (1, 3000)
    plan = binary(units("in_turn", each), cap={"per": per, "values": values, "above": above})
    assert [line[3] for line in closed(database, legs(1000, 700), plan, tmp_path)[0]] == [wanted]
    assert carried(ask, "A") == left


def test_a_step_that_both_legs_reach_and_a_percentage(database: Database, ask: Ask, tmp_path: Path) -> None:
    steps = [{"volume": 100, "sum": 5}, {"volume": 500, "sum": 30}, {"volume": 1000, "sum": 70}]
    plan = binary({"steps": steps})
    plan["bonuses"].append(plan["bonuses"][0] | {"name": "percent", "pay": {"percent": "10%"}})
    (lines,) = closed(database, legs(1300, 700), plan, tmp_path)
    assert lines == [("A", 2, 500_000, 3000), ("A", 1, 700_000, 7000)]
    assert (carried(ask, "A"), carried(ask, "A", bonus="percent")) == ((800, 200), (600, 0))


@pytest.mark.parametrize(
    "carry", [NEVER, NEVER | {"expires": {"periods": 2}}, NEVER | {"limit": 25}, NEVER | {"expires": {"periods": 1}, "limit": 90}]
)
@pytest.mark.parametrize("own_pv", ["neither", "lesser", "right"])
def test_carry_over_four_months_is_as_the_judge_says(
    database: Database, tmp_path: Path, carry: dict[str, Any], own_pv: str
) -> None:
    text = """
    A : own 7 @2025-02-01
      L left of A : own 100 @2025-01-10, refund 60 @2025-03-05, own 10 @2025-02-10
        M left of L : own 40 @2025-02-11, own 33.33 @2025-04-01
        N right of L : own 55 @2025-02-12
      R right of A : own 30 @2025-02-10, own 200 @2025-04-10, refund 15.15 @2025-04-30
      W : own 500 @2025-02-10
    """
    months = ("2025-01", "2025-02", "2025-03", "2025-04")
    plan = binary({"percent": "10%"}, carry=carry, own_pv=own_pv)
    judge = [[(x.partner_id, x.level, x.base, x.amount_minor) for x in r.lines] for r in in_turn(text, plan, *months)]
    assert closed(database, text, plan, tmp_path, *months) == judge
    assert sum(map(len, judge)) >= 2


@pytest.mark.parametrize("inactive", ["kept", "lost"])
def test_what_the_inactive_carried(database: Database, tmp_path: Path, inactive: str) -> None:
    plan = binary({"percent": "10%"}, carry=NEVER | {"inactive": inactive})
    plan |= {"active": {"conditions": [pv(1)], "grace_periods": 0}}
    text = "A : own 1 @2025-02-10\n  L left of A : own 100 @2025-01-10\n  R right of A : own 100 @2025-02-10"
    lines = closed(database, text, plan, tmp_path, "2025-01", "2025-02")[1]
    assert lines == ([("A", 1, 100_000, 1000)] if inactive == "kept" else [])


def test_rates_and_caps_by_rank_are_as_the_judge_says(database: Database, tmp_path: Path) -> None:
    pays = {"rate": by_rank({"silver": "10.05%", "gold": "13.337%"})}
    pairings = [{"lesser": 70, "greater": 140, "pays": pays}, {"lesser": "33.333", "greater": "33.333", "pays": {"sum": "1.25"}}]
    plans = []
    for above in ("lost", "kept"):
        plans.append(binary(units("in_turn", *pairings), cap={"per": "money", "values": by_rank({"gold": 20}), "above": above}))
        plans.append(binary({"percent": pays["rate"]}, cap={"per": "money", "values": "17.77", "above": above}))
    text = """
    A type gold
      L type silver left of A : own 311.11
        LL left of L : own 211.11
        LR right of L : own 70.07
      R right of A : own 222.22
        RL left of R type gold : own 99
        RR right of R : own 151.5
    """
    frame = {"ranks": ranks("silver", "gold")}
    document_ = plans[0] | frame | {"bonuses": [p["bonuses"][0] | {"name": f"b{i}"} for i, p in enumerate(plans)]}
    (result,) = in_turn(text, document_, "2025-03")
    judge = [(x.partner_id, x.level, x.base, x.amount_minor) for x in result.lines]
    assert closed(database, text, document_, tmp_path) == [judge]
    assert len(judge) >= 8


def test_a_full_matrix_of_three_by_three_pays_66(database: Database, tmp_path: Path) -> None:
    names = ["A"]
    text = "A"
    for at, level in ((0, 1), (1, 2), (4, 3)):
        for parent in names[at : at + 3 ** (level - 1)]:
            for leg in (1, 2, 3):
                names.append(f"{parent}{leg}")
                text += f"\n  {parent}{leg} leg {leg} of {parent} : own 20"
    tree = {"legs": {"kind": "matrix", "width": 3, "placement": "left_to_right", "holding_days": 0}}
    bonus = unilevel("5%", "5%", "10%", tree="legs", levels=levels("5%", "5%", "10%"))
    plan = document(bonus, trees=tree, standings_tree="sponsor")
    (lines,) = closed(database, text, plan, tmp_path)
    assert len(names) == 40
    assert [line for line in lines if line[0] == "A"] == [
        ("A", 1, 60_000, 300),
        ("A", 2, 180_000, 900),
        ("A", 3, 540_000, 5400),
    ]
