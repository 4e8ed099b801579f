"""A month through the API: closed in the background, followed, refused twice, explained line by line."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphsvc import earnings, jobs, keys, month, network, runs
from graphsvc.month import service
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.api.conftest import Call
from tests.graphs import build, draw
from tests.month.small import COMPANY, PLAN

MONTH = "2025-03"
BASE = f"/v1/plans/{PLAN['plan']}/months"


@pytest.fixture
def held(database: Database, tmp_path: Path) -> dict[str, str]:
    """The company with its plan, and a key of each role; the cabinet is B's."""
    build(database, draw(COMPANY), tmp_path)
    store.publish(database, PLAN)
    return {role: keys.create(database, role, "B" if role == "cabinet" else None).text for role in keys.Role}


def followed(call: Call, location: str) -> dict[str, Any]:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        run: dict[str, Any] = call("compliance", "GET", location).json
        if run["state"] != "running" or run["failure"]:
            return run
        time.sleep(0.1)
    raise AssertionError(f"{location} did not end: {run}")


def close(call: Call, name: str = MONTH) -> dict[str, Any]:
    answer = call("owner", "POST", f"{BASE}/{name}/close", json={"out_of_order": True})
    assert answer.status_code == 202, answer.json
    assert answer.headers["Location"] == answer.json["location"] == f"/v1/runs/{answer.json['run_id']}"
    return followed(call, answer.headers["Location"])


def test_a_month_is_closed_followed_and_explained(call: Call, database: Database) -> None:
    assert call("cabinet", "GET", f"{BASE}/{MONTH}").json["status"] == "open"
    assert call("owner", "POST", f"{BASE}/{MONTH}/close", json={}).json["code"] == "month-out-of-order"
    run = close(call)
    assert (run["state"], run["kind"], run["failure"]) == ("done", "official", None)
    assert run["report"]["payout_minor"] == sum(r["amount_minor"] for r in earnings.lines(database, MONTH)) > 0
    assert call("cabinet", "GET", f"{BASE}/{MONTH}").json == {
        "plan": PLAN["plan"],
        "month": MONTH,
        "status": "closed",
        "run_id": run["run_id"],
    }
    again = call("owner", "POST", f"{BASE}/{MONTH}/close", json={})
    assert (again.status_code, again.json["code"], again.json["about"]) == (409, "month-closed", {"run_id": run["run_id"]})

    payees = {row["partner_id"] for row in earnings.lines(database, MONTH)}
    for partner_id in sorted(payees):
        lines, cursor = [], ""
        while cursor is not None:
            page = call("compliance", "GET", f"/v1/partners/{partner_id}/earnings?month={MONTH}&limit=2{cursor}").json
            lines += page["items"]
            cursor = f"&cursor={page['next']}" if page["next"] else None
        stored = [row for row in earnings.lines(database, MONTH) if row["partner_id"] == partner_id]
        assert [(r["bonus"], r["level"], r["source_id"], r["amount_minor"]) for r in lines] == [
            (r["bonus"], r["level"], r["source_id"], r["amount_minor"]) for r in stored
        ]
        for bonus, level in {(r["bonus"], r["level"]) for r in stored}:
            path = f"/v1/partners/{partner_id}/explanation?month={MONTH}&bonus={bonus}&level={level}"
            proof = call("compliance", "GET", path).json
            assert proof["equal"] is True
            assert proof["amount_minor"] == sum(r["amount_minor"] for r in stored if (r["bonus"], r["level"]) == (bonus, level))


def test_why_not_and_strangers(call: Call) -> None:
    close(call)
    path = f"/why-not?month={MONTH}&level=3&bonus=team"
    answer = call("cabinet", "GET", f"/v1/partners/B{path}")
    assert answer.status_code == 200, answer.json
    assert answer.json["reason"] == "not_open"
    assert answer.json["failures"]
    assert all(f["have"] < f["need"] for f in answer.json["failures"])
    # B's own people: D, E, F, G, H. Nobody above or beside stands in the proof of its lines.
    proof = call("cabinet", "GET", f"/v1/partners/B/explanation?month={MONTH}").json
    named = {hop["partner_id"] for source in proof["sources"] for hop in source["hops"]}
    assert "B" in named
    assert named | {source["partner_id"] for source in proof["sources"]} <= set("BDEFGH")
    for what in ("explanation?", "earnings?", "team?", "why-not?level=1&"):
        foreign, absent = (call("cabinet", "GET", f"/v1/partners/{p}/{what}month={MONTH}") for p in ("A", "nobody"))
        assert (foreign.status_code, foreign.data) == (404, absent.data)
    assert call("owner", "GET", f"/v1/partners/B/explanation?month={MONTH}&bonus=tema").json["code"] == "bonus-unknown"
    assert call("owner", "GET", f"/v1/partners/D/explanation?month={MONTH}").json["code"] == "line-unknown"


