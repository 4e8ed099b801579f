"""A batch pays exactly what is owed, once, and only if two people want it."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from graphsvc import ledger, month, payouts
from graphsvc.errors import Code, GraphsvcError, Refused
from graphsvc.payouts import standing
from graphsvc.payouts.export import exported
from graphsvc.people import Who
from graphsvc.query.runner import Database
from tests import chance
from tests.month import small
from tests.month.conftest import Said
from tests.payouts.conftest import ANNA, BORIS, PARTNERS, close, give_destinations

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]


def available(database: Database, *partners: str) -> dict[str, int]:
    return {p: sum(row["available_minor"] for row in standing.balance(database, p)) for p in partners}


def paid(database: Database, batch_id: str) -> dict[str, int]:
    return {row["partner_id"]: row["amount_minor"] for row in payouts.payouts(database, batch_id)}


def test_a_batch_pays_all_that_is_available_and_then_nothing_is(owed: Database) -> None:
    before = available(owed, *PARTNERS)
    made = payouts.make(owed, "march", "USD", who=ANNA)
    assert (made["state"], made["person"]) == ("draft", "anna")
    assert paid(owed, "march") == {p: amount for p, amount in before.items() if amount > 0}
    assert made["amount_minor"] == sum(paid(owed, "march").values())
    assert available(owed, *PARTNERS) == before, "a draft has paid nothing"
    approved = payouts.approve(owed, "march", who=BORIS)
    assert (approved["state"], approved["approver_person"]) == ("approved", "boris")
    assert set(available(owed, *PARTNERS).values()) == {0}
    accounts = {one.account: one.amount_minor for one in ledger.balances(owed)}
    assert accounts["clearing:payout/march"] == made["amount_minor"]
    assert payouts.send(owed, "march", who=ANNA)["state"] == "sent"
    assert payouts.settle(owed, "march", who=ANNA)["state"] == "settled"
    accounts = {one.account: one.amount_minor for one in ledger.balances(owed)}
    assert (accounts["clearing:payout/march"], accounts["bank"]) == (0, made["amount_minor"])
    proved = ledger.verify(owed)
    assert (proved.holds, proved.uncleared) == (True, [])
    assert {row["status"] for row in month.months(owed, "small")} == {"paid"}
    again = payouts.make(owed, "april", "USD", who=ANNA)
    assert (again["payouts"], again["amount_minor"]) == (0, 0)


def test_a_paid_period_is_as_closed_as_before(owed: Database) -> None:
    payouts.make(owed, "march", "USD", who=ANNA)
    payouts.approve(owed, "march", who=BORIS)
    payouts.send(owed, "march", who=ANNA)
    payouts.settle(owed, "march", who=ANNA)
    with pytest.raises(Refused) as refused:
        month.close(owed, "2025-03", "small", actor="anna")
    assert refused.value.code is Code.MONTH_CLOSED
    month.close(owed, "2025-04", "small", actor="anna", out_of_order=True)
    assert {row["month"]: row["status"] for row in month.months(owed, "small")} == {
        "2025-04": "closed",
        "2025-03": "paid",
        "2025-01": "paid",
    }


@pytest.mark.parametrize("who", [ANNA, Who("0123456789ab", "anna"), Who("cli:Anna", "anna"), Who("0123456789ab", "")])
def test_who_made_a_batch_cannot_approve_it_under_any_account(owed: Database, who: Who) -> None:
    payouts.make(owed, "march", "USD", who=ANNA)
    with pytest.raises(Refused) as refused:
        payouts.approve(owed, "march", who=who)
    assert refused.value.code is (Code.SECOND_PERSON if who.person else Code.PERSON_MISSING)
    assert payouts.batch(owed, "march")["state"] == "draft"
    assert payouts.approve(owed, "march", who=BORIS)["state"] == "approved"


def test_a_key_of_nobody_makes_no_batch(owed: Database) -> None:
    with pytest.raises(Refused) as refused:
        payouts.make(owed, "march", "USD", who=Who("0123456789ab", ""))
    assert refused.value.code is Code.PERSON_MISSING
    assert payouts.batches(owed) == []


@pytest.mark.parametrize("number", range(chance.cases(3)))
def test_no_race_lets_one_person_through_and_one_approval_wins(owed: Database, number: int) -> None:
    """Makers, approvers and discarders at once, of two people: whoever approves is never the maker, and money leaves once."""
    draw = random.Random(chance.rng(f"two people {number}").random())
    start, said = threading.Barrier(12, timeout=60), list[str]()
    acts = [(act, who) for who in (ANNA, BORIS) for act in ("make", "approve", "approve", "make", "discard", "approve")]
    draw.shuffle(acts)

    def one(act: str, who: Who) -> None:
        start.wait()
        try:
            if act == "make":
                payouts.make(owed, "march", "USD", who=who)
            elif act == "approve":
                payouts.approve(owed, "march", who=who)
            else:
                payouts.discard(owed, "march")
        except GraphsvcError as error:
            said.append(str(getattr(error, "code", error)))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda pair: one(*pair), acts))
    found = payouts.batch(owed, "march")
    assert found["state"] in ("draft", "approved", "discarded"), (found, said)
    if found["state"] == "approved":
        assert {found["person"], found["approver_person"]} == {"anna", "boris"}
        assert set(available(owed, *PARTNERS).values()) == {0}
    else:
        assert found["approver_person"] is None
        assert sum(available(owed, *PARTNERS).values()) > 0
    proved = ledger.verify(owed)
    assert proved.holds
    assert sum(one.amount_minor for one in proved.balances if one.account == "clearing:payout/march") == (
        found["amount_minor"] if found["state"] == "approved" else 0
    )


def test_there_is_one_draft_of_a_currency_at_a_time(owed: Database) -> None:
    payouts.make(owed, "march", "USD", who=ANNA)
    with pytest.raises(Refused) as refused:
        payouts.make(owed, "april", "USD", who=BORIS)
    assert (refused.value.code, "march" in refused.value.sentence) == (Code.PAYOUT_DRAFT, True)
    assert payouts.make(owed, "yen", "JPY", who=BORIS)["payouts"] == 0
    payouts.discard(owed, "march")
    assert payouts.make(owed, "april", "USD", who=BORIS)["payouts"] > 0


def test_the_same_id_again_is_the_same_batch_and_another_batch_needs_another(owed: Database) -> None:
    made = payouts.make(owed, "march", "USD", day=dt.date(2025, 5, 1), who=ANNA)
    assert payouts.make(owed, "march", "USD", day=dt.date(2025, 5, 1), who=BORIS) == made
    with pytest.raises(Refused) as refused:
        payouts.make(owed, "march", "USD", day=dt.date(2025, 5, 2), who=ANNA)
    assert refused.value.code is Code.DUPLICATE
    with pytest.raises(Refused) as refused:
        payouts.make(owed, "a/b", "USD", who=ANNA)
    assert refused.value.code is Code.BAD_INPUT


def test_a_batch_whose_making_was_cut_off_is_made_anew_by_the_same_id(
    owed: Database, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = payouts.make(owed, "march", "USD", who=ANNA)
    payouts.discard(owed, "march")
    for query in ("payouts.draw", "ledger.stage", "payouts.finish"):
        with pytest.raises(small.Interrupted):
            payouts.make(_Dying(owed, query), f"cut-{query}", "USD", who=ANNA)  # type: ignore[arg-type]
        assert payouts.batch(owed, f"cut-{query}")["state"] == "making"
        with pytest.raises(Refused) as refused:
            payouts.make(owed, f"cut-{query}", "USD", who=ANNA)
        assert refused.value.code is Code.BUSY, "its maker may still be alive"
        ask("MATCH (b:PayoutBatch) SET b.lease_until = datetime.realtime()")
        made = payouts.make(owed, f"cut-{query}", "USD", who=ANNA)
        assert (made["digest"], made["amount_minor"], made["state"]) == (
            whole["digest"],
            whole["amount_minor"],
            "draft",
        )
        payouts.discard(owed, f"cut-{query}")
    assert ask("MATCH (p:Payout) RETURN count(p) AS n")[0]["n"] == 0
    assert ask("MATCH (e:LedgerEntry) WHERE e.sequence IS NULL RETURN count(e) AS n")[0]["n"] == 0


class _Dying:
    """A database that fails after the first transaction with a certain query was committed."""

    def __init__(self, database: Database, query: str) -> None:
        self.database, self.query = database, query

    def run(self, name: str, /, **params: Any) -> Any:
        found = self.database.run(name, **params)
        self._die(name)
        return found

    def one(self, name: str, /, **params: Any) -> Any:
        if name == self.query:
            raise small.Interrupted
        return self.database.one(name, **params)

    def transact(self, work: Any, **options: Any) -> Any:
        seen = []

        def watched(tx: Any) -> Any:
            class Watching:
                def run(self, name: str, /, **params: Any) -> Any:
                    seen.append(name)
                    return tx.run(name, **params)

                def one(self, name: str, /, **params: Any) -> Any:
                    seen.append(name)
                    return tx.one(name, **params)

            return work(Watching())

        found = self.database.transact(watched, **options)
        for name in seen:
            self._die(name)
        return found

    def _die(self, name: str) -> None:
        if name == self.query:
            raise small.Interrupted


def test_what_waits_for_hold_days_or_is_too_little_or_has_nowhere_to_go_is_left_out(database: Database, tmp_path: Path) -> None:
    document = small.plan(payouts={"hold_days": 14, "minimum": 2})
    close(database, tmp_path, "2025-01", "2025-03", document=document)
    give_destinations(database, "A", "B", "C", "F", "H")
    early = payouts.make(database, "early", "USD", day=dt.date(2025, 2, 14), who=ANNA)
    assert (early["payouts"], early["amount_minor"]) == (0, 0)
    payouts.discard(database, "early")
    rows = {p: standing.balance(database, p, day=dt.date(2025, 4, 14)) for p in (*PARTNERS, "E", "G", "I", "J")}
    balances = {p: found[0] for p, found in rows.items() if found}
    assert all(row["waiting_minor"] == 0 or str(row["next_on"]) == "2025-04-15" for row in balances.values())
    made = payouts.make(database, "mid", "USD", day=dt.date(2025, 4, 14), who=ANNA)
    wanted = {p: row["available_minor"] for p, row in balances.items() if row["available_minor"] >= 200 and p in "ABCFH"}
    assert paid(database, "mid") == wanted
    assert wanted, "somebody is paid"
    little = [row["available_minor"] for row in balances.values() if 0 < row["available_minor"] < 200]
    view = payouts.batch(database, "mid")["left_out"]
    assert view["minimum"] == {"partners": len(little), "amount_minor": sum(little)}
    payouts.approve(database, "mid", who=BORIS)
    payouts.send(database, "mid", who=ANNA)
    payouts.settle(database, "mid", who=ANNA)
    assert {row["month"]: row["status"] for row in month.months(database, "small")} == {"2025-03": "closed", "2025-01": "paid"}
    late = payouts.make(database, "late", "USD", day=dt.date(2025, 4, 15), who=ANNA)
    assert late["amount_minor"] > 0
    assert made["minimum_minor"] == 200


def test_who_owes_is_not_paid_and_what_it_owes_is_carried(database: Database, tmp_path: Path) -> None:
    """A has 640 of January; February takes 480 back and adds 40 after the payout, and March's 100 go against it first."""
    text = """
A : own 20 @2025-01-05, own 20 @2025-02-03, own 20 @2025-03-03
  B : own 100 @2025-01-05, refund 60 @2025-02-11, own 20 @2025-03-05
"""
    close(database, tmp_path, "2025-01", text=text)
    give_destinations(database, "A", "B")
    payouts.make(database, "january", "USD", who=ANNA)
    payouts.approve(database, "january", who=BORIS)
    assert paid(database, "january")["A"] == 640
    month.close(database, "2025-02", "small", actor="anna")
    assert available(database, "A") == {"A": -440}
    february = payouts.make(database, "february", "USD", who=ANNA)
    assert "A" not in paid(database, "february")
    assert payouts.batch(database, "february")["left_out"]["negative"]["partners"] >= 1
    assert february["state"] == "draft"
    payouts.discard(database, "february")
    month.close(database, "2025-03", "small", actor="anna")
    earned = 100 + 20 + 40
    assert available(database, "A") == {"A": -440 + earned}


