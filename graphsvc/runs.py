"""Months and their runs as people follow them: where each stands, who asked for it, and what it found."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, fields
from typing import Any

from graphsvc import month
from graphsvc.errors import Code, Refused
from graphsvc.month import Approval
from graphsvc.periods import parse_month
from graphsvc.query.runner import Database
from graphsvc.query.values import Row


def months(database: Database, plan: str) -> list[Row]:
    """The months a plan was computed for, newest first."""
    return month.months(database, plan)


def month_of(database: Database, plan: str, month_name: str) -> Row:
    """One month of a plan; one that nothing has computed yet is open."""
    name = str(parse_month(month_name))
    found = [row for row in month.months(database, plan) if row["month"] == name]
    return found[0] if found else {"plan": plan, "month": name, "status": "open", "run_id": None}


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as people follow it: who and when, how far, and its `report` once it is ready or done. What nobody did is ''."""

    run_id: str
    kind: str
    state: str
    plan: str
    plan_version: int
    month: str
    actor: str
    person: str
    approval: str
    approved_by: str
    approver: str
    discarded_by: str
    discarder: str
    step: int
    steps: int
    progress: str
    failure: str | None
    started_at: dt.datetime
    ready_at: dt.datetime | None
    finished_at: dt.datetime | None
    report: dict[str, Any] | None


# What stands for nothing in a view: a run of an earlier release, or one that nobody approved or threw away.
_EMPTY: dict[str, Any] = dict.fromkeys(("actor", "person", "approved_by", "approver", "discarded_by", "discarder"), "")
_EMPTY |= {"approval": Approval.NONE.value, "steps": 0}


def _view(row: Row) -> RunView:
    names = [f.name for f in fields(RunView) if f.name != "report"]
    report = json.loads(row["report"]) if row["report"] else None
    if report is not None:
        computed_at = row["ready_at"] or row["finished_at"] or row["started_at"]
        report |= {"digest": row["digest"] or "", "seconds": int((computed_at - row["started_at"]).total_seconds())}
    told: dict[str, Any] = {name: _EMPTY.get(name) if row[name] is None else row[name] for name in names}
    return RunView(**told, report=report)


_TOTALS = {"partners": 0, "lines": 0, "payout_minor": 0, "currency": "", "digest": ""}


def flat(view: RunView) -> dict[str, Any]:
    """A run on one line: everything but its breakage, with nothing of what is not known yet."""
    told = {f.name: getattr(view, f.name) for f in fields(RunView) if f.name != "report"}
    return told | {name: (view.report or _TOTALS)[name] for name in _TOTALS}


def run(database: Database, run_id: str) -> RunView:
    """One run; refuses an unknown id with the nearest."""
    row = database.one("jobs.run", run_id=run_id)
    if row is None:
        month.run(database, run_id)  # refuses, and names the nearest
        raise Refused(Code.RUN_UNKNOWN, f"There is no run {run_id}.")
    return _view(row)


def runs(database: Database, *, limit: int) -> list[RunView]:
    """The newest runs, newest first."""
    return [_view(row) for row in database.run("jobs.runs", limit=limit)]


def outcome(database: Database, run_id: str, wanted: str) -> dict[str, Any]:
    """What a run that only looks found. wanted: a key that the kind of outcome has which is asked for."""
    run(database, run_id)  # refuses an unknown one
    row = database.run("jobs.outcome", run_id=run_id)[0]
    found: dict[str, Any] = json.loads(row["outcome"]) if row["outcome"] else {}
    if row["state"] == "running":
        raise Refused(Code.MONTH_BUSY, f"Run {run_id} is not at its end yet; ask again when it is done.")
    if wanted not in found:
        raise Refused(Code.RUN_UNKNOWN, f"Run {run_id} is {row['state']} and found nothing of that kind.")
    return found
