"""What happens to lines after they are rounded: caps, lines that wait, deductions, splits; worked numbers and every choice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphsvc import earnings, month
from graphsvc.query.runner import Database
from tests.month.test_awards import PV, Ask, award, ranked
from tests.month.test_worked import bonus, closed, document

EACH = {"metric": PV, "pays": "every", "how_often": "each_period"}


def tenth(name: str = "tenth", **changes: Any) -> dict[str, Any]:
    """A tenth of what each partner bought."""
    steps = [{"from": "0.001", "rate": "10%", "of": "money"}]
    return award("milestone", name=name, metric=PV, pays="highest", how_often="each_period", steps=steps) | changes


def sums(name: str, *amounts: int) -> dict[str, Any]:
    """A line for each of these sums, to everybody."""
    return award(
        "milestone", name=name, steps=[{"from": f"0.00{n}", "sum": amount} for n, amount in enumerate(amounts, 1)], **EACH
    )


def amounts(lines: list[tuple[Any, ...]], name: str) -> dict[str, list[int]]:
    """The lines of one bonus by payee."""
    found: dict[str, list[int]] = {}
    for payee, of, _, _, amount in lines:
        if of == name:
            found.setdefault(payee, []).append(amount)
    return found


def test_a_limit_of_the_company_is_shared_by_all_lines(database: Database, ask: Ask, tmp_path: Path) -> None:
    text = "A : own 333.30\n  B : own 333.30\n    C : own 333.40"
    down = award("match_down", name="down", of=["tenth"], rate="100%", reversals="stay")
    plan = document(tenth(), sums("free", 7), down) | {"limits": [{"cap": "company", "bonuses": ["tenth"], "sum": "50.00"}]}
    plan |= {"volumes": plan["volumes"] | {"volume_value": "0.01"}}
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert amounts(lines, "tenth") == {"A": [1666], "B": [1666], "C": [1667]}
    assert amounts(lines, "down") == {"B": [1666], "C": [1666]}  # it reads what the limit left
    assert amounts(lines, "free") == {"A": [700], "B": [700], "C": [700]}
    rows = ask("MATCH (e:Earning {bonus: 'tenth'}) RETURN e.earned_minor AS earned, e.cuts AS cuts ORDER BY e.partner_id")
    assert [(r["earned"], r["cuts"]) for r in rows] == [(3333, [0, 3333]), (3333, [0, 3333]), (3334, [0, 3334])]


def test_a_limit_may_be_a_part_of_the_companys_volume(database: Database, ask: Ask, tmp_path: Path) -> None:
    text = "A : own 100\nB : own 0.30"
    plan = document(tenth()) | {"limits": [{"cap": "company", "bonuses": ["tenth"], "rate": "3%"}]}
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert amounts(lines, "tenth") == {"A": [300]}  # 10.00 and 0.03 under 3.01
    assert ask("MATCH (c:CappedLine) RETURN c.partner_id AS who, c.earned_minor AS earned, c.cuts AS cuts") == [
        {"who": "B", "earned": 3, "cuts": [0, 3]}
    ]


def test_caps_of_lines_and_partners_run_in_the_order_of_steps(database: Database, ask: Ask, tmp_path: Path) -> None:
    plan = document(sums("one", 30, 45, 30), sums("two", 10, 10, 10), sums("three", 5)) | {
        "limits": [
            {"cap": "line", "bonuses": "all", "sum": 40},
            {"cap": "partner_bonus", "bonuses": ["one"], "sum": {"by": "type", "values": {"other": 80}}},
            {"cap": "partner", "bonuses": ["one", "two"], "sum": {"by": "rank", "as": "paid_as", "values": {"a": 85, "b": 1000}}},
        ]
    }
    plan |= ranked("a", "b")
    text = "A type a : own 10\nB type other : own 10\nC type b : own 10"
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert amounts(lines, "one") == {"A": [3000, 4000, 1500], "B": [3000, 4000, 1000], "C": [3000, 4000, 3000]}
    assert amounts(lines, "two") == {"B": [1000, 1000, 1000], "C": [1000, 1000, 1000]}  # nobody without a rank has that cap
    assert amounts(lines, "three") == {"A": [500], "B": [500], "C": [500]}
    cut = ask(
        "MATCH (c:CappedLine) RETURN c.partner_id AS who, c.bonus AS bonus, c.level AS level, c.cuts AS cuts ORDER BY level"
    )
    assert [(c["who"], c["bonus"], c["level"], c["cuts"]) for c in cut] == [
        ("A", "two", 1, [2, 1000]), ("A", "two", 2, [2, 1000]), ("A", "two", 3, [2, 1000]),
    ]  # fmt: skip


def test_a_line_below_nothing_is_not_cut_and_leaves_room(database: Database, tmp_path: Path) -> None:
    text = "A : own 100\n  B : own 30, own 50, own 20\n  C : own 80 @2025-02-10, refund 80"
    plan = document(bonus("team", ["100%"], lines="order")) | {"limits": [{"cap": "partner", "bonuses": ["team"], "sum": 25}]}
    _, lines = closed(database, text, plan, tmp_path, "2025-02", "2025-03")
    assert [(line[2], line[4]) for line in lines] == [("B-1/1", 2500), ("C-1/1", -8000)]


def test_many_lines_of_one_partner_are_cut_where_they_cross(database: Database, tmp_path: Path) -> None:
    text = "A\n  B : " + ", ".join(["own 1"] * 450)
    plan = document(bonus("team", ["100%"], lines="order")) | {
        "limits": [{"cap": "partner_bonus", "bonuses": "all", "sum": "420.50"}]
    }
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert sorted(line[4] for line in lines) == [50] + [100] * 420


def test_deductions_and_splits(database: Database, ask: Ask, tmp_path: Path) -> None:
    text = "A : own 333.30\nB : own 0.04"
    plan = document(tenth(), sums("free", 1)) | {
        "deductions": [{"name": "fee", "bonuses": ["tenth"], "rate": "2%"}],
        "splits": [{"balance": "travel", "rate": "10%"}, {"balance": "car", "rate": "5%"}],
    }
    (lines,) = closed(database, text, plan, tmp_path, "2025-03")
    assert amounts(lines, "fee") == {"A": [-67]}  # 2 % of 33.33
    balances = ask(
        "MATCH (b:Balance) RETURN b.partner_id AS who, b.balance AS balance, b.amount_minor AS amount ORDER BY who, balance"
    )
    assert [tuple(b.values()) for b in balances] == [
        ("A", "car", 168), ("A", "main", 2862), ("A", "travel", 336), ("B", "car", 5), ("B", "main", 85), ("B", "travel", 10),
    ]  # fmt: skip


def test_held_lines_wait_for_the_condition_and_lapse(database: Database, ask: Ask, tmp_path: Path) -> None:
    text = """
    A
      S : own 100 @2025-01-10, own 40 @2025-02-10, own 10 @2025-03-10, own 20 @2025-04-10
    Q : own 5 @2025-03-10, own 5 @2025-05-10
      T : own 200 @2025-01-10, own 80 @2025-02-10, own 20 @2025-03-10
    """
    waits = {"qualified": [{**PV, "at_least": 5}], "unqualified": {"hold": 2}}
    plan = document(bonus("team", ["10%"], **waits)) | {"limits": [{"cap": "partner", "bonuses": "all", "sum": 25}]}
    months = closed(database, text, plan, tmp_path, "2025-01", "2025-02", "2025-03", "2025-04", "2025-05")
    assert [[(x[0], x[2], x[4]) for x in lines] for lines in months] == [
        [],
        [],
        [("Q", "", 200), ("Q", "held 2025-01", 2000), ("Q", "held 2025-02", 300)],  # 20 and 8 and 2 under 25
        [],
        [],
    ]
    waiting = ask("MATCH (h:HeldLine) RETURN h.held_from AS since, h.amount_minor AS amount, h.left AS left")
    assert sorted((h["since"], h["amount"], h["left"]) for h in waiting if h["amount"] in (1000, 400)) == [
        ("2025-01", 1000, 0), ("2025-01", 1000, 1), ("2025-01", 1000, 2),
        ("2025-02", 400, 0), ("2025-02", 400, 1), ("2025-02", 400, 2),
    ]  # fmt: skip
    reports = {r.month: r for r in month.runs(database) if r.kind == "official"}
    # A line waits for two periods; the limit cut 2.00 of the 5.00 that was not released yet.
    assert [(r.held_minor, r.lapsed_minor) for _, r in sorted(reports.items())][:2] == [(3000, 0), (4200, 0)]
    assert [row["left"] for row in earnings.beside(database, "2025-02", "held")] == [1, 2, 1, 2]
    month.preview(database, "2025-06", "worked", actor="test")
    assert len(ask("MATCH (h:HeldLine) RETURN h.run_id AS run")) == len(waiting)
    assert [line["source_id"] for line in earnings.of_partner(database, "2025-03", "Q")] == ["", "held 2025-01", "held 2025-02"]
