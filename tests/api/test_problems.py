"""One shape of error everywhere, and nothing of the database in it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app, problems
from graphsvc import keys
from graphsvc.errors import Code
from graphsvc.query.runner import Database
from tests.api.conftest import Call
from tests.api.rows import ROWS

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


def is_problem(answer, status: int, code: str) -> None:  # type: ignore[no-untyped-def]
    body = answer.json
    assert answer.status_code == status == body["status"]
    assert answer.content_type == "application/problem+json"
    assert body["code"] == code
    assert body["type"] == f"urn:graphsvc:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert set(body) <= {"type", "title", "status", "detail", "code", "errors", "count", "about"}
    for name, value in SECURITY.items():
        assert answer.headers[name] == value
    assert answer.headers["X-Request-Id"]


def test_every_code_has_a_status_and_a_title() -> None:
    assert set(problems.STATUSES) == {*Code, *problems.HttpCode}


@pytest.mark.parametrize("wanted", ROWS, ids=[r.operation for r in ROWS])
def test_every_operation_refuses_in_the_one_shape(call: Call, wanted) -> None:  # type: ignore[no-untyped-def]
    path = wanted.path.format(p="A")
    is_problem(call(None, wanted.method, path, json=wanted.body), 401, "unauthenticated")
    joined = f"{path}{'&' if '?' in path else '?'}no_such=1"
    is_problem(call("owner", wanted.method, joined, json=wanted.body), 422, "invalid-fields")
    is_problem(call("owner", "DELETE", path.partition("?")[0]), 405, "method-not-allowed")
    answer = call("owner", wanted.method, path, json=wanted.body, headers={"Accept": "text/csv"})
    is_problem(answer, 406, "not-acceptable")
    if wanted.body is not None:
        is_problem(
            call("owner", wanted.method, path, data="x", headers={"Content-Type": "text/plain"}), 415, "unsupported-media-type"
        )
        big = {"Content-Type": "application/json", "Content-Length": str(2**21)}
        is_problem(call("owner", wanted.method, path, data=b"x" * 2**21, headers=big), 413, "body-too-large")


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/v1", "/v1/partner/A", "/docs/../secret", "/docs/package.json", "//v1/partners/A"]
)
def test_what_is_not_there_is_a_problem(client: FlaskClient, path: str) -> None:
    is_problem(client.get(path), 404, "not-found")


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.put("/v1/partners")
    is_problem(answer, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_request_id_is_kept_if_it_is_one(client: FlaskClient) -> None:
    assert client.get("/livez", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"
    assert client.get("/livez", headers={"X-Request-Id": "a b\t<c>"}).headers["X-Request-Id"] != "a b\t<c>"


@pytest.fixture
def broken() -> Flask:
    """The API where no database answers."""

    def open_for(_seconds: float | None) -> Database:
        nowhere = Database("bolt://127.0.0.1:9", "neo4j", "secret-of-the-test")
        nowhere.verify()  # as the service does it when it opens its database
        return nowhere

    return create_app(open_for)


def test_a_database_that_is_gone_is_a_503_without_its_words(broken: Flask) -> None:
    client = broken.test_client()
    assert client.get("/livez").status_code == 200
    for path in ("/readyz", "/v1/runs"):
        answer = client.get(path, headers={"X-API-Key": f"gs_{'0' * 12}_{'0' * 64}"})
        is_problem(answer, 503, "database-unavailable")
        assert answer.headers["Retry-After"]
        assert not [
            w for w in ("bolt", "127.0.0.1", "neo4j", "secret", "Traceback") if w in answer.get_data(as_text=True).lower()
        ]


def test_a_fault_of_ours_tells_nothing(app: Flask, held: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("MATCH (p:Partner) secret")

    monkeypatch.setattr(keys, "authenticate", fail)
    answer = app.test_client().get("/v1/runs")
    is_problem(answer, 500, "internal-error")
    assert "secret" not in answer.get_data(as_text=True)