def test_a_team_in_numbers(call: Call, database: Database) -> None:
    answer = call("owner", "GET", f"/v1/partners/B/team?month={MONTH}")
    assert (answer.status_code, answer.json["code"]) == (409, "month-not-closed")
    network.create(database, network.NewPartner("late", "2025-04-01", "B"))
    close(call)
    network.create(database, network.NewPartner("later", "2025-03-01", "B"))
    team = call("cabinet", "GET", f"/v1/partners/B/team?month={MONTH}").json
    # B: 60 - 12.34; below: D 25 (suspended), F 70.01, G 55.55, E 5, H 200 + 45.50.
    assert (team["own_volume"], team["team_volume"]) == (47_660, 47_660 + 25_000 + 70_010 + 55_550 + 5_000 + 245_500)
    assert team["active"] is True
    assert team["partners"] == 5
    assert [(level["depth"], level["partners"]) for level in team["levels"]] == [(1, 2), (2, 2), (3, 1)]
    assert team["active_partners"] == 3
    assert team["levels"][0]["active"] == 0
    assert call("owner", "GET", f"/v1/partners/later/team?month={MONTH}").json["partners"] == 0


def test_a_preview_leaves_the_month_open(call: Call) -> None:
    answer = call("owner", "POST", f"{BASE}/{MONTH}/preview")
    assert answer.status_code == 202
    run = followed(call, answer.headers["Location"])
    assert (run["kind"], run["state"] != "running") == ("preview", True)
    assert run["report"]["lines"] > 0
    assert call("owner", "GET", f"{BASE}/{MONTH}").json["status"] == "open"
    assert [r["run_id"] for r in call("owner", "GET", "/v1/runs").json["items"]] == [run["run_id"]]


def test_refusals_before_a_run_begins_are_answers(call: Call) -> None:
    assert call("owner", "POST", f"{BASE}/2199-01/close", json={}).json["code"] in ("month-not-over", "plan-not-in-force")
    assert call("owner", "POST", f"{BASE}/2025-13/close", json={}).json["code"] == "bad-month"
    assert call("owner", "POST", f"/v1/plans/smal/months/{MONTH}/close", json={}).json["code"] == "plan-unknown"
    assert call("owner", "GET", f"{BASE}/1999-99").json["code"] == "bad-month"
    assert call("owner", "GET", "/v1/runs").json["items"] == []


@pytest.fixture
def halted(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Runs stop after their first step until the event is set."""
    go_on = threading.Event()
    work = service._work

    def slow(context: Any, *rest: Any) -> None:
        with context.progress.step("waiting"):
            go_on.wait(60)
        work(context, *rest)

    monkeypatch.setattr(service, "_work", slow)
    yield go_on
    go_on.set()


def test_a_second_close_names_the_run_under_way(call: Call, halted: threading.Event) -> None:
    started = call("owner", "POST", f"{BASE}/{MONTH}/close", json={"out_of_order": True})
    assert started.status_code == 202, started.json
    second = call("owner", "POST", f"{BASE}/{MONTH}/close", json={"out_of_order": True})
    assert (second.status_code, second.json["code"]) == (409, "month-busy")
    assert second.json["about"] == {"run_id": started.json["run_id"]}
    assert call("owner", "GET", started.headers["Location"]).json["state"] == "running"
    halted.set()
    assert followed(call, started.headers["Location"])["state"] == "done"


def test_a_run_whose_worker_died_is_taken_up(database: Database, held: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(service, "_work", die)
        with pytest.raises(SystemExit):
            month.close(database, MONTH, PLAN["plan"], actor="test", out_of_order=True)
    interrupted = month.runs(database)[0]
    assert interrupted.state == "running"
    worker = jobs.Worker(lambda: database)
    assert worker.resume() == [interrupted.run_id]
    assert runs.run(database, interrupted.run_id).state == "done"
    assert worker.resume() == []


def test_a_run_that_cannot_go_on_says_why_and_is_left_alone(
    database: Database, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(context: Any, *_: Any) -> None:
        with context.progress.step("failing"):
            time.sleep(0.5)  # the request is answered by now
        raise RuntimeError("words of ours")

    with monkeypatch.context() as patched:
        patched.setattr(service, "_work", fail)
        answer = call("owner", "POST", f"{BASE}/{MONTH}/close", json={"out_of_order": True})
        run = followed(call, answer.headers["Location"])
    assert run["state"] == "running"
    assert run["failure"]
    assert "words of ours" not in run["failure"]
    assert jobs.Worker(lambda: database).resume() == []
    done = close(call)
    assert (done["run_id"], done["state"], done["failure"]) == (run["run_id"], "done", None)
