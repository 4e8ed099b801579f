"""R27: after a close every clearing account is at zero, or is listed with whose it is and what it waits for."""

from __future__ import annotations

from collections.abc import Callable

from graphsvc import ledger, payouts
from graphsvc.money import format_minor
from graphsvc.payouts.clearing import uncleared
from graphsvc.query.runner import Database
from tests.month.conftest import Said
from tests.payouts.conftest import ANNA, BORIS

Cli = Callable[..., Said]
LISTED = "These clearing accounts are not at zero:"


def test_a_close_lists_what_is_on_its_way_and_whose_it_is(owed: Database, cli: Cli) -> None:
    """March's batch is approved and sent while February and later months are closed, and half of it fails."""
    close = ("month", "close", "--plan", "small", "--out-of-order")
    said = cli(*close, "2025-02")
    assert (said.code, LISTED in said.out) == (0, False), "nothing is on its way"
    made = payouts.make(owed, "march", "USD", who=ANNA)
    assert uncleared(owed) == [], "a draft has moved nothing"
    payouts.approve(owed, "march", who=BORIS)

    said = cli(*close, "2025-04")
    [row] = [line for line in said.out.splitlines() if "clearing:payout/march" in line]
    assert LISTED in said.out
    for told in (format_minor(made["amount_minor"], "USD"), "anna + boris", "graphsvc payout sent"):
        assert told in row
    payouts.send(owed, "march", who=ANNA)
    failed = payouts.payouts(owed, "march")[0]
    payouts.fail(owed, failed["id"], reason="account closed", who=ANNA)
    [left] = uncleared(owed)
    assert left.balance.amount_minor == made["amount_minor"] - failed["amount_minor"]

    said = cli(*close, "2025-05")
    assert said.code == 0
    assert LISTED in said.out
    assert "graphsvc payout settled" in said.out
    assert LISTED in cli("ledger", "verify").out
    payouts.settle(owed, "march", who=ANNA)
    assert uncleared(owed) == []
    assert LISTED not in cli(*close, "2025-06").out
    assert LISTED not in cli("ledger", "verify").out
    proved = ledger.verify(owed)
    assert (proved.holds, proved.uncleared) == (True, [])


def test_every_run_leaves_its_clearing_account_at_zero(owed: Database) -> None:
    """What the bonuses cost went to partners to the last cent, month by month."""
    found = {one.account: one for one in ledger.balances(owed) if one.is_clearing}
    assert len(found) == 2
    assert {(one.amount_minor, one.postings > 1) for one in found.values()} == {(0, True)}
