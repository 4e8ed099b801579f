"""A commit whose answer was lost: the client sends the same request under the same key again, and there is one effect."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from api import create_app, idempotency
from graphsvc import keys
from graphsvc.query import runner
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from tests import chance
from tests.query.proxy import Cut
from tests.server import Address

TRIES = 50
# What the last query is in each transaction that a new partner under a key goes through.
COMMITS = ("idempotency.take", "network.enrol", "idempotency.finish")


def test_nothing_is_lost_and_nothing_is_done_twice(
    endpoint: Address,
    database: Database,
    ask: Callable[..., list[dict[str, Any]]],
    seed: random.Random,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    key, count = keys.create(database, "integration").text, chance.cases(TRIES)
    run, armed = runner.Transaction.run, [""]

    with Cut(endpoint.uri) as way, Database(way.uri, endpoint.user, endpoint.password, database=endpoint.database) as far:

        def cut_after(transaction: runner.Transaction, name: str, /, **params: Any) -> list[Row]:
            rows = run(transaction, name, **params)
            if name == armed[0]:
                armed[0] = ""
                way.cut(heard=seed.random() < 0.5)
            return rows

        monkeypatch.setattr(runner.Transaction, "run", cut_after)
        client = create_app(lambda _seconds: far).test_client()
        for number in range(count):
            body = {"id": f"P{number}", "joined_at": "2025-03-01", "sponsor_id": f"P{number // 2}" if number else None}
            headers = {"X-API-Key": key, idempotency.HEADER: f"new partner {number}"}
            sent = {"json": {name: value for name, value in body.items() if value is not None}, "headers": headers}
            armed[0] = seed.choice(COMMITS)
            lost = client.post("/v1/partners", **sent)
            assert (lost.status_code, armed[0]) == (503, ""), lost.json
            way.mend()
            answer = client.post("/v1/partners", **sent)
            if answer.status_code == 409:  # nobody knows whether the first is still at it
                assert answer.json["code"] == "idempotency-key-running"
                ask("MATCH (k:IdempotencyKey) SET k.lease_until = k.lease_until - duration({seconds: 61})")
                answer = client.post("/v1/partners", **sent)
            assert (answer.status_code, answer.json["id"]) == (201, body["id"]), answer.json
            again = client.post("/v1/partners", **sent)
            assert (again.data, again.headers[idempotency.REPLAYED]) == (answer.data, "true")

    seen = ask("MATCH (p:Partner) RETURN count(p) AS n, count(DISTINCT p.id) AS ids, count(DISTINCT p.seq) AS seqs")
    assert seen == [{"n": count, "ids": count, "seqs": count}]
    assert ask("MATCH (c:Counter {name: 'partner'}) RETURN c.value AS n") == [{"n": count}]
    assert ask("MATCH ()-[s:SPONSORED_BY]->() RETURN count(s) AS n") == [{"n": count - 1}]
