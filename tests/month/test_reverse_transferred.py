"""Parts of closed lines where volume was given up in the closed period (mechanics sections 1, 3, 8): hosts stay as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, explain, month
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month import small
from tests.month.test_awards import PV, award, pool
from tests.month.test_reverse import VOLUMES, Pulled, closed, document, unilevel

THEN = VOLUMES | {"late_orders": "then"}
PLAIN = [{"rate": rate, "opens": "active"} for rate in ("10%", "5%")]


def giving(*bonuses: dict[str, Any], judged_on: str = "raw", **changes: Any) -> dict[str, Any]:
    """A plan in which who buys less than 50 gives the volume up."""
    frame = {"standings_tree": "transferred", "transfer": {"who_fails": "buyer", "judged_on": judged_on}}
    return document(*bonuses, **frame, conditions={"buyer": [PV | {"at_least": 50}]}, **changes)


def team(**changes: Any) -> dict[str, Any]:
    """10 % and 5 % up the tree that the transfer makes."""
    return unilevel("10%", tree="transferred", levels=PLAIN) | changes


def parts(lines: list[Any]) -> list[tuple[Any, ...]]:
    return [(line[0], line[1], line[2], line[3].removesuffix(" 2025-01"), line[4]) for line in lines]


def test_the_order_s_part_goes_up_from_whoever_took_its_volume_then(database: Database, tmp_path: Path) -> None:
    """N's 30 were T's in January, so R had 10 % of 130. In February T fails and N passes, which changes nothing of that."""
    text = """
    R : own 100 @2025-01-10, own 60 @2025-02-10
      T : own 100 @2025-01-10
        N : own 30 @2025-01-10, refund 12 @2025-02-20, own 80 @2025-02-10
          S : own 100 @2025-01-10, refund 40 @2025-02-20
    """
    lines = closed(database, draw(text), tmp_path, giving(team()), "2025-01", "2025-02")
    assert parts(lines[0]) == [("R", "team", 1, "", 1300), ("R", "team", 2, "", 500), ("T", "team", 1, "", 1000)]
    assert parts(lines[1]) == [
        ("R", "team", 1, "", 800),  # of N's 80
        ("R", "team", 1, "reversal N-1", -120),
        ("R", "team", 2, "reversal S-1", -200),
        ("T", "team", 1, "reversal S-1", -400),
    ]
    told = explain.lines(database, "2025-02", "R", plan_name="small", bonus="team", level=1)
    facts = next(said.facts for said in told if said.amount_minor == -120)
    assert "N gave its volume up in 2025-01, and T took it" in facts


def test_what_is_paid_on_another_tree_or_on_money_stays_with_the_seller(database: Database, tmp_path: Path) -> None:
    """N sold 30 below T on the sponsor tree; its money is its own on the tree `transferred` too, where it hangs below T."""
    text = """
    R : own 100 @2025-01-10
      T : own 100 @2025-01-10
        N : own 30 @2025-01-10, refund 12 @2025-02-20
    """
    plain = unilevel("10%", name="plain", levels=PLAIN)
    cash = team(name="cash", base="money", levels=PLAIN[:1])
    lines = closed(database, draw(text), tmp_path, giving(team(), plain, cash), "2025-01", "2025-02")
    assert parts(lines[0]) == [
        ("R", "cash", 1, "", 1000), ("R", "plain", 1, "", 1000), ("R", "plain", 2, "", 150), ("R", "team", 1, "", 1300),
        ("T", "cash", 1, "", 300), ("T", "plain", 1, "", 300),
    ]  # fmt: skip
    assert parts(lines[1]) == [
        ("R", "plain", 2, "reversal N-1", -60), ("R", "team", 1, "reversal N-1", -120),
        ("T", "cash", 1, "reversal N-1", -120), ("T", "plain", 1, "reversal N-1", -120),
    ]  # fmt: skip


def test_what_nobody_took_is_nobody_s_and_a_fund_is_of_what_was_sold(database: Database, tmp_path: Path) -> None:
    """1 % of 160.00 is 1.60, three shares of 0.53; of 148.00 it is 1.48, and a share 0.49. Of B's volume nobody was paid."""
    text = """
    A : own 30 @2025-01-10
      B : own 30 @2025-01-10, refund 12 @2025-02-20
        C : own 100 @2025-01-10
    """
    shared = pool(fund=pool()["fund"] | {"rate": "1%"}, reversals="cascade")
    plain = unilevel("10%", name="plain")
    lines = closed(database, draw(text), tmp_path, giving(team(first_level="seller"), plain, shared), "2025-01", "2025-02")
    assert parts(lines[0]) == [
        ("A", "plain", 1, "", 300), ("A", "pool", 1, "", 53), ("B", "plain", 1, "", 1000), ("B", "pool", 1, "", 53),
        ("C", "pool", 1, "", 53), ("C", "team", 1, "", 1000),
    ]  # fmt: skip
    assert parts(lines[1]) == [
        ("A", "plain", 1, "reversal B-1", -120), ("A", "pool", 1, "changes", -4),
        ("B", "pool", 1, "changes", -4), ("C", "pool", 1, "changes", -4),
    ]  # fmt: skip


