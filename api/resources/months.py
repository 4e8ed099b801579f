"""Months of a plan: what is closed, and to close or preview one. The work itself is a run, followed under /v1/runs."""

from __future__ import annotations

from typing import Any

from flask import g, url_for

from api.idempotency import effect_id
from api.noun import Noun
from api.resources.runs import FOLLOW, RUN
from api.schemas import months as schemas
from api.state import database, worker
from graphsvc import runs

noun = Noun("months", "Months of a plan. Closing is a run: it is started here and followed there.")

_MONTH = {"plan": "three-level", "month": "2025-03", "status": "closed", "run_id": "run-4f6c8e2a9b1d3c57"}
_POSTED = RUN | {
    "state": "done",
    "approved_by": "5f4e3d2c1b0a",
    "approver": "boris",
    "step": 14,
    "progress": "",
    "ready_at": "2025-04-01T06:02:00Z",
    "finished_at": "2025-04-01T09:30:00Z",
}


@noun.operation(
    "GET", "/plans/<text:plan>/months", "listMonths", returns=schemas.MonthList, example={"items": [_MONTH]}, refuses=(404,)
)
def listing(_: dict[str, Any], plan: str) -> dict[str, Any]:
    """The months a plan was computed for, newest first."""
    return {"items": runs.months(database(), plan)}


@noun.operation(
    "GET", "/plans/<text:plan>/months/<month:month>", "getMonth", returns=schemas.MonthRow, example=_MONTH, refuses=(404,)
)
def get(_: dict[str, Any], plan: str, month: str) -> Any:
    """One month of a plan; open where nothing has closed it yet."""
    return runs.month_of(database(), plan, month)


@noun.operation(
    "POST",
    "/plans/<text:plan>/months/<month:month>/close",
    "closeMonth",
    body=schemas.CloseBody,
    body_example={"out_of_order": False, "review": False},
    returns=schemas.RunStarted,
    example={"run_id": "run-4f6c8e2a9b1d3c57", "location": "/v1/runs/run-4f6c8e2a9b1d3c57"},
    status=202,
    headers=FOLLOW,
    refuses=(404, 409),
)
def close(_: dict[str, Any], body: dict[str, Any], plan: str, month: str) -> tuple[Any, dict[str, str]]:
    """Close a month: compute it, prove it, post it.

    Answers as soon as the run has begun; a month that is closed, or being closed, is refused with the run's id. A run whose
    process died goes on by itself; asking again takes it up at once. Where the company's policy asks for a second person, or
    with `review`, the run stops in the state `ready`, with its report, until it is approved or discarded.
    """
    return _started(
        worker().close(
            month,
            plan,
            who=g.caller.who,
            out_of_order=body.get("out_of_order", False),
            review=body.get("review", False),
            asked=effect_id(),
        )
    )


@noun.operation(
    "POST",
    "/plans/<text:plan>/months/<month:month>/approve",
    "approveMonth",
    body=schemas.ApproveBody,
    body_example={"run_id": "run-4f6c8e2a9b1d3c57"},
    returns=schemas.Run,
    example=_POSTED,
    refuses=(404, 409),
)
def approve(_: dict[str, Any], body: dict[str, Any], plan: str, month: str) -> Any:
    """Post the run of a month that is ready; where the policy asks for a second person, by another one than closed it."""
    return runs.run(database(), worker().approve(month, plan, who=g.caller.who, run_id=body.get("run_id"), asked=effect_id()))


@noun.operation(
    "POST",
    "/plans/<text:plan>/months/<month:month>/preview",
    "previewMonth",
    returns=schemas.RunStarted,
    example={"run_id": "preview-4f6c8e2a9b1d3c57", "location": "/v1/runs/preview-4f6c8e2a9b1d3c57"},
    status=202,
    headers=FOLLOW,
    refuses=(404, 409),
)
def preview(_: dict[str, Any], plan: str, month: str) -> tuple[Any, dict[str, str]]:
    """Compute a month without closing it; only the report is kept."""
    return _started(worker().preview(month, plan, who=g.caller.who, asked=effect_id()))


def _started(run_id: str) -> tuple[Any, dict[str, str]]:
    location = url_for("runs.getRun", run_id=run_id)
    return {"run_id": run_id, "location": location}, {"Location": location}
