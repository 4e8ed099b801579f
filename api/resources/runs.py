"""Runs: the computations of months, under way and done."""

from __future__ import annotations

from typing import Any

from flask import g, url_for

from api.noun import Noun
from api.schemas import months as schemas
from api.state import database, worker
from graphsvc import runs

noun = Noun("runs", "Computations of months: follow one here after starting it.")

FOLLOW = {"Location": {"schema": {"type": "string"}, "description": "The run to follow."}}
RUN = {
    "run_id": "run-4f6c8e2a9b1d3c57",
    "kind": "official",
    "state": "running",
    "plan": "three-level",
    "plan_version": 1,
    "month": "2025-03",
    "actor": "0a1b2c3d4e5f",
    "person": "anna",
    "approval": "second-person",
    "approved_by": "",
    "approver": "",
    "discarded_by": "",
    "discarder": "",
    "step": 3,
    "steps": 14,
    "progress": "Standings",
    "failure": None,
    "started_at": "2025-04-01T06:00:00Z",
    "ready_at": None,
    "finished_at": None,
    "report": None,
}


@noun.operation("GET", "/runs", "listRuns", query=schemas.RunsQuery, returns=schemas.RunList, example={"items": [RUN]})
def listing(question: dict[str, Any]) -> dict[str, Any]:
    """The newest runs, newest first."""
    return {"items": runs.runs(database(), limit=question.get("limit", 100))}


@noun.operation("GET", "/runs/<text:run_id>", "getRun", returns=schemas.Run, example=RUN, refuses=(404,))
def get(_: dict[str, Any], run_id: str) -> Any:
    """One run: who asked for it, its state, step and progress, and its report once it is ready or done."""
    return runs.run(database(), run_id)


@noun.operation(
    "POST",
    "/runs/<text:run_id>/discard",
    "discardRun",
    returns=schemas.RunStarted,
    example={"run_id": "run-4f6c8e2a9b1d3c57", "location": "/v1/runs/run-4f6c8e2a9b1d3c57"},
    status=202,
    headers=FOLLOW,
    refuses=(404, 409),
)
def discard(_: dict[str, Any], run_id: str) -> tuple[Any, dict[str, str]]:
    """Throw a run away whole, whatever it is at; the month it was closing is open again.

    Answers as soon as nobody computes it any more; follow it until it is discarded. The run of a closed month is refused. To
    discard a run again changes nothing and answers the same.
    """
    worker().discard(run_id, who=g.caller.who)
    location = url_for("runs.getRun", run_id=run_id)
    return {"run_id": run_id, "location": location}, {"Location": location}
