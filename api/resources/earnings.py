"""What a partner is owed for a closed month, and why; or why not."""

from __future__ import annotations

from typing import Any

from api import pagination
from api.noun import Noun
from api.schemas import earnings as schemas
from api.state import database
from graphsvc import earnings, explain
from graphsvc.payouts import paid

noun = Noun("earnings", "Lines of closed months, each with its proof.")

_LINE = {
    "partner_id": "P-2",
    "bonus": "team",
    "level": 1,
    "class": "",
    "source_id": "",
    "base_minor": 120_000,
    "rate_ppm": 50_000,
    "amount_minor": 6_000,
    "currency": "USD",
}
_PART = {
    "plan": "three-level",
    "month": "2025-03",
    "partner_id": "P-2",
    "bonus": "team",
    "level": 1,
    "class": "",
    "source_id": "",
    "line_minor": 6_000,
    "amount_minor": 6_000,
    "currency": "USD",
    "state": "paid",
    "payout_id": "2025-04/P-2",
    "payout_state": "settled",
    "before": [],
    "hold_id": None,
    "available_on": None,
    "shared_minor": 0,
}
_HOPS = [
    {"partner_id": "P-17", "distance": 0, "outcome": "sold", "levels": [], "reason": "sold 1,200.00 USD"},
    {"partner_id": "P-2", "distance": 1, "outcome": "paid", "levels": [1], "reason": "open to level 1"},
]


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/earnings",
    "listPartnerEarnings",
    query=schemas.EarningsQuery,
    returns=schemas.EarningsPage,
    example={"items": [_LINE], "next": None},
    refuses=(409,),
)
def lines(question: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """The lines of one partner in a closed month."""
    after = pagination.position(question, str, int, str, str)
    rows = earnings.of_partner(database(), question["month"], partner_id, question.get("plan"))
    if after is not None:
        rows = [row for row in rows if (row["bonus"], row["level"], row["class"], row["source_id"]) > after]
    return pagination.page(question, rows, lambda row: [row["bonus"], row["level"], row["class"], row["source_id"]])


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/earnings/payouts",
    "traceEarnings",
    query=schemas.MonthQuery,
    returns=schemas.LineParts,
    example={"items": [_PART]},
    refuses=(409,),
)
def traced(question: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """Where the money of each line of a closed month is: with which payout it was paid, or why it was not yet."""
    return {"items": paid.of_lines(database(), partner_id, question["month"], question.get("plan"))}


@noun.operation(
    "GET",
    "/orders/<text:order_id>/trace",
    "traceOrder",
    returns=schemas.OrderTrace,
    example={
        "order_id": "O-7",
        "lines": [_PART],
        "besides": [
            {"plan": "three-level", "month": "2025-03", "run_id": "run-4f6c8e2a9b1d3c57", "bonus": "leaders", "kind": "pool"}
        ],
    },
    refuses=(404,),
)
def of_order(_: dict[str, Any], order_id: str) -> dict[str, Any]:
    """The lines of closed months that an order fed, and the payouts that these went into."""
    found = explain.of_order(database(), order_id)
    return {"order_id": order_id, "lines": paid.of_some(database(), found.lines), "besides": found.besides}


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/explanation",
    "explainEarning",
    query=schemas.ExplainQuery,
    returns=schemas.Explanation,
    refuses=(409,),
    example={
        "month": "2025-03",
        "plan": "three-level",
        "plan_version": 1,
        "run_id": "run-4f6c8e2a9b1d3c57",
        "partner_id": "P-2",
        "bonus": "team",
        "level": 1,
        "rule": "none: level = distance in the tree; what the partner at that distance is not open for, nobody gets",
        "base_of": "cv",
        "base": 1_200_000,
        "base_minor": 120_000,
        "rate_ppm": 50_000,
        "rounding": "half_up",
        "amount_minor": 6_000,
        "earned_minor": 6_000,
        "computed_minor": 6_000,
        "equal": True,
        "currency": "USD",
        "lines": 1,
        "source_count": 1,
        "sources": [{"partner_id": "P-17", "source_id": "", "base": 1_200_000, "base_minor": 120_000, "hops": _HOPS}],
        "source_class": "",
        "facts": [],
    },
)
def explanation(question: dict[str, Any], partner_id: str) -> Any:
    """Why a line of a closed month is what it is, hop by hop.

    Reads the frozen month and computes the amount again: `computed_minor` equals `amount_minor`.
    """
    return explain.line(
        database(),
        question["month"],
        partner_id,
        plan_name=question.get("plan"),
        bonus=question.get("bonus"),
        level=question.get("level"),
    )


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/why-not",
    "explainNoEarning",
    query=schemas.WhyNotQuery,
    returns=schemas.WhyNot,
    refuses=(409,),
    example={
        "month": "2025-03",
        "plan": "three-level",
        "partner_id": "P-2",
        "bonus": "team",
        "level": 2,
        "reason": "not_open",
        "sentence": "P-2 was not open to level 2 in 2025-03: 4 active partners, 5 needed.",
        "currency": "USD",
        "amount_minor": 0,
        "failures": [
            {"condition": "level_2", "metric": "active frontline", "unit": "count", "have": 4, "need": 5, "text": "4 of 5"}
        ],
    },
)
def why_not(question: dict[str, Any], partner_id: str) -> Any:
    """Why a partner was not paid at a level: which condition failed, have and need."""
    return explain.why_not(
        database(),
        question["month"],
        partner_id,
        level=question["level"],
        bonus=question.get("bonus"),
        plan_name=question.get("plan"),
    )
