"""Whatever happens in whichever order, nothing is made and nothing is lost.

Many small companies live in one graph through three months: late orders, part refunds, runs that are thrown away, holds, payouts
of two balances that fail or come back, corrections of closed months, and everything asked for twice. After each act what every
partner is owed is what its lines come to, less what was paid out, and the ledger says the same.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from graphsvc import corrections, earnings, explain, ledger, month, payouts
from graphsvc.errors import Code, Refused
from graphsvc.imports import ImportFiles, import_files
from graphsvc.month import Approval
from graphsvc.payouts import destinations, holds, trace
from graphsvc.people import Who
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests import chance
from tests.graphs import IDENTIFIER_KEY, build
from tests.month import small
from tests.month.plans import VOLUMES
from tests.records import Network, Order, Partner, Refund

HISTORIES = 300
ROUNDS = chance.cases(1)
MONTHS = ("2025-01", "2025-02", "2025-03")
WITH_ACCOUNT = 400
BALANCES = ("main", "savings")
SPLITS = [{"balance": "savings", "rate": "12.5%"}]
CORRECTED = small.PLAN["bonuses"][0] | {"levels": [{"rate": "4%", "opens": "active"}, {"rate": "3.3%", "opens": "active"}]}
ANNA, BORIS = Who("cli:anna", "anna"), Who("cli:boris", "boris")
RULES: list[dict[str, Any]] = [
    {"refunds": refunds, "late_orders": late, "refunds_belong_to": belong}
    for refunds in ("net", "reverse")
    for late in ("now", "then")
    for belong in ("own_period", "order_period")
]


def history(rng: Random) -> Network:
    """One small company: a tree, orders of three months, some recorded late, and refunds of some of them."""
    partners = [Partner("P0")]
    for n in range(1, rng.randrange(2, 8)):
        partners.append(Partner(f"P{n}", rng.choice(partners).id, status=rng.choice(["active"] * 7 + ["suspended"])))
    made = Network(partners)
    for n in range(rng.randrange(1, 9)):
        first, recorded = rng.randrange(3), rng.randrange(3)
        amount = rng.choice([1, 33, 999, 5_000, rng.randrange(1, 300_000)])
        day = dt.date(2025, first + 1, rng.randrange(1, 28))
        made.orders.append(Order(f"O{n}", rng.choice(partners).id, amount, paid_at=f"{day}", recorded=recorded))
        left = amount
        for part in range(rng.choice([0, 0, 1, 2])):
            given = rng.choice([left, rng.randrange(1, left + 1)])
            later = dt.date(2025, rng.randrange(first, 3) + 1, rng.randrange(1, 28))
            made.refunds.append(Refund(f"O{n}-R{part}", f"O{n}", f"{later}", given, rng.randrange(recorded, 3)))
            left -= given
            if not left:
                break
    return made


class Company:
    """What has to be there: what every partner's lines came to and what was paid to it, kept apart from the ledger."""

    def __init__(self, database: Database, rng: Random) -> None:
        self.database, self.rng = database, rng
        self.earned: Counter[str] = Counter()
        self.paid: Counter[str] = Counter()
        self.outstanding: Counter[str] = Counter()
        self.taken_back = self.corrections = 0

    def check(self) -> None:
        proved = ledger.verify(self.database)
        assert (proved.fault, proved.unbalanced) == (None, [])
        found = {one.account: one.amount_minor for one in ledger.balances(self.database, each=True)}
        owed: Counter[str] = Counter()
        for account, amount in found.items():
            if account.startswith("payable/"):
                owed[account.partition(":")[2]] += amount
        wanted = {partner: self.earned[partner] - self.paid[partner] for partner in self.earned}
        assert {p: amount for p, amount in owed.items() if amount} == {p: amount for p, amount in wanted.items() if amount}
        clearing = {account: amount for account, amount in found.items() if account.startswith("clearing:") and amount}
        assert clearing == {f"clearing:payout/{batch}": amount for batch, amount in self.outstanding.items() if amount}
        assert found.get("bank", 0) == sum(self.paid.values()) - sum(self.outstanding.values())

    def close(self, name: str) -> None:
        options: dict[str, Any] = {"actor": "cli:anna", "person": "anna", "out_of_order": True}
        if self.rng.random() < 0.5:
            ready = month.close(self.database, name, "small", approval=Approval.SECOND_PERSON, **options)
            self.check()
            assert month.discard(self.database, name, "small", who=ANNA) == ready.run_id
            self.check()
        if self.rng.random() < 0.5:
            month.close(self.database, name, "small", approval=Approval.SECOND_PERSON, **options)
            month.approve(self.database, name, "small", who=BORIS)
        else:
            month.close(self.database, name, "small", **options)
        with pytest.raises(Refused) as refused:
            month.close(self.database, name, "small", **options)
        assert refused.value.code is Code.MONTH_CLOSED
        for line in earnings.lines(self.database, name):
            self.earned[line["partner_id"]] += line["amount_minor"]
            self.taken_back += line["amount_minor"] < 0
        assert explain.verify(self.database, name, "small").holds
        self.check()

    def hold(self, name: str) -> int:
        lines = [line for line in earnings.lines(self.database, name) if line["amount_minor"] > 1]
        placed = 0
        for number, line in enumerate(self.rng.sample(lines, min(10, len(lines)))):
            named = holds.Line(line["partner_id"], name, line["bonus"], line["level"], "small", line["class"], line["source_id"])
            why = {"reason": "a card", "public_reason": "An order.", "actor": "cli:anna"}
            try:
                holds.place(self.database, f"{name}-{number}", named, self.rng.randrange(1, line["amount_minor"] + 1), **why)
            except Refused as refused:
                if refused.code is not Code.HOLD_UNFIT:
                    raise
                continue
            placed += 1
            if self.rng.random() < 0.3:
                holds.release(self.database, f"{name}-{number}", actor="cli:boris")
        return placed

    def correct(self, name: str) -> int:
        """Correct a closed month by another version of the plan, or by that again as it was; how many lines changed."""
        version = self.rng.choice([1, 2]) if self.corrections else 2
        asked: dict[str, Any] = {"reason": "the rates were wrong", "who": ANNA, "version": version}
        some = self.rng.sample(sorted(self.earned), len(self.earned) // 2)
        changed = 0
        for partners in (some, []):
            self.corrections += 1
            correction_id = f"{name}-{self.corrections}"
            try:
                corrections.propose(self.database, correction_id, name, "small", partners=partners, **asked)
            except Refused as refused:
                if refused.code is not Code.CORRECTION_EMPTY:
                    raise
                continue
            self.check()
            if partners and self.rng.random() < 0.3:
                corrections.withdraw(self.database, correction_id, reason="not now", who=BORIS)
                continue
            for _ in range(2):
                corrections.approve(self.database, correction_id, who=BORIS)
            rows = corrections.lines(self.database, correction_id, limit=20_000)
            changed += len(rows)
            for row in rows:
                self.earned[row["partner_id"]] += row["difference_minor"]
            self.check()
        assert not list(corrections.faults(self.database))
        return changed

    def pay(self, batch_id: str, balance: str) -> None:
        asked: dict[str, Any] = {"balance": balance, "who": ANNA}
        made = payouts.make(self.database, batch_id, "USD", **asked)
        self.check()
        if self.rng.random() < 0.3:
            payouts.discard(self.database, batch_id)
            self.check()
            batch_id += "-again"
            made = payouts.make(self.database, batch_id, "USD", **asked)
        for _ in range(2):
            payouts.approve(self.database, batch_id, who=BORIS)
        rows = payouts.payouts(self.database, batch_id, limit=20_000)
        for row in rows:
            assert row["amount_minor"] > 0
            self.paid[row["partner_id"]] += row["amount_minor"]
        assert made["amount_minor"] == sum(row["amount_minor"] for row in rows)
        self.outstanding[batch_id] = made["amount_minor"]
        self.check()
        assert trace.verify(self.database, batch_id) == len(rows)
        payouts.send(self.database, batch_id, who=ANNA)
        failing = self.rng.sample(rows, min(5, len(rows)))
        for row in failing:
            payouts.fail(self.database, row["id"], reason="account closed", who=ANNA)
            self._back(row)
            self.outstanding[batch_id] -= row["amount_minor"]
        self.check()
        for _ in range(2):
            payouts.settle(self.database, batch_id, who=ANNA)
        self.outstanding[batch_id] = 0
        self.check()
        arrived = [row for row in rows if row not in failing]
        for row in self.rng.sample(arrived, min(3, len(arrived))):
            for _ in range(2):
                payouts.take_back(self.database, row["id"], reason="unknown payee", who=ANNA)
            self._back(row)
        self.check()

    def _back(self, row: dict[str, Any]) -> None:
        self.paid[row["partner_id"]] -= row["amount_minor"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_nothing_is_made_and_nothing_is_lost(
    number: int, database: Database, tmp_path: Path, record_property: Callable[..., None]
) -> None:
    rng = chance.rng(f"conservation {number}")
    network = sum((history(rng).renamed(f"h{n}-") for n in range(HISTORIES)), Network())
    rules, splits = rng.choice(RULES), rng.choice([[], SPLITS, SPLITS])
    plan: dict[str, Any] = {"volumes": VOLUMES | rules} | ({"splits": splits} if splits else {})
    build(database, network.known(0), tmp_path)
    store.publish(database, small.plan(**plan))
    store.publish(
        database, small.plan(version=2, valid_from="2026-01-01", bonuses=[CORRECTED, *small.PLAN["bonuses"][1:]], **plan)
    )
    for partner in rng.sample(network.partners, min(WITH_ACCOUNT, len(network.partners))):
        account = f"DE00 {partner.id.rjust(12, '0')}"
        destinations.set_destination(database, partner.id, "bank_account", account, "tok", key=IDENTIFIER_KEY, actor="cli:anna")
    company, placed, changed = Company(database, rng), 0, 0
    for closed, name in enumerate(MONTHS):
        if closed:
            files = ImportFiles(**network.sent(closed).write(tmp_path / f"{closed}"))
            import_files(database, files, update=False, identifier_key=IDENTIFIER_KEY)
        company.close(name)
        placed += company.hold(name)
        for balance in BALANCES[: 1 + len(splits)]:
            company.pay(f"after-{name}-{balance}", balance)
        if closed:
            changed += company.correct(rng.choice(MONTHS[: closed + 1]))
    company.pay("at-last", "main")
    assert placed, "no hold was placed"
    assert changed, "nothing was corrected"
    assert company.taken_back, "no line took anything back"
    told = f"{HISTORIES} histories, {rules}, {'split' if splits else 'not split'}, {changed} lines corrected"
    record_property(chance.TOLD, f"{told}: {sum(company.paid.values())} paid of {sum(company.earned.values())}")
