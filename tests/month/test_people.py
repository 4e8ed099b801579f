"""What conditions count besides volumes: recruits in each leg, events, tags (mechanics section 2)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, explain, month
from graphsvc.month.context import Batches
from graphsvc.month.layers import Layers
from graphsvc.plan.compiler import compile_plan
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.plans import in_turn
from tests.month.test_ranks import close, column, number, plan, publish, pv

Ask = Callable[..., list[dict[str, Any]]]

# Whom somebody enrolled stands below, wherever a place was free; who enrolled them is drawn by the indentation.
PLACED = """
A : own 10
  B left of A : own 10
    D left of B : own 10
    E right of C : own 10
    G right of B
  C right of A : own 10
    H right of E : own 10
  F left of D : own 10
  K : own 10
"""
BOARD: dict[str, Any] = {"kind": "binary", "placement": "chosen", "holding_days": 30}
TWO_LEGS = {"metric": "recruits_per_leg", "tree": "placement", "at_least": 1}


@pytest.mark.parametrize("standings_tree", ["sponsor", "placement"])
def test_recruits_are_counted_in_the_leg_that_they_stand_in(
    standings_tree: str, database: Database, ask: Ask, tmp_path: Path
) -> None:
    below = {"metric": "legs_with_rank", "rank": "one", "as": "paid_as", "at_least": 1}
    document = plan(
        {"one": [pv(10), {"active": True}], "two": [TWO_LEGS], "three": [TWO_LEGS, below | {"at_least": 2}]},
        active={"conditions": [pv(10)], "grace_periods": 0},
        standings_tree=standings_tree,
        trees={"placement": BOARD},
    )
    publish(database, tmp_path, PLACED, document)
    batches = Batches() if standings_tree == "sponsor" else Batches(1, 1, Layers(thin=1, levels=2))
    run_id = month.close(database, "2025-03", "ranked", actor="test", batches=batches).run_id
    # A has B and F on the left, C on the right. B has D on the left, and G, who is not active, on the right; E stands elsewhere.
    # C enrolled H, who stands on the right; nobody stands on C's left.
    assert number(ask, run_id, document, "recruits") == {"A": 1} | dict.fromkeys("BCDEFGHK", 0)
    ranks = column(ask, run_id, "ranks")
    assert ranks == {"A": 3, "G": 0} | dict.fromkeys("BCDEFHK", 1)


def test_accepted_events_and_tags_are_conditions_too(database: Database, ask: Ask, tmp_path: Path) -> None:
    leads = {"metric": "events", "kind": "lead", "window": {"last": 2}, "at_least": 2}
    tasks = {"metric": "events", "kind": "task", "window": "period", "at_least": 1}
    document = plan({"one": [leads], "two": [tasks], "three": [leads, tasks, {"tag": ["vip", "pilot"]}]})
    text = """
A tag vip : event lead @2025-02-10, event lead @2025-03-10, event task @2025-03-11
  B tag new : event lead @2025-02-10, event lead @2025-03-10, event task @2025-03-11
  C tag pilot tag new : event lead @2025-01-31, event lead @2025-03-10, event task @2025-02-11
  D : event lead @2025-03-10, event lead @2025-03-11 rejected, event task @2025-04-01
  E : event lead @2025-02-01, event lead @2025-03-31T23:59:59Z
"""
    publish(database, tmp_path, text, document)
    assert column(ask, close(database), "ranks") == {"A": 3, "B": 2, "C": 0, "D": 0, "E": 1}


def frontline(condition: str, at_least: int = 1) -> dict[str, Any]:
    return {"metric": "frontline_with", "condition": condition, "at_least": at_least}


TEAM = """
T
  A : own 10
    B : own 100
    C : own 100
    D : own 99
      E : own 500
  F : own 100
    G : own 100
    H suspended : own 100
    I joined 2025-04-01 : own 100
  K : own 20
"""


@pytest.mark.parametrize("ranked", [True, False])
def test_partners_right_below_who_meet_a_condition(ranked: bool, database: Database, ask: Ask, tmp_path: Path) -> None:
    """By PV; by a rank; by what they in turn ask of those right below them; by their activity, which may ask too."""
    ranks = {"one": [frontline("buyer", 2)], "two": [frontline("one")], "three": [frontline("leader", 2)]}
    document = plan(
        ranks if ranked else {},
        active={"conditions": [{"any": [pv(10), frontline("buyer", 3), frontline("busy", 3)]}], "grace_periods": 0},
        conditions={
            "buyer": [pv(100)],
            "busy": [{"active": True}],
            "leader": [frontline("buyer", 1)],
            "head": [frontline("leader", 2)],
            **({"one": [{"rank": "one", "as": "paid_as"}]} if ranked else {}),
        },
        bonuses=[small.PLAN["bonuses"][0] | {"levels": [{"rate": "5%", "opens": "active"}, {"rate": "3%", "opens": "head"}]}],
    )
    if not ranked:
        del document["ranks"], document["standings_tree"]
    publish(database, tmp_path, TEAM, document)
    run_id = month.close(database, "2025-03", "ranked", actor="test", batches=Batches(1, 1, Layers(thin=1, levels=2))).run_id
    labels = [metric.label for metric in compile_plan(document).metrics]
    rows = ask(
        "MATCH (s:Standing {run_id: $run_id}) UNWIND range(0, size(s.ids) - 1) AS i MATCH (p:Partner {seq: s.ids[i]}) "
        "RETURN p.id AS id, s.metrics[i * $numbers..(i + 1) * $numbers] AS metrics ORDER BY id",
        run_id=run_id,
        numbers=len(labels),
    )
    found = {
        label.removeprefix("frontline partners who meet "): {row["id"]: row["metrics"][n] for row in rows if row["metrics"][n]}
        for n, label in enumerate(labels)
    }
    assert found["buyer"] == {"A": 2, "D": 1, "F": 3, "T": 1}  # the suspended have a PV too, and so has who joins later
    assert found["leader"] == {"A": 1, "T": 2}  # D; A and F
    assert found["busy"] == {"A": 3, "D": 1, "F": 1, "T": 3}  # neither the suspended nor who joins later
    assert column(ask, run_id, "active") == dict.fromkeys("ABCDEFGKT", True) | {"H": False, "I": False}
    if ranked:
        assert found["one"] == {"T": 2}
        assert column(ask, run_id, "ranks") == {"A": 1, "F": 1, "T": 3} | dict.fromkeys("BCDEGHIK", 0)
    assert explain.why_not(database, "2025-03", "T", level=2, plan_name="ranked").reason == "paid"
    [lacks] = explain.why_not(database, "2025-03", "A", level=2, plan_name="ranked").failures
    assert lacks.text == "frontline partners who meet leader: have 1, need 2, 1 missing"
    (judged,) = in_turn(TEAM, document, "2025-03")
    assert judged.active == column(ask, run_id, "active")
    paid = [(line["partner_id"], line["level"], line["amount_minor"]) for line in earnings.lines(database, "2025-03", "ranked")]
    assert paid == [(line.partner_id, line.level, line.amount_minor) for line in judged.lines]
