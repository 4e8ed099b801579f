"""What a partner is owed, where it goes, and what is held of it."""

from __future__ import annotations

from typing import Any

from flask import g

from api import pagination
from api.noun import Noun
from api.schemas import payouts as schemas
from api.state import database, identifier_key
from graphsvc.ledger import accounts
from graphsvc.payouts import destinations, holds, standing

noun = Noun("balances", "What a partner is owed, its statement, its payouts, where they go, and what is held.")

_PARTNER = "/partners/<partner:partner_id>"
_POSTING = {
    "sequence": 17,
    "entry_id": "run-4f6c8e2a9b1d3c57/0000001",
    "kind": "earnings",
    "recorded_at": "2025-04-01T06:00:00Z",
    "available_on": "2025-04-15",
    "plan": "three-level",
    "month": "2025-03",
    "account": "payable/main:P-2",
    "amount_minor": 6_000,
    "currency": "USD",
    "reason": "",
}
_PAYOUT = {
    "id": "2025-04/P-2",
    "batch_id": "2025-04",
    "day": "2025-04-15",
    "amount_minor": 6_000,
    "currency": "USD",
    "balance": "main",
    "state": "settled",
    "reason": None,
    "destination_kind": "bank_account",
    "destination": "•••3000",
}
_DESTINATION = {"number": 1, "kind": "bank_account", "destination": "•••3000", "set_at": "2025-03-01T12:00:00Z"}
_HOLD = {
    "id": "case-9",
    "month": "2025-03",
    "plan": "three-level",
    "bonus": "team",
    "level": 1,
    "class": "",
    "source_id": "",
    "amount_minor": 500,
    "currency": "USD",
    "state": "placed",
    "public_reason": "We are looking at one of the orders behind this line.",
    "placed_at": "2025-04-02T09:00:00Z",
    "released_at": None,
}


@noun.operation(
    "GET",
    f"{_PARTNER}/balance",
    "getBalance",
    returns=schemas.BalanceList,
    example={
        "items": [
            {
                "currency": "USD",
                "balance": "main",
                "owed_minor": 6_000,
                "waiting_minor": 0,
                "next_on": None,
                "held_minor": 500,
                "available_minor": 5_500,
            }
        ]
    },
)
def balance(_: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """What a partner is owed today, by currency and balance, the main one first."""
    return {"items": standing.balance(database(), partner_id)}


@noun.operation(
    "GET",
    f"{_PARTNER}/statement",
    "getStatement",
    query=schemas.PayoutsQuery,
    returns=schemas.Statement,
    example={"items": [_POSTING], "next": None},
)
def statement(question: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """A partner's postings, oldest first."""
    after = pagination.position(question, int, str)
    limit = pagination.limit(question)
    rows = accounts.page(database(), partner_id, after=after, limit=limit + 1)
    return pagination.page(question, rows, lambda row: [row["sequence"], row["account"]])


@noun.operation(
    "GET", f"{_PARTNER}/payouts", "listPartnerPayouts", returns=schemas.PartnerPayoutList, example={"items": [_PAYOUT]}
)
def paid(_: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """A partner's newest payouts, newest first."""
    return {"items": standing.paid_out(database(), partner_id)}


@noun.operation(
    "GET",
    f"{_PARTNER}/destinations",
    "listDestinations",
    returns=schemas.DestinationList,
    example={"items": [_DESTINATION]},
)
def where(_: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """Where a partner's money goes and went, newest first; never more than the last characters."""
    return {"items": destinations.destinations(database(), partner_id)}


@noun.operation(
    "POST",
    f"{_PARTNER}/destinations",
    "setDestination",
    body=schemas.NewDestination,
    body_example={"kind": "bank_account", "value": "DE89 3704 0044 0532 0130 00", "token": "tok_1"},
    returns=schemas.Destination,
    example=_DESTINATION,
    status=201,
)
def set_destination(_: dict[str, Any], body: dict[str, Any], partner_id: str) -> Any:
    """Set where a partner's money goes from the next batch on; the same again changes nothing."""
    said = body["kind"], body["value"], body["token"]
    return destinations.set_destination(database(), partner_id, *said, key=identifier_key(), actor=g.caller.key_id)


@noun.operation("GET", f"{_PARTNER}/holds", "listHolds", returns=schemas.HoldList, example={"items": [_HOLD]})
def held(_: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """What is or was held of a partner's lines, newest first, with the reason that it may read."""
    return {"items": holds.of_partner(database(), partner_id)}


@noun.operation(
    "POST",
    f"{_PARTNER}/holds",
    "placeHold",
    body=schemas.NewHold,
    body_example={
        "id": "case-9",
        "month": "2025-03",
        "bonus": "team",
        "level": 1,
        "amount_minor": 500,
        "reason": "shares a card with P-9",
        "public_reason": "We are looking at one of the orders behind this line.",
    },
    returns=schemas.Hold,
    example=_HOLD,
    status=201,
    refuses=(404, 409),
)
def place(_: dict[str, Any], body: dict[str, Any], partner_id: str) -> Any:
    """Hold part of a line of a closed month that was not paid out yet."""
    line = holds.Line(
        partner_id,
        body["month"],
        body["bonus"],
        body["level"],
        body.get("plan"),
        body.get("class_", ""),
        body.get("source_id", ""),
    )
    why = {"reason": body["reason"], "public_reason": body["public_reason"]}
    placed = holds.place(database(), body["id"], line, body.get("amount_minor"), **why, actor=g.caller.key_id)
    return _seen(partner_id, placed["id"])


@noun.operation(
    "POST",
    f"{_PARTNER}/holds/<text:hold_id>/release",
    "releaseHold",
    returns=schemas.Hold,
    example=_HOLD | {"state": "released", "released_at": "2025-04-05T09:00:00Z"},
    refuses=(404,),
)
def release(_: dict[str, Any], partner_id: str, hold_id: str) -> Any:
    """Let what a hold held be paid out."""
    holds.release(database(), hold_id, actor=g.caller.key_id, partner_id=partner_id)
    return _seen(partner_id, hold_id)


def _seen(partner_id: str, hold_id: str) -> Any:
    return next(row for row in holds.of_partner(database(), partner_id) if row["id"] == hold_id)