def test_a_milestone_loses_parts_of_the_volume_that_it_counted(database: Database, tmp_path: Path) -> None:
    """A fifth of T's 130, 30 of them N's: of 118 and 108 it is 23.60 and 21.60. In February T has 125, 10 and 12 less where
    conditions count: a tenth, of 125. A tenth of money is of T's own."""
    text = """
    T : own 100 @2025-01-10, refund 10 @2025-02-20, own 125 @2025-02-10
      N : own 30 @2025-01-10, refund 12 @2025-02-20
    """
    more = [{"from": 50, "rate": "10%", "of": "cv"}, {"from": 120, "rate": "20%", "of": "cv"}]
    given = {"metric": PV, "pays": "highest", "how_often": "each_period"}
    volume = award("milestone", name="volume", steps=more, **given)
    cash = award("milestone", name="cash", steps=[{"from": 50, "rate": "10%", "of": "money"}], **given)
    lines = closed(database, draw(text), tmp_path, giving(volume, cash), "2025-01", "2025-02")
    assert parts(lines[0]) == [("T", "cash", 1, "", 1000), ("T", "volume", 2, "", 2600)]
    assert parts(lines[1]) == [
        ("T", "cash", 1, "", 1250),
        ("T", "cash", 1, "reversal T-1", -100),
        ("T", "volume", 1, "", 1250),
        ("T", "volume", 2, "reversal N-1", -240),
        ("T", "volume", 2, "reversal T-1", -200),
    ]
    told = explain.lines(database, "2025-02", "T", plan_name="small", bonus="volume", level=2)
    facts = {said.amount_minor: said.facts for said in told}
    assert "N gave its volume up in 2025-01, and T took it" in facts[-240]
    assert not any("gave its volume up" in fact for fact in facts[-200])


def test_a_late_order_is_posted_where_its_seller_s_volume_was(database: Database, tmp_path: Path) -> None:
    """With it N would have had 55 and kept them; but N failed then, so R has 10 % of it. In February its QV keeps N above 50."""
    text = """
    R : own 100 @2025-01-10, own 70 @2025-02-10
      T : own 100 @2025-01-10, own 60 @2025-02-10
        N : own 30 @2025-01-10, own 25 @2025-01-11 after 1, refund 5 @2025-03-03 after 1, own 30 @2025-02-10
    """
    lines = closed(database, draw(text), tmp_path, giving(team(), volumes=THEN), "2025-01", "2025-02", "2025-03")
    assert parts(lines[0]) == [("R", "team", 1, "", 1300)]
    assert parts(lines[1]) == [
        ("R", "team", 1, "", 600),
        ("R", "team", 1, "late N-2", 250),
        ("R", "team", 2, "", 150),
        ("T", "team", 1, "", 300),
    ]
    assert parts(lines[2]) == [("R", "team", 1, "reversal N-2", -50)]


