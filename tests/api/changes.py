"""Every operation that changes something: a request, another one like it, what it needs, and how often it was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from graphsvc import corrections, month, payouts
from graphsvc.month import Approval
from graphsvc.payouts import destinations, holds
from graphsvc.people import Who
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.month import small

MONTHS = "/v1/plans/small/months"
NEW = {"id": "N", "joined_at": "2025-03-01", "sponsor_id": "C"}


@dataclass(frozen=True)
class Case:
    """A request, another one that may not go under its key, how often what it does was done, and what has to be there before.

    Paths may name what the preparation made, such as {run}.
    """

    path: str
    body: Any
    other_path: str
    other_body: Any
    effects: str
    prepare: Callable[[Database], dict[str, str]] = lambda _: {}

    def made(self, database: Database) -> Case:
        """The case, once what it needs is there."""
        names = self.prepare(database)
        return replace(self, path=self.path.format(**names), other_path=self.other_path.format(**names))


def ready(database: Database) -> dict[str, str]:
    """March is computed and waits to be approved."""
    options: dict[str, Any] = {"actor": "cli:zoe", "person": "zoe", "out_of_order": True}
    return {"run": month.close(database, "2025-03", "small", approval=Approval.ANYBODY, **options).run_id}


def owed(database: Database) -> dict[str, str]:
    """March is closed, and A and B have an account."""
    month.close(database, "2025-03", "small", actor="cli:zoe", out_of_order=True)
    for partner in ("A", "B"):
        account = f"DE00 1000 {partner.rjust(4, '0')}"
        destinations.set_destination(database, partner, "bank_account", account, f"tok_{partner}", key=KEY, actor="cli:zoe")
    return {}


def sold(database: Database) -> dict[str, str]:
    """An order, by its id."""
    owed(database)
    return {"order": "B-2"}


def drawn(database: Database) -> dict[str, str]:
    """A batch waits for a second person."""
    owed(database)
    payouts.make(database, "march", "USD", who=ZOE)
    return {}


def approved(database: Database) -> dict[str, str]:
    """It was approved."""
    drawn(database)
    payouts.approve(database, "march", who=MAX)
    return {}


def handed_over(database: Database) -> dict[str, str]:
    """It was sent."""
    approved(database)
    payouts.send(database, "march", who=MAX)
    return {}


def arrived(database: Database) -> dict[str, str]:
    """It was settled."""
    handed_over(database)
    payouts.settle(database, "march", who=MAX)
    return {}


def holding(database: Database) -> dict[str, str]:
    """One line of A is held."""
    owed(database)
    line = holds.Line("A", "2025-03", "team", 1)
    holds.place(database, "h0", line, 1, reason="a card", public_reason="An order.", actor="cli:zoe")
    return {}


def moved(database: Database) -> dict[str, str]:
    """March is closed, and what it should have been is another plan version's word."""
    owed(database)
    team, orders = small.PLAN["bonuses"]
    raised = team | {"levels": [team["levels"][0] | {"rate": "6%"}, *team["levels"][1:]]}
    store.publish(database, small.plan(version=2, valid_from="2026-01-01", bonuses=[raised, orders]))
    return {}


def proposed(database: Database) -> dict[str, str]:
    """A correction waits for a second person."""
    moved(database)
    corrections.propose(database, "fix", "2025-03", "small", reason="6 percent", version=2, who=ZOE)
    return {}


ZOE, MAX = Who("cli:zoe", "zoe"), Who("cli:max", "max")
KEY = b"a key of the tests, long enough for anybody"
BATCHES = "/v1/payout-batches"
FIXES = "/v1/corrections"
FIX = {"id": "fix", "plan": "small", "month": "2025-03", "version": 2, "reason": "6 percent"}
BATCH_STATE = "MATCH (b:PayoutBatch {{id: 'march', state: '{}'}}) RETURN count(b) AS n"
HOLD = {"month": "2025-03", "bonus": "team", "level": 1, "amount_minor": 1, "reason": "a card", "public_reason": "An order."}
ENDED = {"partner_id": "A", "reason": "account closed"}
ACCOUNT = {"kind": "card", "value": "4111 1111 1111 1111", "token": "tok_9"}

