"""Who may do what, cell by cell; and that what is not yours looks like what does not exist."""

from __future__ import annotations

import hashlib

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.access import ACCESS
from graphsvc import keys
from graphsvc.query.runner import Database
from tests.api.conftest import Call
from tests.api.rows import ALL, ROWS, Row

BY_NAME = {r.operation: r for r in ROWS}
OF_PARTNERS = [r for r in ROWS if "{p}" in r.path and "cabinet" in r.roles]


def shown(rows: list[Row]) -> list[str]:
    return [r.operation for r in rows]


def test_every_operation_has_a_row(app: Flask) -> None:
    served = {getattr(view, "operation_id", None) for view in app.view_functions.values()} - {None}
    assert served == set(ACCESS) == set(BY_NAME)


@pytest.mark.parametrize("wanted", ROWS, ids=shown(ROWS))
def test_each_role_gets_what_its_row_says(call: Call, wanted: Row) -> None:
    assert call(None, wanted.method, wanted.path.format(p="A"), json=wanted.body).status_code == 401
    for role in sorted(ALL):
        answer = call(role, wanted.method, wanted.path.format(p="A"), json=wanted.body)
        assert answer.status_code == (wanted.status if role in wanted.roles else 403), (role, answer.json)
        if answer.status_code < 300 and wanted.keys:
            assert set(answer.json or {}) == wanted.keys


@pytest.mark.parametrize("wanted", OF_PARTNERS, ids=shown(OF_PARTNERS))
def test_foreign_and_absent_are_the_same_bytes(call: Call, wanted: Row) -> None:
    answers = [call("cabinet", wanted.method, wanted.path.format(p=p)) for p in ("E", "F", "R", "nobody", "A%00", "%20A")]
    assert {a.status_code for a in answers} == {404}
    assert len({a.data for a in answers}) == 1
    assert len({tuple(sorted((k, v) for k, v in a.headers.items() if k != "X-Request-Id")) for a in answers}) == 1
    for p in ("A", "B", "C", "D"):
        seen = wanted.status if p == "A" or not wanted.own else 404
        assert call("cabinet", wanted.method, wanted.path.format(p=p)).status_code == seen


def test_a_cabinet_sees_nothing_above_or_beside_itself(call: Call) -> None:
    assert call("cabinet", "GET", "/v1/partners/A").json["sponsor_id"] is None
    assert call("owner", "GET", "/v1/partners/A").json["sponsor_id"] == "R"
    assert [r["id"] for r in call("cabinet", "GET", "/v1/partners/C/upline").json["items"]] == ["B", "A"]
    assert call("cabinet", "GET", "/v1/partners/C/upline").json["items"][-1]["sponsor_id"] is None
    assert call("cabinet", "GET", "/v1/partners/A/upline").json["items"] == []
    found = call("cabinet", "GET", "/v1/partners?q=name").json["items"]
    assert [(r["id"], r["sponsor_id"]) for r in found] == [("A", None), ("B", "A"), ("C", "B"), ("D", "A")]
    assert call("cabinet", "GET", "/v1/partners?q=E").json["items"] == []
    assert [r["id"] for r in call("owner", "GET", "/v1/partners?q=E").json["items"]] == ["E"]


def test_only_those_who_see_all_are_told_what_is_near(call: Call) -> None:
    call("owner", "POST", "/v1/partners", json={"id": "partner-17", "joined_at": "2025-01-01"})
    assert "partner-17" in call("owner", "GET", "/v1/partners/partner-71").json["detail"]
    assert "partner-17" not in call("cabinet", "GET", "/v1/partners/partner-71").json["detail"]


def test_bad_keys_all_look_alike(client: FlaskClient, held: dict[str, str], database: Database) -> None:
    good = held["owner"]
    other = "0" if good[-1] != "0" else "1"
    sent = [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {good}"},
        {"Authorization": f"Bearer {good[:-1]}{other}"},
        {"Authorization": f"Bearer gs_{'0' * 12}_{'0' * 64}"},
        {"Authorization": f"Bearer {good}x"},
        {"X-API-Key": "gs_１２_3"},
        {"X-API-Key": good, "Authorization": f"Bearer {held['cabinet']}"},
    ]
    answers = [client.get("/v1/partners/A", headers=headers) for headers in sent]
    keys.revoke(database, keys.create(database, "owner").id)
    revoked = keys.create(database, "owner")
    assert client.get("/v1/partners/A", headers={"X-API-Key": revoked.text}).status_code == 200
    keys.revoke(database, revoked.id)
    answers.append(client.get("/v1/partners/A", headers={"X-API-Key": revoked.text}))
    assert {a.status_code for a in answers} == {401}
    assert len({a.data for a in answers}) == 1
    assert all(a.headers["WWW-Authenticate"].startswith("Bearer") for a in answers)


def test_only_a_digest_of_a_key_is_kept(database: Database, ask) -> None:  # type: ignore[no-untyped-def]
    made = keys.create(database, "compliance")
    secret = made.text.rsplit("_", 1)[1]
    stored = ask("MATCH (k:ApiKey) RETURN properties(k) AS p")[0]["p"]
    assert secret not in str(stored)
    assert stored["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in repr(made)
    assert [(k.id, k.role, k.revoked_at) for k in keys.listed(database)] == [(made.id, "compliance", None)]
