"""What plans split off to other balances: paid by batches of its own, held in proportion, and traced like the main balance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from graphsvc import earnings, ledger, month, payouts
from graphsvc.errors import Code, Refused
from graphsvc.payouts import paid, standing, trace
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.conftest import Said
from tests.payouts.conftest import ANNA, PARTNERS, close, give_destinations, pay
from tests.payouts.test_holds import line_of, place

SPLIT = small.plan(splits=[{"balance": "savings", "rate": "12.5%"}, {"balance": "charity", "rate": "0.7%"}])
MONTHS = ("2025-01", "2025-03")


@pytest.fixture
def split(database: Database, tmp_path: Path) -> Database:
    """January and March are closed by a plan that splits totals; everybody has a destination."""
    close(database, tmp_path, *MONTHS, document=SPLIT)
    give_destinations(database, *PARTNERS, "E", "G", "I", "J", "D", "T")
    return database


def wanted(database: Database) -> dict[str, Counter[str]]:
    """What each balance of each partner comes to: 12.5 % and 0.7 % of each month's total rounded down, and the rest."""
    found: dict[str, Counter[str]] = {"main": Counter(), "savings": Counter(), "charity": Counter()}
    for name in MONTHS:
        totals: Counter[str] = Counter()
        for line in earnings.lines(database, name):
            totals[line["partner_id"]] += line["amount_minor"]
        for partner, total in totals.items():
            assert total > 0
            savings, charity = total * 125 // 1_000, total * 7 // 1_000
            for balance, amount in (("main", total - savings - charity), ("savings", savings), ("charity", charity)):
                found[balance][partner] += amount
    return found


def drawn(database: Database, batch_id: str) -> dict[str, int]:
    return {row["partner_id"]: row["amount_minor"] for row in payouts.payouts(database, batch_id)}


def test_each_balance_is_paid_by_a_batch_of_its_own_and_traced_to_its_lines(split: Database) -> None:
    expected = wanted(split)
    assert sum(sum(one.values()) for one in expected.values()) == sum(
        line["amount_minor"] for name in MONTHS for line in earnings.lines(split, name)
    )
    for balance in expected:  # drafts of different balances stand side by side
        payouts.make(split, f"first-{balance}", "USD", balance=balance, who=ANNA)
    for balance, amounts in expected.items():
        assert drawn(split, f"first-{balance}") == {p: amount for p, amount in amounts.items() if amount}
        pay(split, f"first-{balance}", balance)
        assert trace.verify(split, f"first-{balance}") == len([amount for amount in amounts.values() if amount])
    assert {row["available_minor"] for p in PARTNERS for row in standing.balance(split, p)} <= {0}
    assert ledger.verify(split).holds


def test_money_of_another_balance_that_comes_back_is_owed_on_that_balance(split: Database) -> None:
    pay(split, "first", "savings")
    before = {row["balance"]: row["owed_minor"] for row in standing.balance(split, "A")}
    amount = payouts.fail(split, "first/A", reason="account closed", who=ANNA)["amount_minor"]
    after = {row["balance"]: row["owed_minor"] for row in standing.balance(split, "A")}
    assert (after["savings"] - before["savings"], after["main"]) == (amount, before["main"])
    payouts.settle(split, "first", who=ANNA)
    assert {row["status"] for row in month.months(split, "small")} == {"closed"}, "the main balances are not paid yet"
    pay(split, "second", "savings")
    assert drawn(split, "second") == {"A": amount}
    assert [row["kind"] for row in trace.of_payout(split, "second/A").rows if row["part"] == "posting"] == ["payout-failed"]
    pay(split, "third", "main")
    payouts.settle(split, "third", who=ANNA)
    assert {row["status"] for row in month.months(split, "small")} == {"paid"}


def test_a_hold_holds_its_part_of_every_balance(split: Database) -> None:
    line, amount = line_of(split, "A")
    before = {row["balance"]: row["available_minor"] for row in standing.balance(split, "A")}
    place(split, "h1", line, amount)
    held = {row["balance"]: row["held_minor"] for row in standing.balance(split, "A")}
    savings, charity = amount * 125 // 1_000, amount * 7 // 1_000
    assert held == {"main": amount - savings - charity, "savings": savings, "charity": charity}
    for balance, had in before.items():
        pay(split, balance, balance)
        assert drawn(split, balance).get("A", 0) == had - held[balance]
        assert trace.verify(split, balance) >= 1
    where = {row["state"]: row["amount_minor"] for row in paid.of_lines(split, "A", "2025-03") if row["hold_id"] == "h1"}
    assert where == {"held": amount}


def test_a_balance_that_no_plan_has_is_refused_with_the_nearest(split: Database, cli: Callable[..., Said]) -> None:
    with pytest.raises(Refused, match="savings") as refused:
        payouts.make(split, "first", "USD", balance="saving", who=ANNA)
    assert refused.value.code is Code.BAD_INPUT
    payouts.make(split, "first", "USD", balance="savings", who=ANNA)
    with pytest.raises(Refused, match="of another currency, balance or day"):
        payouts.make(split, "first", "USD", who=ANNA)
    with pytest.raises(Refused, match="one draft of a currency and balance at a time"):
        payouts.make(split, "other", "USD", balance="savings", who=ANNA)
    said = cli("payout", "balance", "A")
    assert re.findall(r"USD +(\w+)", said.out) == ["main", "charity", "savings"]
    assert "from balance savings" in cli("payout", "show", "first").out