def test_payouts_that_fail_or_come_back_are_owed_again_and_paid_again(owed: Database) -> None:
    payouts.make(owed, "march", "USD", who=ANNA)
    payouts.approve(owed, "march", who=BORIS)
    with pytest.raises(Refused) as refused:
        payouts.fail(owed, "march/B", reason="account closed", who=ANNA)
    assert refused.value.code is Code.PAYOUT_STATE, "it was not sent yet"
    payouts.send(owed, "march", who=ANNA)
    amounts = paid(owed, "march")
    for _ in range(2):
        assert payouts.fail(owed, "march/B", reason="account closed", who=ANNA)["state"] == "failed"
    assert available(owed, "B") == {"B": amounts["B"]}
    payouts.settle(owed, "march", who=ANNA)
    with pytest.raises(Refused) as refused:
        payouts.take_back(owed, "march/B", reason="no", who=ANNA)
    assert refused.value.code is Code.PAYOUT_STATE
    for _ in range(2):
        assert payouts.take_back(owed, "march/A", reason="unknown payee", who=ANNA)["state"] == "returned"
    assert available(owed, "A", "B") == {"A": amounts["A"], "B": amounts["B"]}
    accounts = {one.account: one.amount_minor for one in ledger.balances(owed)}
    assert accounts["bank"] == sum(amounts.values()) - amounts["A"] - amounts["B"]
    assert accounts["clearing:payout/march"] == 0
    payouts.make(owed, "again", "USD", who=BORIS)
    assert paid(owed, "again") == {"A": amounts["A"], "B": amounts["B"]}
    assert ledger.verify(owed).holds


