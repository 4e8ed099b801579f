"""Adding and finding partners."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Flask

from graphsvc import network
from graphsvc.query.runner import Database
from tests.api.conftest import Call

NEW = {
    "id": "N",
    "joined_at": "2025-03-01T10:00:00+03:00",
    "sponsor_id": "C",
    "name": "Nora",
    "type": "affiliate",
    "country": "DE",
}


def test_a_partner_is_added_once_and_answered_alike(call: Call, ask: Callable[..., list[dict[str, Any]]]) -> None:
    first = call("integration", "POST", "/v1/partners", json=NEW)
    assert first.status_code == 201
    assert first.headers["Location"] == "/v1/partners/N"
    assert first.json == NEW | {"joined_at": "2025-03-01T07:00:00Z", "status": "active", "level": 4, "frontline": 0}
    again = call("integration", "POST", "/v1/partners", json=NEW | {"joined_at": "2025-03-01T07:00:00Z"})
    assert (again.status_code, again.data) == (201, first.data)
    stored = ask(
        "MATCH (p:Partner {id: 'N'})-[s:SPONSORED_BY]->(c) "
        "RETURN p.seq AS seq, p.level AS level, c.id AS sponsor, s.partner_id AS edge"
    )
    assert stored == [{"seq": 7, "level": 4, "sponsor": "C", "edge": "N"}]
    assert ask("MATCH (c:Counter {name: 'partner'}) RETURN c.value AS n") == [{"n": 8}]


def test_another_partner_under_the_id_is_refused(call: Call) -> None:
    call("owner", "POST", "/v1/partners", json=NEW)
    for change in (
        {"name": "Nina"},
        {"sponsor_id": "B"},
        {"country": "FR"},
        {"joined_at": "2025-03-01"},
        {"status": "suspended"},
    ):
        answer = call("owner", "POST", "/v1/partners", json=NEW | change)
        assert (answer.status_code, answer.json["code"]) == (409, "partner-exists")
        assert answer.json["about"] == {"different": list(change)}
    assert call("owner", "GET", "/v1/partners/N").json["name"] == "Nora"


def test_twenty_at_once_make_one(app: Flask, held: dict[str, str], ask: Callable[..., list[dict[str, Any]]]) -> None:
    answers: list[Any] = []

    def post() -> None:
        answers.append(app.test_client().post("/v1/partners", json=NEW, headers={"X-API-Key": held["owner"]}))

    threads = [threading.Thread(target=post) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {a.status_code for a in answers} == {201}
    assert len({a.data for a in answers}) == 1
    assert ask("MATCH (p:Partner {id: 'N'}) RETURN count(p) AS n, max(p.seq) AS seq") == [{"n": 1, "seq": 7}]
    assert ask("MATCH (c:Counter {name: 'partner'}) RETURN c.value AS n") == [{"n": 8}]


def test_a_partner_made_here_is_as_an_imported_one(tree: Database) -> None:
    day = network.create(tree, network.NewPartner("day", "2025-03-01"))
    time = network.create(tree, network.NewPartner("time", "2025-03-01T00:00:00.25Z", "day", name=""))
    assert day["joined_at"] == dt.date(2025, 3, 1)
    assert time["joined_at"] == dt.datetime(2025, 3, 1, 0, 0, 0, 250_000, dt.UTC)
    assert (day["level"], time["level"], time["name"]) == (0, 1, None)


def test_every_id_has_an_address(call: Call) -> None:
    for partner_id in ("a/b", "a%2Fb", "%", "a b", "ä?x=1#y", "..", "a;b", "+", "children"):
        made = call("owner", "POST", "/v1/partners", json={"id": partner_id, "joined_at": "2025-01-01", "sponsor_id": "A"})
        assert made.status_code == 201, made.json
        for path in (made.headers["Location"], f"/v1/partners/{quote(partner_id, safe='')}"):
            if partner_id != "..":  # clients take it for the folder above
                assert call("owner", "GET", path).json["id"] == partner_id
                assert call("owner", "GET", f"{path}/upline").json["items"][0]["id"] == "A"


def test_a_search_finds_starts_of_ids_and_words(call: Call) -> None:
    for partner_id, name in (("P-100", "Anna-Maria O'Neil"), ("P-101", "Анна Ёлкина"), ("Q-1", "anna p")):
        call("owner", "POST", "/v1/partners", json={"id": partner_id, "joined_at": "2025-01-01", "sponsor_id": "A", "name": name})
    for words, found in (
        ("P-1", ["P-100", "P-101"]),
        ("ann", ["P-100", "Q-1"]),
        ("ANNA MAR", ["P-100"]),
        ("anna-m", ["P-100"]),
        ("o'nei", ["P-100"]),
        ("ёлк анн", ["P-101"]),
        ("nothing such", []),
    ):
        for role in ("owner", "cabinet"):
            answer = call(role, "GET", "/v1/partners", query_string={"q": words})
            assert [row["id"] for row in answer.json["items"]] == found, (role, words)
