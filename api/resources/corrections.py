"""Corrections of closed months: one person proposes the difference, another posts it. Each step twice is the same as once."""

from __future__ import annotations

from typing import Any

from flask import g

from api import pagination
from api.noun import Noun
from api.schemas import corrections as schemas
from api.state import database, worker
from graphsvc import corrections

noun = Noun("corrections", "Differences of closed months: one person proposes one, another posts it in the open month.")

_CORRECTION = {
    "id": "fix-7",
    "state": "proposed",
    "failure": None,
    "plan": "three-level",
    "month": "2025-03",
    "closed_run": "run-4f6c8e2a9b1d3c57",
    "closed_version": 1,
    "version": 1,
    "partners": ["P-2", "P-9"],
    "reason": "P-17 was under P-9 all the time",
    "lines": 2,
    "amount_minor": 0,
    "currency": "USD",
    "person": "anna",
    "proposed_at": "2025-04-20T09:00:00Z",
    "approver_person": None,
    "approved_at": None,
    "withdrawn_person": None,
    "withdrawn_at": None,
    "withdrawn_reason": None,
    "computed_by": "what-if-4f6c8e2a9b1d3c57",
    "digest": "0f" * 32,
}
_COMPUTING = _CORRECTION | {"state": "making", "lines": None, "amount_minor": None, "digest": None}
_KEY = {"bonus": "team", "level": 1, "class": "", "source_id": ""}
_AMOUNTS = {"old_minor": 6_000, "new_minor": 0, "difference_minor": -6_000}
_ONE = "/corrections/<text:correction_id>"


@noun.operation(
    "POST",
    "/corrections",
    "proposeCorrection",
    body=schemas.NewCorrection,
    body_example={
        "id": "fix-7",
        "plan": "three-level",
        "month": "2025-03",
        "partners": ["P-2", "P-9"],
        "reason": "P-17 was under P-9 all the time",
    },
    returns=schemas.Correction,
    example=_COMPUTING,
    status=202,
    refuses=(404, 409),
)
def propose(_: dict[str, Any], body: dict[str, Any]) -> Any:
    """Propose to post what a closed month would differ by as things are known today, or by another version of its plan.

    Orders and refunds count as the month knew them, because later months count what came later. Answers once it is begun: in the
    state `making` it is still computed, and is followed by asking for it; the same request again goes on with what stopped.
    """
    named = {"version": body.get("version"), "partners": body.get("partners", []), "reason": body["reason"]}
    return worker().propose_correction(body["id"], body["month"], body["plan"], who=g.caller.who, **named)


@noun.operation(
    "GET",
    "/corrections",
    "listCorrections",
    query=schemas.CorrectionsQuery,
    returns=schemas.CorrectionList,
    example={"items": [_CORRECTION]},
)
def listing(question: dict[str, Any]) -> dict[str, Any]:
    """The newest corrections, newest first."""
    return {"items": corrections.corrections(database(), limit=question.get("limit", 100))}


@noun.operation("GET", _ONE, "getCorrection", returns=schemas.Correction, example=_CORRECTION, refuses=(404,))
def get(_: dict[str, Any], correction_id: str) -> Any:
    """One correction."""
    return corrections.correction(database(), correction_id)


@noun.operation(
    "GET",
    f"{_ONE}/lines",
    "listCorrectionLines",
    query=schemas.LinesQuery,
    returns=schemas.CorrectionLinePage,
    example={
        "items": [{"number": 1, "partner_id": "P-2", **_KEY, **_AMOUNTS, "causes": ["P-17 stands under another sponsor"]}],
        "next": None,
    },
    refuses=(404,),
)
def lines(question: dict[str, Any], correction_id: str) -> dict[str, Any]:
    """The lines that a correction changes, with what is behind each."""
    after = pagination.position(question, int)
    rows = corrections.lines(database(), correction_id, after=after[0] if after else 0, limit=pagination.limit(question) + 1)
    return pagination.page(question, rows, lambda row: [row["number"]])


@noun.operation(
    "POST",
    f"{_ONE}/approve",
    "approveCorrection",
    returns=schemas.Correction,
    example=_CORRECTION,
    status=202,
    refuses=(404, 409),
)
def approve(_: dict[str, Any], correction_id: str) -> Any:
    """Post a correction that another person proposed, if it still is what the month would differ by.

    Answers once that is begun: it is computed once more, and is followed by asking for it: `posted`, or still `proposed` and
    `failure` says why.
    """
    return worker().approve_correction(correction_id, who=g.caller.who)


@noun.operation(
    "POST",
    f"{_ONE}/withdraw",
    "withdrawCorrection",
    body=schemas.Withdrawal,
    body_example={"reason": "P-17 never moved"},
    returns=schemas.Correction,
    example=_CORRECTION
    | {
        "state": "withdrawn",
        "withdrawn_person": "boris",
        "withdrawn_at": "2025-04-20T10:00:00Z",
        "withdrawn_reason": "P-17 never moved",
    },
    refuses=(404, 409),
)
def withdraw(_: dict[str, Any], body: dict[str, Any], correction_id: str) -> Any:
    """Give a correction up that was not posted."""
    return corrections.withdraw(database(), correction_id, reason=body["reason"], who=g.caller.who)


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/corrections",
    "listPartnerCorrections",
    returns=schemas.PartnerCorrectionList,
    example={
        "items": [
            {
                "correction_id": "fix-7",
                "plan": "three-level",
                "month": "2025-03",
                **_KEY,
                **_AMOUNTS,
                "currency": "USD",
                "reason": "P-17 was under P-9 all the time",
                "posted_at": "2025-04-20T10:00:00Z",
            }
        ]
    },
)
def of_partner(_: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """What posted corrections changed on a partner's lines of closed months, the oldest first."""
    return {"items": corrections.of_partner(database(), partner_id)}