def test_a_drawn_payout_that_was_changed_is_not_approved(owed: Database, ask: Ask) -> None:
    payouts.make(owed, "march", "USD", who=ANNA)
    ask("MATCH (p:Payout {id: 'march/A'}) SET p.amount_minor = p.amount_minor + 1")
    with pytest.raises(Refused) as refused:
        payouts.approve(owed, "march", who=BORIS)
    assert refused.value.code is Code.PAYOUT_STALE


def test_the_commands_make_approve_and_export(owed: Database, cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    made = cli("payout", "make", "march", "--currency", "USD")
    assert (made.code, "Another person approves it" in made.out) == (0, True)
    refused = cli("payout", "approve", "march")
    assert (refused.code, "second person" in refused.sentence) == (2, True)
    early = cli("payout", "export", "march")
    assert (early.code, "second person approved" in early.sentence) == (2, True)
    monkeypatch.setattr("getpass.getuser", lambda: "boris")
    assert cli("payout", "approve", "march").code == 0
    rows = [row.split(",") for row in cli("payout", "export", "march", "--format", "csv").out.splitlines()]
    assert rows[0] == [
        "payout_id",
        "partner_id",
        "name",
        "amount",
        "currency",
        "destination_kind",
        "destination_token",
        "destination",
    ]
    told = {row[1]: row[3] for row in rows[1:]}
    assert told == {p: f"{amount // 100}.{amount % 100:02}" for p, amount in paid(owed, "march").items()}
    assert {row[6] for row in rows[1:]} == {f"tok_{p}" for p in told}
    for command in ("sent", "settled"):
        assert cli("payout", command, "march").code == 0
    assert cli("payout", "returned", "march/A", "--reason", "unknown payee").code == 0
    assert "settled" in cli("payout", "list").out
    assert "returned" in cli("payout", "show", "march").out
    assert cli("payout", "balance", "A", "--format", "csv").out.splitlines()[1].startswith("USD,")
    assert cli("ledger", "verify").code == 0
    unknown = cli("payout", "show", "mrch")
    assert (unknown.code, "march" in unknown.sentence) == (2, True)


def test_names_are_inert_in_the_export(database: Database, tmp_path: Path, ask: Ask) -> None:
    close(database, tmp_path, "2025-03")
    give_destinations(database, "A")
    ask("MATCH (p:Partner {id: 'A'}) SET p.name = '=HYPERLINK(\"x\")'")
    payouts.make(database, "march", "USD", who=ANNA)
    payouts.approve(database, "march", who=BORIS)
    assert [row["name"] for row in exported(database, "march")] == ['\'=HYPERLINK("x")']
