"""Where volumes, activity and ranks look down another tree than the sponsor tree (mechanics sections 3 and 6)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, month
from graphsvc.month.context import Batches
from graphsvc.month.layers import Layers
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.test_ranks import column, plan, publish, pv

Ask = Callable[..., list[dict[str, Any]]]


def giving(judged_on: str, need: int = 50, **changes: Any) -> dict[str, Any]:
    """A plan that takes the volume of who sells too little, and pays 10 % and 5 % up the tree that this makes."""
    levels = [{"rate": rate, "opens": "active"} for rate in ("10%", "5%")]
    team = small.PLAN["bonuses"][0] | {"tree": "transferred", "compression": "none", "levels": levels}
    document = plan(
        {"one": [pv(130)], "two": [{"metric": "tv", "window": "period", "at_least": 160}]},
        standings_tree="transferred",
        transfer={"who_fails": "buyer", "judged_on": judged_on},
        conditions={"buyer": [pv(need)]},
        bonuses=[team],
    )
    return document | changes


def pvs(ask: Ask, run_id: str) -> dict[str, int]:
    """Everybody's QV of the period, in whole volumes, as the standings have it."""
    rows = ask(
        "MATCH (v:FrozenVolume {run_id: $run_id}) WHERE v.window = 0 UNWIND range(0, size(v.ids) - 1) AS i "
        "MATCH (p:Partner {seq: v.ids[i]}) WITH p.id AS id, sum(v.qv[i]) / 1000 AS qv WHERE qv <> 0 RETURN id, qv ORDER BY id",
        run_id=run_id,
    )
    return {row["id"]: row["qv"] for row in rows}


def parents(ask: Ask, run_id: str, tree: str) -> dict[str, tuple[str, int]]:
    """Who hangs under whom in a frozen tree, and at which level."""
    rows = ask(
        "MATCH (t:FrozenTree {run_id: $run_id, tree: $tree}) UNWIND range(0, size(t.ids) - 1) AS i "
        "OPTIONAL MATCH (p:Partner {seq: t.sponsors[i]}) "
        "RETURN t.partner_ids[i] AS id, coalesce(p.id, '') AS up, t.depths[i] AS level",
        run_id=run_id,
        tree=tree,
    )
    return {row["id"]: (row["up"], row["level"]) for row in rows}


@pytest.mark.parametrize(
    ("judged_on", "sold", "held", "paid"),
    [
        ("raw", (100, 30, 100), {"S": 100, "T": 130}, {("T", 1): 1000}),
        ("raw", (100, 30, 30), {"T": 160}, {}),
        ("received", (100, 30, 30), {"N": 60, "T": 100}, {("T", 1): 600}),
    ],
)
def test_who_sells_too_little_gives_its_volume_to_the_nearest_above_who_does_not(
    judged_on: str,
    sold: tuple[int, int, int],
    held: dict[str, int],
    paid: dict[tuple[str, int], int],
    database: Database,
    ask: Ask,
    tmp_path: Path,
) -> None:
    text = "T : own {}\n  N : own {}\n    S : own {}".format(*sold)
    publish(database, tmp_path, text, giving(judged_on))
    report = month.close(database, "2025-03", "ranked", actor="test")
    assert pvs(ask, report.run_id) == held
    assert {(r["partner_id"], r["level"]): r["amount_minor"] for r in earnings.lines(database, "2025-03", "ranked")} == paid
    assert column(ask, report.run_id, "ranks")["T"] == (2 if sum(sold) >= 160 else 1)
    assert report.orders == 3
    assert report.sold_minor == sum(sold) * 100


DEEP = """
L : own 10
  A : own 60
    B : own 10
      C : own 20
        D : own 70
          E : own 5
            F : own 80
      G : own 30
    H : own 50
Q : own 1
  R : own 2
    X : own 90
"""


@pytest.mark.parametrize("batches", [Batches(), Batches(1, 1, Layers(thin=0)), Batches(1, 1, Layers(thin=2, levels=2))])
def test_nobody_s_volume_is_lost_but_what_nobody_above_takes(
    batches: Batches, database: Database, ask: Ask, tmp_path: Path
) -> None:
    publish(database, tmp_path, DEEP, giving("raw"))
    run_id = month.close(database, "2025-03", "ranked", actor="test", batches=batches).run_id
    assert pvs(ask, run_id) == {"A": 120, "D": 75, "F": 80, "H": 50, "X": 90}
    assert parents(ask, run_id, "transferred") == {
        "L": ("", 0),
        "A": ("", 0),
        "B": ("A", 1),
        "C": ("A", 1),
        "D": ("A", 1),
        "E": ("D", 2),
        "F": ("D", 2),
        "G": ("A", 1),
        "H": ("A", 1),
        "Q": ("", 0),
        "R": ("", 0),
        "X": ("", 0),
    }


def test_standings_may_look_down_a_placement_tree_and_who_has_no_place_stands_alone(
    database: Database, ask: Ask, tmp_path: Path
) -> None:
    board = {"kind": "binary", "placement": "chosen", "holding_days": 30}
    # a bonus on the sponsor tree, ranks on the placement tree
    document = plan(
        {"one": [{"metric": "tv", "window": "period", "at_least": 70}]}, standings_tree="placement", trees={"placement": board}
    )
    text = """
A : own 10
  B left of A : own 20
  C left of B : own 40
  D right of A : own 80
  E : own 160
"""
    publish(database, tmp_path, text, document)
    run_id = month.close(database, "2025-03", "ranked", actor="test").run_id
    assert column(ask, run_id, "ranks") == {"A": 1, "B": 0, "C": 0, "D": 1, "E": 1}
    assert parents(ask, run_id, "placement") == {"A": ("", 0), "B": ("A", 1), "C": ("B", 2), "D": ("A", 1), "E": ("", 0)}
    tv = ask(
        "MATCH (s:Standing {run_id: $run_id}) UNWIND range(0, size(s.ids) - 1) AS i "
        "MATCH (p:Partner {seq: s.ids[i]}) RETURN p.id AS id, s.sums[i] / 1000 AS tv ORDER BY id",
        run_id=run_id,
    )
    assert {row["id"]: row["tv"] for row in tv} == {"A": 150, "B": 60, "C": 40, "D": 80, "E": 160}
    paid = [(line["partner_id"], line["level"], line["base"]) for line in earnings.lines(database, "2025-03", "ranked")]
    assert paid == [("A", 1, 300_000)]