def test_lines_of_orders_and_what_is_matched_lose_parts_of_what_came_up(database: Database, tmp_path: Path) -> None:
    """Judged on what came up too, N passes with S's 30, and T is paid for both; of T's lines R matches half."""
    text = """
    R : own 100 @2025-01-10
      T : own 100 @2025-01-10
        N : own 30 @2025-01-10
          S : own 30 @2025-01-10, refund 10 @2025-02-20
    """
    match = {"name": "match", "kind": "matching", "of": ["team"], "by": {"levels": "none"}, "lines": "step"}
    match |= {"levels": [{"rate": "50%", "opens": "active"}], "qualified": "active", "reversals": "cascade"}
    plan = giving(team(lines="order", levels=PLAIN[:1]), match, judged_on="received")
    lines = closed(database, draw(text), tmp_path, plan, "2025-01", "2025-02")
    assert parts(lines[0]) == [
        ("R", "match", 1, "", 300),
        ("R", "team", 1, "T-1/1", 1000),
        ("T", "team", 1, "N-1/1", 300),
        ("T", "team", 1, "S-1/1", 300),
    ]
    assert parts(lines[1]) == [("R", "match", 1, "reversal S-1", -50), ("T", "team", 1, "reversal S-1/1", -100)]


@pytest.mark.parametrize("gave", [True, False])
def test_the_plan_of_the_closed_period_says_whose_volume_it_was(gave: bool, database: Database, tmp_path: Path) -> None:
    """One version has the transfer and the next has none, or the other way round: N's 12 were T's only where given up."""
    text = """
    R : own 100 @2025-01-10, own 100 @2025-02-10
      T : own 100 @2025-01-10, own 100 @2025-02-10
        N : own 30 @2025-01-10, refund 12 @2025-02-20, own 80 @2025-02-10
    """
    without = document(unilevel("10%", levels=PLAIN))
    versions = [giving(team()), without] if gave else [without, giving(team())]
    versions[1] |= {"version": 2, "valid_from": "2025-02-01"}
    build(database, draw(text), tmp_path)
    for plan in versions:
        store.publish(database, plan)
    for name in ("2025-01", "2025-02"):
        month.close(database, name, "small", actor="test")
    lines = [line for line in small.lines(database, "2025-02") if line[3]]
    taken = [("R", "team", 1, "reversal N-1", -120)]
    assert parts(lines) == (taken if gave else [("R", "team", 2, "reversal N-1", -60), ("T", "team", 1, "reversal N-1", -120)])
    assert explain.verify(database, "2025-02", "small").holds
    assert all(said.equal for said in explain.lines(database, "2025-02", "R"))


def test_a_close_that_was_interrupted_among_parts_goes_on_to_the_same_lines(database: Database, tmp_path: Path) -> None:
    """A preview leaves nothing, and whose volume it was is laid anew."""
    text = """
    R : own 100 @2025-01-10
      T : own 100 @2025-01-10
        N : own 30 @2025-01-10, refund 12 @2025-02-20
    """
    build(database, draw(text), tmp_path)
    store.publish(database, giving(team()))
    month.close(database, "2025-01", "small", actor="test")
    whole = month.preview(database, "2025-02", "small", actor="test")
    with pytest.raises(small.Interrupted):
        month.close(database, "2025-02", "small", actor="test", progress=Pulled())
    assert month.close(database, "2025-02", "small", actor="test").digest == whole.digest
    assert [row["amount_minor"] for row in earnings.lines(database, "2025-02", "small")] == [-120]
    assert explain.verify(database, "2025-02", "small").holds
