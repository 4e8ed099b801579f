"""The example plans on placement trees, through import, publish, close and earnings, and as the judge has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphsvc import earnings, month
from graphsvc.imports import ImportFiles, import_files
from graphsvc.plan import document, store
from graphsvc.query.runner import Database
from tests.graphs import IDENTIFIER_KEY, draw
from tests.month.plans import in_turn

EXAMPLES = Path(__file__).parents[2] / "examples" / "plans"
Line = tuple[str, str, int, int]

BINARY = """
R : own 60
  A left of R : own 60, own 100 @2025-04-01
    B left of A : own 2000, own 500 @2025-04-01
    C right of A : own 1500
    D left of B : own 2000, refund 1000 @2025-04-05
    E right of C : own 1500, own 60 @2025-04-02
  X right of R : own 60
"""
MARCH: list[Line] = [
    ("A", "pairs", 1, 27_000),  # legs 4000 and 3000: six units of 300 against 600
    ("A", "pairs", 2, 3_000),  # and one of 300 against 300
    ("R", "match", 1, 3_000),  # 10 % of A's pairs; A is the only leader, and has the pool
    ("A", "leaders-pool", 1, 14_360),  # 2 % of 7180
]
MATRIX = """
A : own 20
  B leg 1 of A : own 20
    E leg 1 of B : own 20
    F leg 2 of B : own 20
  C leg 2 of A : own 20
  D leg 3 of A : own 20
    H leg 1 of C : own 40
  G leg 3 of B : own 10
"""


def closed(database: Database, name: str, text: str, folder: Path, *months: str) -> list[list[Line]]:
    """Import a drawing, publish an example, close months: (payee, bonus, step, amount) of each, in the order of the plan."""
    plan: dict[str, Any] = document.load(EXAMPLES / f"{name}.yaml")
    tree = next(iter(plan["trees"]))
    import_files(database, ImportFiles(**draw(text).write(folder)), identifier_key=IDENTIFIER_KEY, placement_tree=tree)
    store.publish(database, plan)
    found = []
    for at, judged in zip(months, in_turn(text, plan, *months), strict=True):
        month.close(database, at, name, actor="test")
        lines = [(r["partner_id"], r["bonus"], r["level"], r["amount_minor"]) for r in earnings.lines(database, at, name)]
        assert lines == [(x.partner_id, x.bonus, x.level, x.amount_minor) for x in judged.lines]
        found.append(lines)
    return found


def test_the_binary_pays_pairs_matches_and_a_pool(database: Database, tmp_path: Path) -> None:
    march, _ = closed(database, "binary", BINARY, tmp_path, "2025-03", "2025-04")
    assert sorted(march) == sorted(MARCH)


def test_the_matrix_pays_up_the_places_and_the_enroller(database: Database, tmp_path: Path) -> None:
    (lines,) = closed(database, "matrix", MATRIX, tmp_path, "2025-03")
    paid = {(who, bonus): amount for who, bonus, _, amount in lines if who == "C"}
    # H stands under C, whom it was not enrolled by; D enrolled it.
    assert paid == {("C", "matrix"): 200}
    assert [line for line in lines if line[0] == "A"] == [
        *[("A", "enroller", 1, 700), ("A", "matrix", 1, 300), ("A", "matrix", 2, 450)]
    ]
