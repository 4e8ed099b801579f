"""The life of a run through the API and the command line: approved by a second person, discarded, listed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from api import create_app
from graphsvc import keys
from graphsvc.month import Approval
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.api.conftest import Call
from tests.graphs import build, draw
from tests.month.conftest import Said, cli
from tests.month.small import COMPANY, PLAN

__all__ = ["cli"]

MONTH = "2025-03"
BASE = f"/v1/plans/{PLAN['plan']}/months/{MONTH}"


@pytest.fixture
def held(database: Database, tmp_path: Path) -> dict[str, str]:
    """The company with its plan, and owners' keys: two of Anna's, one of Boris', one that is nobody's."""
    build(database, draw(COMPANY), tmp_path)
    store.publish(database, PLAN)
    people = {"anna": "anna", "anna again": "Anna", "boris": "boris", "machine": None}
    return {name: keys.create(database, "owner", person_name=person).text for name, person in people.items()}


@pytest.fixture
def app(database: Database) -> Flask:
    """The application of a company that asks for a second person."""
    return create_app(lambda _seconds: database, Approval.SECOND_PERSON)


def followed(call: Call, location: str) -> dict[str, Any]:
    """The run once it stands still."""
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        run: dict[str, Any] = call("anna", "GET", location).json
        if run["state"] not in ("running", "discarding"):
            return run
        time.sleep(0.1)
    raise AssertionError(f"{location} did not end: {run}")


def closed(call: Call) -> dict[str, Any]:
    """The run of the month, closed by Anna."""
    answer = call("anna", "POST", f"{BASE}/close", json={"out_of_order": True})
    assert answer.status_code == 202, answer.json
    return followed(call, answer.headers["Location"])


def test_a_second_person_approves_what_the_first_closed(call: Call) -> None:
    assert call("machine", "POST", f"{BASE}/close", json={"out_of_order": True}).json["code"] == "person-missing"
    run = closed(call)
    assert (run["state"], run["person"], run["approval"]) == ("ready", "anna", "second-person")
    assert run["report"]["digest"]
    assert run["step"] == run["steps"] > 0
    assert call("anna", "GET", BASE).json["status"] == "closing"
    again = call("boris", "POST", f"{BASE}/close", json={"out_of_order": True})
    assert (again.status_code, again.json["code"], again.json["about"]) == (409, "month-ready", {"run_id": run["run_id"]})
    for name, code in (("anna", "second-person"), ("anna again", "second-person"), ("machine", "person-missing")):
        answer = call(name, "POST", f"{BASE}/approve", json={})
        assert (answer.status_code, answer.json["code"]) == (403, code)
    other = call("boris", "POST", f"{BASE}/approve", json={"run_id": "run-other"})
    assert (other.status_code, other.json["code"]) == (409, "month-not-ready")
    done = call("boris", "POST", f"{BASE}/approve", json={"run_id": run["run_id"]})
    assert (done.status_code, done.json["state"], done.json["approver"]) == (200, "done", "boris")
    assert done.json["report"]["digest"] == run["report"]["digest"]
    assert call("boris", "POST", f"{BASE}/approve", json={}).json["code"] == "month-closed"
    assert call("boris", "POST", f"/v1/runs/{run['run_id']}/discard").json["code"] == "month-closed"
    assert [one["approver"] for one in call("anna", "GET", "/v1/runs").json["items"]] == ["boris"]


def test_a_run_is_discarded_and_discarded_again(call: Call) -> None:
    first = closed(call)
    path = f"/v1/runs/{first['run_id']}/discard"
    answers = [call(name, "POST", path) for name in ("boris", "anna")]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json == answers[1].json
    gone = followed(call, answers[0].headers["Location"])
    assert (gone["state"], gone["discarder"], gone["report"]) == ("discarded", "boris", None)
    assert gone["failure"].startswith("Discarded by boris (")
    assert call("anna", "GET", BASE).json["status"] == "open"
    assert call("boris", "POST", path).json == answers[0].json
    second = closed(call)
    assert second["run_id"] != first["run_id"]
    assert second["report"]["digest"] == first["report"]["digest"]


def test_the_commands_review_approve_discard_and_list(
    held: dict[str, str], cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHSVC_CLOSE_APPROVAL", "second-person")
    monkeypatch.setenv("LOGNAME", "anna")
    close = ("month", "close", MONTH, "--plan", "small", "--out-of-order")
    month_of = (MONTH, "--plan", "small")
    said = cli(*close)
    assert said.code == 0, said.err
    assert said.out.startswith(f"{MONTH} waits to be approved, computed by plan small version 1, run run-")
    assert "Nothing is posted yet: `graphsvc month approve" in said.out
    refused = cli("month", "approve", *month_of)
    assert (refused.code, "takes a second person: anna closed it" in refused.sentence) == (2, True)
    thrown = [cli("month", "discard", *month_of).out for _ in range(2)]
    assert thrown[0] == thrown[1]
    assert thrown[0].endswith(f"is thrown away; {MONTH} of plan small is open.\n")
    assert cli(*close, "--review").code == 0
    monkeypatch.setenv("LOGNAME", "boris")
    assert cli("month", "approve", *month_of).out.startswith(f"{MONTH} closed by plan small version 1")
    monkeypatch.setattr("graphsvc.cli.console.out._width", 100)
    table = cli("month", "runs").out.splitlines()
    assert max(map(len, table)) <= 100
    [row] = [line for line in table if "anna + boris" in line]
    assert "run-" in row
    assert "small/1" in row
    header, newest, *_ = cli("month", "runs", "--format", "csv").out.splitlines()
    told = dict(zip(header.split(","), newest.split(","), strict=True))
    assert (told["state"], told["person"], told["approver"]) == ("done", "anna", "boris")
    assert told["digest"]
    assert int(told["payout_minor"]) > 0
    monkeypatch.setenv("GRAPHSVC_CLOSE_APPROVAL", "third-person")
    assert "must be second-person or none" in cli("month", "runs").sentence
