"""Batches of payouts: one person makes one, another approves it. Each step asked for twice changes nothing the second time."""

from __future__ import annotations

from typing import Any

from flask import g

from api import pagination
from api.fields import day
from api.noun import Noun
from api.schemas import payouts as schemas
from api.state import database, note_head, worker
from graphsvc import payouts
from graphsvc.ledger.accounts import MAIN

noun = Noun("payouts", "Batches of payouts: one person makes one, another approves it.")

_BATCH = {
    "id": "2025-04",
    "state": "draft",
    "currency": "USD",
    "balance": "main",
    "day": "2025-04-15",
    "minimum_minor": 1_000,
    "payouts": 2,
    "amount_minor": 12_300,
    "left_out": [{"reason": "minimum", "partners": 7, "amount_minor": 2_345}],
    "person": "anna",
    "made_at": "2025-04-15T06:00:00Z",
    "approver_person": None,
    "approved_at": None,
    "sent_at": None,
    "settled_at": None,
    "digest": "0f" * 32,
}
_PAYOUT = {
    "id": "2025-04/P-2",
    "partner_id": "P-2",
    "amount_minor": 6_000,
    "currency": "USD",
    "state": "draft",
    "reason": None,
    "destination_kind": "bank_account",
    "destination": "•••3000",
}
_ONE = "/payout-batches/<text:batch_id>"


@noun.operation(
    "POST",
    "/payout-batches",
    "makePayoutBatch",
    body=schemas.NewBatch,
    body_example={"id": "2025-04", "currency": "USD"},
    returns=schemas.Batch,
    example=_BATCH,
    status=202,
    refuses=(409,),
)
def make(_: dict[str, Any], body: dict[str, Any]) -> Any:
    """Draw a batch of everything in a currency that is available on one of the partners' balances.

    Answers once it is begun: in the state `making` it is still drawn, and is followed by asking for it; the same request again
    goes on with what was interrupted.
    """
    balance = body.get("balance", MAIN)
    return worker().make_payouts(body["id"], body["currency"], balance, day(body, "day"), who=g.caller.who)


@noun.operation(
    "GET",
    "/payout-batches",
    "listPayoutBatches",
    query=schemas.BatchesQuery,
    returns=schemas.BatchList,
    example={"items": [_BATCH]},
)
def listing(question: dict[str, Any]) -> dict[str, Any]:
    """The newest batches, newest first."""
    return {"items": payouts.batches(database(), limit=question.get("limit", 100))}


@noun.operation("GET", _ONE, "getPayoutBatch", returns=schemas.Batch, example=_BATCH, refuses=(404,))
def get(_: dict[str, Any], batch_id: str) -> Any:
    """One batch."""
    return payouts.batch(database(), batch_id)


@noun.operation(
    "GET",
    f"{_ONE}/payouts",
    "listPayouts",
    query=schemas.PayoutsQuery,
    returns=schemas.PayoutPage,
    example={"items": [_PAYOUT], "next": None},
    refuses=(404,),
)
def of_batch(question: dict[str, Any], batch_id: str) -> dict[str, Any]:
    """The payouts of a batch, by partner."""
    after = pagination.position(question, str)
    rows = payouts.payouts(database(), batch_id, after=after[0] if after else "", limit=pagination.limit(question) + 1)
    return pagination.page(question, rows, lambda row: [row["partner_id"]])


@noun.operation(
    "POST",
    f"{_ONE}/approve",
    "approvePayoutBatch",
    returns=schemas.Batch,
    example=_BATCH | {"state": "approved", "approver_person": "boris", "approved_at": "2025-04-15T09:00:00Z"},
    refuses=(404, 409),
)
def approve(_: dict[str, Any], batch_id: str) -> Any:
    """Approve a draft that another person made; its money leaves what partners are owed."""
    return note_head(payouts.approve(database(), batch_id, who=g.caller.who))


@noun.operation(
    "POST",
    f"{_ONE}/discard",
    "discardPayoutBatch",
    returns=schemas.Batch,
    example=_BATCH | {"state": "discarded"},
    refuses=(404, 409),
)
def discard(_: dict[str, Any], batch_id: str) -> Any:
    """Give a batch up that was never approved."""
    return payouts.discard(database(), batch_id)


@noun.operation(
    "POST", f"{_ONE}/sent", "sendPayoutBatch", returns=schemas.Batch, example=_BATCH | {"state": "sent"}, refuses=(404, 409)
)
def sent(_: dict[str, Any], batch_id: str) -> Any:
    """Say that an approved batch was handed to the bank."""
    return payouts.send(database(), batch_id, who=g.caller.who)


@noun.operation(
    "POST",
    f"{_ONE}/settled",
    "settlePayoutBatch",
    returns=schemas.Batch,
    example=_BATCH | {"state": "settled"},
    refuses=(404, 409),
)
def settled(_: dict[str, Any], batch_id: str) -> Any:
    """Say that all of a sent batch that did not fail has arrived; periods that it paid whole are paid."""
    return note_head(payouts.settle(database(), batch_id, who=g.caller.who))


@noun.operation(
    "POST",
    f"{_ONE}/failed",
    "failPayout",
    body=schemas.Ended,
    body_example={"partner_id": "P-2", "reason": "account closed"},
    returns=schemas.Payout,
    example=_PAYOUT | {"state": "failed", "reason": "account closed"},
    refuses=(404, 409),
)
def failed(_: dict[str, Any], body: dict[str, Any], batch_id: str) -> Any:
    """Say that a payout of a sent batch did not go through: its money is owed again."""
    payout_id = f"{batch_id}/{body['partner_id']}"
    return note_head(payouts.fail(database(), payout_id, reason=body["reason"], who=g.caller.who))


@noun.operation(
    "POST",
    f"{_ONE}/returned",
    "returnPayout",
    body=schemas.Ended,
    body_example={"partner_id": "P-2", "reason": "unknown payee"},
    returns=schemas.Payout,
    example=_PAYOUT | {"state": "returned", "reason": "unknown payee"},
    refuses=(404, 409),
)
def returned(_: dict[str, Any], body: dict[str, Any], batch_id: str) -> Any:
    """Say that a settled payout came back: its money is owed again."""
    payout_id = f"{batch_id}/{body['partner_id']}"
    return note_head(payouts.take_back(database(), payout_id, reason=body["reason"], who=g.caller.who))
