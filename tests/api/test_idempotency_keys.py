"""What an idempotency key looks like, and where the document names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from api import idempotency
from graphsvc import keys, network
from graphsvc.query.runner import Database
from tests.api.test_idempotency import is_replay, sent

Ask = Callable[..., list[dict[str, Any]]]

BAD = [
    "",
    " ",
    '""',
    '"a',
    'a"',
    'a"b',
    '"a"b"',
    "a\\b",
    '"a\\b"',
    '"a\\"',
    "a\tb",
    "a\x7fb",
    '"é"',
    "ключ".encode().decode("latin-1"),
]
BAD += ["a,b", '"a", "b"', '"a";q=1', "x" * 256, '"' + "x" * 256 + '"']


@pytest.mark.parametrize("key", BAD, ids=ascii)
def test_what_is_no_key_is_refused_with_the_right_form(app: Flask, database: Database, key: str) -> None:
    owner = keys.create(database, "owner").text
    answer = sent(app, key, "/v1/partners", {"id": "N", "joined_at": "2025-03-01"}, owner)
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency-key-malformed")
    assert 'Idempotency-Key: "order-1001"' in answer.json["detail"]
    assert network.visible(database, "N") is None
    assert app.test_client().get("/v1/runs", headers={"X-API-Key": owner, idempotency.HEADER: key}).status_code == 200


def test_a_key_may_be_spelled_in_two_ways(app: Flask, database: Database, ask: Ask) -> None:
    owner = keys.create(database, "owner").text
    pairs = [("k", '"k"'), ("a b;c=d", '"a b;c=d"'), ("x" * 255, f'"{"x" * 255}"'), ('"a\\"b\\\\,c"', '"a\\"b\\\\,c"')]
    for number, (first, second) in enumerate(pairs):
        body = {"id": f"N{number}", "joined_at": "2025-03-01"}
        assert [is_replay(sent(app, key, "/v1/partners", body, owner)) for key in (first, second)] == [False, True]
    stored = {row["key"] for row in ask("MATCH (k:IdempotencyKey) RETURN k.key AS key")}
    assert stored == {"k", "a b;c=d", "x" * 255, 'a"b\\,c'}


def test_the_document_names_the_header_at_every_change(app: Flask) -> None:
    document = app.test_client().get("/openapi.json").json
    for item in document["paths"].values():
        for method in ("get", "post", "put", "patch", "delete"):
            named = [p for p in item.get(method, {}).get("parameters", ()) if p["name"] == idempotency.HEADER]
            assert len(named) == (method != "get" and method in item)
            for parameter in named:
                assert parameter["in"] == "header"
                assert parameter["example"]
                assert "30 days" in parameter["description"]
                assert {"400", "409", "422"} <= set(item[method]["responses"])
                success = next(r for s, r in item[method]["responses"].items() if s[0] == "2")
                assert idempotency.REPLAYED in success["headers"]
