"""From every payout to its lines: the parts sum to it, whatever was held, failed or came back in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from graphsvc import earnings, month, payouts
from graphsvc.errors import Code, Refused
from graphsvc.payouts import trace
from graphsvc.query.runner import Database
from tests.month.conftest import Said
from tests.payouts.conftest import ANNA, BORIS
from tests.payouts.test_holds import line_of, place

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]


def pay(database: Database, batch_id: str) -> None:
    payouts.make(database, batch_id, "USD", who=ANNA)
    payouts.approve(database, batch_id, who=BORIS)
    payouts.send(database, batch_id, who=ANNA)


def test_the_parts_of_a_payout_sum_to_it_and_its_lines_are_those_of_its_months(owed: Database) -> None:
    pay(owed, "march")
    assert trace.verify(owed, "march") == payouts.batch(owed, "march")["payouts"]
    found = trace.of_payout(owed, "march/A")
    lines = [(row["month"], row["bonus"], row["amount_minor"]) for row in found.rows if row["part"] == "line"]
    wanted = [
        (name, row["bonus"], row["amount_minor"])
        for name in ("2025-01", "2025-03")
        for row in earnings.of_partner(owed, name, "A")
    ]
    assert sorted(lines) == sorted(wanted)
    assert sum(amount for *_, amount in lines) == found.amount_minor


def test_what_was_held_is_carried_and_what_failed_is_paid_again(owed: Database) -> None:
    line, amount = line_of(owed, "A")
    place(owed, "h1", line, amount)
    pay(owed, "march")
    parts = {row["part"]: row["amount_minor"] for row in trace.of_payout(owed, "march/A").rows if row["part"] == "held"}
    assert parts == {"held": -amount}
    payouts.fail(owed, "march/A", reason="account closed", who=ANNA)
    payouts.settle(owed, "march", who=ANNA)
    month.close(owed, "2025-04", "small", actor="anna", out_of_order=True)
    pay(owed, "april")
    found = trace.of_payout(owed, "april/A")
    assert next(row["kind"] for row in found.rows if row["part"] == "posting") == "payout-failed"
    assert {row["part"] for row in found.rows} >= {"carried", "posting", "held"}
    total = sum(row["amount_minor"] for row in found.rows if row["part"] in ("carried", "posting", "held"))
    assert total == found.amount_minor
    assert trace.verify(owed, "april") >= 1


def test_a_changed_line_is_noticed(owed: Database, ask: Ask) -> None:
    pay(owed, "march")
    ask("MATCH (e:Earning {partner_id: 'A'}) WITH e LIMIT 1 SET e.amount_minor = e.amount_minor + 1")
    with pytest.raises(Refused) as refused:
        trace.of_payout(owed, "march/A")
    assert refused.value.code is Code.LEDGER_BROKEN


def test_the_command_shows_the_parts(owed: Database, cli: Cli) -> None:
    pay(owed, "march")
    said = cli("payout", "explain", "march/A", "--format", "csv")
    assert said.code == 0
    rows = [row.split(",") for row in said.out.splitlines()]
    assert rows[0][0] == "part"
    assert {row[0] for row in rows[1:]} == {"posting", "line"}
    assert "adds up" in cli("payout", "explain", "march/A").out
