"""Payouts through the API: two people by their keys, partners see their own money alone, and what-ifs are runs to follow."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from graphsvc import keys, month
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import build, draw
from tests.month import small

Ask = Callable[..., list[dict[str, Any]]]
ACCOUNT = {"kind": "bank_account", "value": "DE89 3704 0044 0532 0130 00", "token": "tok_1"}


@pytest.fixture
def held(database: Database, tmp_path: Path) -> dict[str, str]:
    """March is closed; keys of two owners, of nobody, and of roles, the cabinet's of B."""
    build(database, draw(small.COMPANY), tmp_path)
    store.publish(database, small.PLAN)
    month.close(database, "2025-03", "small", actor="cli:zoe", out_of_order=True)
    made = {role: keys.create(database, role, "B" if role == "cabinet" else None).text for role in keys.Role}
    return made | {name: keys.create(database, "owner", None, name).text for name in ("anna", "boris")}


@pytest.fixture
def call(app: Flask, held: dict[str, str]) -> Callable[..., TestResponse]:
    """Call as one of the keys: `call("anna", "POST", "/v1/payout-batches", {...})`."""

    def run(who: str, method: str, path: str, body: Any = None) -> TestResponse:
        return app.test_client().open(path, method=method, json=body, headers={"X-API-Key": held[who]})

    return run


def test_one_person_makes_a_batch_and_another_approves_it(call: Callable[..., TestResponse], database: Database) -> None:
    assert call("anna", "POST", "/v1/partners/A/destinations", ACCOUNT).json["destination"] == "•••3000"
    nobody = call("owner", "POST", "/v1/payout-batches", {"id": "march", "currency": "USD"})
    assert (nobody.status_code, nobody.json["code"]) == (403, "person-missing")
    made = call("anna", "POST", "/v1/payout-batches", {"id": "march", "currency": "USD"})
    assert made.status_code == 202
    deadline = time.monotonic() + 60
    while call("anna", "GET", "/v1/payout-batches/march").json["state"] == "making":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    second = keys.create(database, "owner", None, "Anna").text
    same = call("anna", "POST", "/v1/payout-batches/march/approve")
    assert (same.status_code, same.json["code"]) == (403, "second-person")
    assert second
    approved = call("boris", "POST", "/v1/payout-batches/march/approve")
    assert (approved.status_code, approved.json["state"], approved.json["approver_person"]) == (200, "approved", "boris")
    page = call("compliance", "GET", "/v1/payout-batches/march/payouts?limit=1").json
    assert [row["partner_id"] for row in page["items"]] == ["A"]
    assert "token" not in str(page)
    for step, state in (("sent", "sent"), ("settled", "settled")):
        assert call("integration", "POST", f"/v1/payout-batches/march/{step}").json["state"] == state
    back = call("integration", "POST", "/v1/payout-batches/march/returned", {"partner_id": "A", "reason": "unknown payee"})
    assert (back.status_code, back.json["state"]) == (200, "returned")
    assert call("anna", "GET", "/v1/payout-batches").json["items"][0]["id"] == "march"
    assert call("anna", "GET", "/v1/payout-batches/mrch").status_code == 404
    assert call("cabinet", "GET", "/v1/payout-batches").status_code == 403


@pytest.mark.parametrize("what", ["balance", "statement", "payouts", "destinations", "holds"])
def test_a_partner_sees_its_own_money_and_nobody_elses(call: Callable[..., TestResponse], what: str) -> None:
    """B's downline is D and everybody below: B sees their sales, but not what they are owed."""
    assert call("cabinet", "GET", f"/v1/partners/B/{what}").status_code == 200
    answers = [call("cabinet", "GET", f"/v1/partners/{other}/{what}") for other in ("D", "A", "C", "nobody")]
    assert {(a.status_code, a.json["code"], a.json["detail"]) for a in answers} == {
        (404, "partner-unknown", answers[0].json["detail"])
    }
    assert call("compliance", "GET", f"/v1/partners/D/{what}").status_code == 200


def test_a_balance_and_its_statement_agree_page_by_page(call: Callable[..., TestResponse], database: Database) -> None:
    month.close(database, "2025-04", "small", actor="cli:zoe", out_of_order=True)
    [balance] = call("cabinet", "GET", "/v1/partners/B/balance").json["items"]
    path, rows = "/v1/partners/B/statement?limit=1", []
    while True:
        page = call("cabinet", "GET", path).json
        rows += page["items"]
        if page["next"] is None:
            break
        path = f"/v1/partners/B/statement?limit=1&cursor={page['next']}"
    assert sum(row["amount_minor"] for row in rows) == balance["owed_minor"]
    assert len({row["entry_id"] for row in rows}) == len(rows)


def test_a_hold_shows_the_partner_the_public_reason_alone(call: Callable[..., TestResponse]) -> None:
    [line] = [row for row in call("owner", "GET", "/v1/partners/B/earnings?month=2025-03").json["items"] if row["level"] == 1][:1]
    body = {"id": "h1", "month": "2025-03", "reason": "shares a card with F", "public_reason": "We look at an order."}
    body |= {"bonus": line["bonus"], "level": 1, "class": line["class"], "source_id": line["source_id"], "amount_minor": 1}
    assert call("cabinet", "POST", "/v1/partners/B/holds", body).status_code == 403
    placed = call("compliance", "POST", "/v1/partners/B/holds", body)
    assert (placed.status_code, placed.json["state"]) == (201, "placed")
    seen = call("cabinet", "GET", "/v1/partners/B/holds")
    assert "We look at an order." in seen.text
    assert "card" not in seen.text
    assert call("cabinet", "GET", "/v1/partners/B/balance").json["items"][0]["held_minor"] == 1
    assert call("compliance", "POST", "/v1/partners/A/holds/h1/release").status_code == 404
    assert call("compliance", "POST", "/v1/partners/B/holds/h1/release").json["state"] == "released"


@pytest.mark.parametrize(
    ("start", "body", "found", "key"),
    [
        ("/v1/plans/small/months/2025-03/recalculate", {}, "difference", "differing"),
        ("/v1/orders/B-2/impact", {"plan": "small", "day": "2025-04-02"}, "impact", "changed_lines"),
    ],
)
def test_what_would_be_is_a_run_to_follow(
    call: Callable[..., TestResponse], start: str, body: dict[str, Any], found: str, key: str
) -> None:
    begun = call("anna", "POST", start, body)
    assert begun.status_code == 202, begun.json
    run_id, deadline = begun.json["run_id"], time.monotonic() + 300
    while call("anna", "GET", f"/v1/runs/{run_id}").json["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    answer = call("anna", "GET", f"/v1/runs/{run_id}/{found}")
    assert answer.status_code == 200, answer.json
    assert answer.json[key] == len(answer.json["lines"])
    assert (key == "differing") == (answer.json[key] == 0), "nothing changed since the close; a refund changes something"
    other = "impact" if found == "difference" else "difference"
    assert call("anna", "GET", f"/v1/runs/{run_id}/{other}").status_code == 404
    assert call("anna", "GET", f"/v1/runs/run-0/{found}").status_code == 404


@pytest.mark.parametrize("day", ["2025-2-1", "2025-02-30", "20250201", "１２"])
def test_a_day_is_a_day(call: Callable[..., TestResponse], day: str) -> None:
    answer = call("anna", "POST", "/v1/payout-batches", {"id": "march", "currency": "USD", "day": day})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid-fields")
