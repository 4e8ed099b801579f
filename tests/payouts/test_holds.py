"""A hold holds exactly the part that it names, and nothing is held that was paid."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from graphsvc import earnings, payouts
from graphsvc.errors import Code, Refused
from graphsvc.payouts import holds, standing
from graphsvc.query.runner import Database
from tests.month import small
from tests.payouts.conftest import ANNA, BORIS, close, give_destinations


def line_of(database: Database, partner: str) -> tuple[holds.Line, int]:
    row = max(earnings.of_partner(database, "2025-03", partner), key=lambda one: one["amount_minor"])
    line = holds.Line(partner, "2025-03", row["bonus"], row["level"], None, row["class"], row["source_id"])
    return line, row["amount_minor"]


def place(database: Database, hold_id: str, line: holds.Line, amount: int | None) -> None:
    holds.place(database, hold_id, line, amount, reason="shares a card", public_reason="We look at an order.", actor="cli:anna")


def available(database: Database, partner: str) -> int:
    total: int = sum(row["available_minor"] for row in standing.balance(database, partner))
    return total


def test_the_held_part_and_no_cent_more_stays_until_it_is_released(owed: Database) -> None:
    line, amount = line_of(owed, "A")
    before = available(owed, "A")
    for _ in range(2):
        place(owed, "h1", line, amount - 7)
    place(owed, "h2", line, None)
    assert holds.release(owed, "h2", actor="cli:boris")["state"] == "released"
    assert available(owed, "A") == before - (amount - 7)
    payouts.make(owed, "march", "USD", who=ANNA)
    payouts.approve(owed, "march", who=BORIS)
    assert payouts.payouts(owed, "march")[0]["amount_minor"] == before - (amount - 7)
    assert available(owed, "A") == 0
    holds.release(owed, "h1", actor="cli:boris")
    assert available(owed, "A") == amount - 7
    payouts.make(owed, "april", "USD", who=ANNA)
    assert {row["partner_id"]: row["amount_minor"] for row in payouts.payouts(owed, "april")} == {"A": amount - 7}
    assert [row["state"] for row in holds.of_partner(owed, "A")] == ["released", "released"]


def test_more_than_the_line_or_what_was_paid_cannot_be_held(owed: Database) -> None:
    line, amount = line_of(owed, "A")
    for wrong in (0, -1, amount + 1):
        with pytest.raises(Refused) as refused:
            place(owed, "h1", line, wrong)
        assert refused.value.code is Code.HOLD_UNFIT
    place(owed, "h1", line, 5)
    with pytest.raises(Refused) as refused:
        place(owed, "h2", line, amount - 4)
    assert refused.value.code is Code.HOLD_UNFIT
    with pytest.raises(Refused) as refused:
        place(owed, "h1", line, 6)
    assert refused.value.code is Code.DUPLICATE
    payouts.make(owed, "march", "USD", who=ANNA)
    payouts.approve(owed, "march", who=BORIS)
    with pytest.raises(Refused) as refused:
        place(owed, "h3", line, 5)
    assert (refused.value.code, "march/A" in refused.value.sentence) == (Code.HOLD_UNFIT, True)


def test_a_hold_between_a_draft_and_its_approval_makes_the_draft_old(owed: Database) -> None:
    line, _ = line_of(owed, "A")
    payouts.make(owed, "march", "USD", who=ANNA)
    place(owed, "h1", line, 5)
    with pytest.raises(Refused) as refused:
        payouts.approve(owed, "march", who=BORIS)
    assert refused.value.code is Code.PAYOUT_STALE
    payouts.discard(owed, "march")
    payouts.make(owed, "march-2", "USD", who=ANNA)
    assert payouts.approve(owed, "march-2", who=BORIS)["state"] == "approved"


def test_a_hold_on_what_still_waits_takes_nothing_from_what_is_available(database: Database, tmp_path: Path) -> None:
    close(database, tmp_path, "2025-01", "2025-03", document=small.plan(payouts={"hold_days": 300, "minimum": "none"}))
    give_destinations(database, "A")
    line, amount = line_of(database, "A")
    place(database, "h1", line, amount)
    january = standing.balance(database, "A", day=dt.date(2025, 12, 1))[0]
    assert (january["held_minor"], january["available_minor"]) == (0, january["owed_minor"] - january["waiting_minor"])
    later = standing.balance(database, "A", day=dt.date(2026, 2, 1))[0]
    assert later["held_minor"] == amount


def test_an_unknown_line_is_refused_with_the_nearest(owed: Database) -> None:
    line, _ = line_of(owed, "A")
    with pytest.raises(Refused) as refused:
        place(owed, "h1", holds.Line("A", "2025-03", line.bonus + "x", line.level), 5)
    assert refused.value.code is Code.LINE_UNKNOWN
    with pytest.raises(Refused) as refused:
        holds.release(owed, "nothing", actor="cli:anna")
    assert refused.value.code is Code.HOLD_UNKNOWN
