"""Corrections through the API: two people by their keys, partners see their own lines alone, and orders lead to payouts."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from graphsvc import keys, month
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.api.changes import owed
from tests.graphs import build, draw
from tests.month import small

Call = Callable[..., TestResponse]
FIX = {"id": "fix", "plan": "small", "month": "2025-03", "version": 2, "reason": "6 percent"}


@pytest.fixture
def held(database: Database, tmp_path: Path) -> dict[str, str]:
    """March is closed, and a second version pays more; keys of two owners, two of anna's, and of roles, the cabinet's of B."""
    build(database, draw(small.COMPANY), tmp_path)
    store.publish(database, small.PLAN)
    owed(database)
    team, orders = small.PLAN["bonuses"]
    raised = team | {"levels": [team["levels"][0] | {"rate": "6%"}, *team["levels"][1:]]}
    store.publish(database, small.plan(version=2, valid_from="2026-01-01", bonuses=[raised, orders]))
    made = {role: keys.create(database, role, "B" if role == "cabinet" else None).text for role in keys.Role}
    people = {"anna": "anna", "anna too": "Anna", "boris": "boris"}
    return made | {name: keys.create(database, "owner", None, person).text for name, person in people.items()}


@pytest.fixture
def call(app: Flask, held: dict[str, str]) -> Call:
    """Call as one of the keys: `call("anna", "POST", "/v1/corrections", {...})`."""

    def run(who: str, method: str, path: str, body: object = None) -> TestResponse:
        return app.test_client().open(path, method=method, json=body, headers={"X-API-Key": held[who]})

    return run


def followed(call: Call, state: str) -> dict[str, object]:
    deadline = time.monotonic() + 300
    while (found := call("anna", "GET", "/v1/corrections/fix").json)["state"] == state and not found["failure"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found


def test_one_person_proposes_a_correction_and_another_posts_it(call: Call, database: Database) -> None:
    nobody = call("owner", "POST", "/v1/corrections", FIX)
    assert (nobody.status_code, nobody.json["code"]) == (403, "person-missing")
    begun = call("anna", "POST", "/v1/corrections", FIX)
    assert begun.status_code == 202, begun.json
    made = followed(call, "making")
    assert (made["state"], made["person"], made["version"], made["closed_version"]) == ("proposed", "anna", 2, 1)
    page = call("compliance", "GET", "/v1/corrections/fix/lines?limit=1").json
    assert page["items"][0]["causes"] == ["version 2 of the plan instead of 1"]
    assert page["next"]
    for same in ("anna", "anna too"):
        refused = call(same, "POST", "/v1/corrections/fix/approve")
        assert (refused.status_code, refused.json["code"]) == (403, "second-person")
    assert call("cabinet", "GET", "/v1/partners/B/corrections").json == {"items": []}
    before = call("cabinet", "GET", "/v1/partners/B/balance").json["items"][0]["owed_minor"]
    assert call("boris", "POST", "/v1/corrections/fix/approve").status_code == 202
    posted = followed(call, "proposed")
    assert (posted["state"], posted["approver_person"], posted["failure"]) == ("posted", "boris", None)
    seen = call("cabinet", "GET", "/v1/partners/B/corrections").json["items"]
    assert seen
    assert all("causes" not in row and row["reason"] == "6 percent" for row in seen)
    after = call("cabinet", "GET", "/v1/partners/B/balance").json["items"][0]["owed_minor"]
    assert after - before == sum(row["difference_minor"] for row in seen)
    assert "correction" in {row["kind"] for row in call("cabinet", "GET", "/v1/partners/B/statement").json["items"]}
    late = call("anna", "POST", "/v1/corrections/fix/withdraw", {"reason": "no"})
    assert (late.status_code, late.json["code"]) == (409, "correction-state")
    assert call("anna", "GET", "/v1/corrections").json["items"][0]["id"] == "fix"
    assert call("anna", "GET", "/v1/corrections/fx").status_code == 404
    assert call("cabinet", "GET", "/v1/corrections/fix").status_code == 403
    month.close(database, "2025-04", "small", actor="cli:zoe", out_of_order=True)


def test_nothing_to_correct_is_told_to_who_follows_it(call: Call) -> None:
    call("anna", "POST", "/v1/corrections", FIX | {"version": 1})
    failed = followed(call, "making")
    assert failed["state"] == "failed"
    assert "nothing to correct" in str(failed["failure"])
    assert call("boris", "POST", "/v1/corrections/fix/approve").json["code"] == "correction-state"
    assert call("anna", "POST", "/v1/corrections", FIX | {"id": "fix", "partners": ["nobody"]}).status_code == 404


def test_lines_lead_to_payouts_and_orders_to_lines(call: Call) -> None:
    found = call("cabinet", "GET", "/v1/partners/B/earnings/payouts?month=2025-03").json["items"]
    lines = call("cabinet", "GET", "/v1/partners/B/earnings?month=2025-03&limit=100").json["items"]
    assert sum(part["amount_minor"] for part in found) == sum(line["amount_minor"] for line in lines)
    assert {part["state"] for part in found} == {"owed"}
    for other in ("D", "A", "nobody"):
        assert call("cabinet", "GET", f"/v1/partners/{other}/earnings/payouts?month=2025-03").status_code == 404
    traced = call("integration", "GET", "/v1/orders/H-1/trace").json
    assert traced["lines"]
    assert (traced["order_id"], traced["besides"]) == ("H-1", [])
    assert call("cabinet", "GET", "/v1/orders/H-1/trace").status_code == 403
    assert call("integration", "GET", "/v1/orders/none/trace").status_code == 404