CASES = {
    "approveMonth": Case(
        f"{MONTHS}/2025-03/approve",
        {},
        f"{MONTHS}/2025-01/approve",
        {},
        "MATCH (p:Period {month: '2025-03', status: 'closed'}) RETURN count(p) AS n",
        ready,
    ),
    "discardRun": Case(
        "/v1/runs/{run}/discard",
        None,
        "/v1/runs/run-1/discard",
        None,
        "MATCH (r:Run {state: 'discarded'}) RETURN count(r) AS n",
        ready,
    ),
    "recalculateMonth": Case(
        f"{MONTHS}/2025-03/recalculate",
        {},
        f"{MONTHS}/2025-03/recalculate",
        {"version": 1},
        "MATCH (r:Run {kind: 'what_if', state: 'done'}) RETURN count(r) AS n",
        owed,
    ),
    "lookAtRefund": Case(
        "/v1/orders/{order}/impact",
        {"plan": "small"},
        "/v1/orders/{order}/impact",
        {"plan": "small", "amount_minor": 1},
        "MATCH (r:Run {state: 'done'}) WHERE r.outcome IS NOT NULL RETURN count(r) AS n",
        sold,
    ),
    "proposeCorrection": Case(
        FIXES,
        FIX,
        FIXES,
        FIX | {"partners": ["A"]},
        "MATCH (c:Correction {state: 'proposed'}) RETURN count(c) AS n",
        moved,
    ),
    "approveCorrection": Case(
        f"{FIXES}/fix/approve",
        None,
        f"{FIXES}/fx/approve",
        None,
        "MATCH (e:LedgerEntry {kind: 'correction'}) WHERE e.block = -1 RETURN count(e) AS n",
        proposed,
    ),
    "withdrawCorrection": Case(
        f"{FIXES}/fix/withdraw",
        {"reason": "no"},
        f"{FIXES}/fix/withdraw",
        {"reason": "never"},
        "MATCH (c:Correction {state: 'withdrawn'}) RETURN count(c) AS n",
        proposed,
    ),
    "makePayoutBatch": Case(
        BATCHES,
        {"id": "march", "currency": "USD"},
        BATCHES,
        {"id": "april", "currency": "USD"},
        "MATCH (b:PayoutBatch) RETURN count(b) AS n",
        owed,
    ),
    "approvePayoutBatch": Case(
        f"{BATCHES}/march/approve", None, f"{BATCHES}/april/approve", None, BATCH_STATE.format("approved"), drawn
    ),
    "discardPayoutBatch": Case(
        f"{BATCHES}/march/discard", None, f"{BATCHES}/april/discard", None, BATCH_STATE.format("discarded"), drawn
    ),
    "sendPayoutBatch": Case(f"{BATCHES}/march/sent", None, f"{BATCHES}/april/sent", None, BATCH_STATE.format("sent"), approved),
    "settlePayoutBatch": Case(
        f"{BATCHES}/march/settled",
        None,
        f"{BATCHES}/april/settled",
        None,
        "MATCH (e:LedgerEntry {kind: 'payout-settled'}) RETURN count(e) AS n",
        handed_over,
    ),
    "failPayout": Case(
        f"{BATCHES}/march/failed",
        ENDED,
        f"{BATCHES}/march/failed",
        ENDED | {"partner_id": "B"},
        "MATCH (e:LedgerEntry {kind: 'payout-failed'}) RETURN count(e) AS n",
        handed_over,
    ),
    "returnPayout": Case(
        f"{BATCHES}/march/returned",
        ENDED,
        f"{BATCHES}/march/returned",
        ENDED | {"partner_id": "B"},
        "MATCH (e:LedgerEntry {kind: 'payout-returned'}) RETURN count(e) AS n",
        arrived,
    ),
    "setDestination": Case(
        "/v1/partners/A/destinations",
        ACCOUNT,
        "/v1/partners/B/destinations",
        ACCOUNT,
        "MATCH (d:Destination) RETURN count(d) AS n",
    ),
    "placeHold": Case(
        "/v1/partners/A/holds",
        HOLD | {"id": "h1"},
        "/v1/partners/A/holds",
        HOLD | {"id": "h2"},
        "MATCH (h:Hold {state: 'placed'}) RETURN count(h) AS n",
        owed,
    ),
    "releaseHold": Case(
        "/v1/partners/A/holds/h0/release",
        None,
        "/v1/partners/A/holds/h1/release",
        None,
        "MATCH (h:Hold {state: 'released'}) RETURN count(h) AS n",
        holding,
    ),
    "createPartner": Case(
        "/v1/partners", NEW, "/v1/partners", NEW | {"name": "Nora"}, "MATCH (p:Partner) WHERE p.id = 'N' RETURN count(p) AS n"
    ),
    "placePartner": Case(
        "/v1/partners/B/places",
        {"plan": "placed", "tree": "legs"},
        "/v1/partners/E/places",
        {"plan": "placed", "tree": "legs"},
        "MATCH (:Partner {id: 'B'})-[e:PLACED_UNDER]->() RETURN count(e) AS n",
    ),
    "closeMonth": Case(
        f"{MONTHS}/2025-03/close",
        {"out_of_order": True},
        f"{MONTHS}/2025-03/close",
        {},
        "MATCH (r:Run {kind: 'official'}) RETURN count(r) AS n",
    ),
    "previewMonth": Case(
        f"{MONTHS}/2025-03/preview",
        None,
        f"{MONTHS}/2025-01/preview",
        None,
        "MATCH (r:Run {kind: 'preview', state: 'done'}) RETURN count(r) AS n",
    ),
}
