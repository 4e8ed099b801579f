"""Runs: the computations of months, under way and done."""

from __future__ import annotations

from typing import Any

from api.noun import Noun
from api.schemas import months as schemas
from api.state import database
from graphsvc import jobs

noun = Noun("runs", "Computations of months: follow one here after starting it.")

_RUN = {
    "run_id": "run-4f6c8e2a9b1d3c57",
    "kind": "official",
    "state": "running",
    "plan": "three-level",
    "plan_version": 1,
    "month": "2025-03",
    "step": 3,
    "progress": "Standings",
    "failure": None,
    "started_at": "2025-04-01T06:00:00Z",
    "finished_at": None,
    "report": None,
}


@noun.operation("GET", "/runs", "listRuns", query=schemas.RunsQuery, returns=schemas.RunList, example={"items": [_RUN]})
def listing(question: dict[str, Any]) -> dict[str, Any]:
    """The newest runs, newest first."""
    return {"items": jobs.runs(database(), limit=question.get("limit", 100))}


@noun.operation("GET", "/runs/<text:run_id>", "getRun", returns=schemas.Run, example=_RUN, refuses=(404,))
def get(_: dict[str, Any], run_id: str) -> Any:
    """One run: its state, step and progress, and its report once it is done."""
    return jobs.run(database(), run_id)
