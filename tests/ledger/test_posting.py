"""What a close posts: every line in it, nothing but lines, once, and as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, ledger, month
from graphsvc.errors import Code, Refused
from graphsvc.ledger import accounts
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.conftest import Said

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Database:
    small.import_company(database, tmp_path)
    return database


def owed(database: Database) -> dict[str, int]:
    """What the ledger says that each partner is owed."""
    return {
        one.account.partition(":")[2]: one.amount_minor
        for one in ledger.balances(database, each=True)
        if one.account.startswith("payable/")
    }


def test_a_close_posts_what_its_lines_come_to_and_every_account_is_told(company: Database) -> None:
    totals: Counter[str] = Counter()
    by_bonus: Counter[str] = Counter()
    for name in ("2025-01", "2025-02", "2025-03"):
        month.close(company, name, "small", actor="anna", out_of_order=True)
        for line in earnings.lines(company, name):
            totals[line["partner_id"]] += line["amount_minor"]
            by_bonus[line["bonus"]] += line["amount_minor"]
        assert owed(company) == {partner: amount for partner, amount in totals.items() if amount}
    found = {one.account: one.amount_minor for one in ledger.balances(company)}
    assert {name: found[f"commission:small:{name}"] for name in by_bonus} == {name: -amount for name, amount in by_bonus.items()}
    assert found["payable/main"] == sum(totals.values())
    assert {amount for account, amount in found.items() if account.startswith("clearing:")} == {0}
    assert sum(found.values()) == 0
    proved = ledger.verify(company)
    assert (proved.holds, proved.fault, proved.uncleared) == (True, None, [])


def test_a_negative_total_is_owed_by_the_partner(database: Database, tmp_path: Path) -> None:
    """A has 5 % and 1 % of B and 2 % of its own 20; then as much of the 60 given back, with the 2 % that B, inactive, leaves."""
    text = "A : own 20 @2025-01-05, own 20 @2025-02-03\n  B : own 100 @2025-01-05, refund 60 @2025-02-11"
    small.import_company(database, tmp_path, text)
    for name in ("2025-01", "2025-02"):
        month.close(database, name, "small", actor="anna")
    rows = list(accounts.statement(database, "A"))
    assert [(row["month"], row["account"], row["amount_minor"]) for row in rows] == [
        ("2025-01", "payable/main:A", 500 + 100 + 40),
        ("2025-02", "payable/main:A", -300 - 60 - 120 + 40),
    ]
    assert owed(database)["A"] == 640 - 440


def test_totals_that_a_plan_splits_stand_on_their_balances(database: Database, tmp_path: Path) -> None:
    splits = [{"balance": "travel", "rate": "10%"}]
    small.import_company(database, tmp_path, document=small.plan(splits=splits))
    month.close(database, "2025-03", "small", actor="anna", out_of_order=True)
    rows = earnings.beside(database, "2025-03", "balances")
    assert {row["balance"] for row in rows} == {"main", "travel"}
    wanted = {accounts.payable(row["partner_id"], row["balance"]): row["amount_minor"] for row in rows}
    found = {one.account: one.amount_minor for one in ledger.balances(database, each=True) if one.account.startswith("payable/")}
    assert found == wanted


@pytest.mark.parametrize(("payouts", "day"), [(None, "2025-02-01"), ({"hold_days": 14, "minimum": "none"}, "2025-02-15")])
def test_what_a_period_owes_may_be_paid_once_its_hold_days_are_over(
    database: Database, tmp_path: Path, payouts: dict[str, Any] | None, day: str
) -> None:
    small.import_company(database, tmp_path, document=small.plan(**({"payouts": payouts} if payouts else {})))
    month.close(database, "2025-01", "small", actor="anna")
    assert {str(row["available_on"]) for row in accounts.statement(database, "A")} == {day}


def test_a_period_that_pays_nothing_posts_nothing(database: Database, ask: Ask, tmp_path: Path) -> None:
    small.import_company(database, tmp_path, text="A : own 0.01 @2025-03-05")
    month.close(database, "2025-03", "small", actor="anna", out_of_order=True)
    assert ask("MATCH (e:LedgerEntry) RETURN e.id AS id") == []
    assert ledger.verify(database).entries == 0


def test_a_preview_and_a_refused_close_leave_nothing_in_the_ledger(company: Database, ask: Ask) -> None:
    month.preview(company, "2025-03", "small", actor="anna")
    assert ask("MATCH (e:LedgerEntry) RETURN e.id AS id") == []
    month.close(company, "2025-01", "small", actor="anna")
    before = ask("MATCH (e:LedgerEntry) RETURN e.id AS id, e.digest AS digest ORDER BY e.sequence")
    with pytest.raises(Refused) as refused:
        month.close(company, "2025-01", "small", actor="anna")
    assert refused.value.code is Code.MONTH_CLOSED
    assert ask("MATCH (e:LedgerEntry) RETURN e.id AS id, e.digest AS digest ORDER BY e.sequence") == before


def test_the_commands_tell_balances_and_a_statement(company: Database, cli: Cli, tmp_path: Path) -> None:
    assert cli("month", "close", "2025-01", "--plan", "small").code == 0
    said = cli("ledger", "balances", "--format", "csv")
    rows = [row.split(",") for row in said.out.splitlines()]
    assert rows[0] == ["account", "currency", "amount_minor", "postings"]
    assert sum(int(row[2]) for row in rows[1:]) == 0
    assert "payable/main" in cli("ledger", "balances").out
    statement = cli("ledger", "statement", "A", "--format", "csv").out.splitlines()
    assert statement[1].split(",")[2:5] == ["earnings", "2025-01", "payable/main:A"]
    unknown = cli("ledger", "statement", "Nobody")
    assert (unknown.code, "Nobody" in unknown.sentence) == (2, True)
    proved = cli("ledger", "verify")
    assert (proved.code, proved.err) == (0, "")
    assert "every currency sums to zero" in proved.out
    heads = (tmp_path / "home" / "ledger.heads").read_text(encoding="ascii").splitlines()
    posted = ledger.verify(company)
    assert heads == [f"{posted.head.ledger_id} {posted.head.sequence} {posted.head.digest}"]
