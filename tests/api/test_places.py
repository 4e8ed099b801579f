"""Places over HTTP: given once, told alike, and nothing of anybody whom a cabinet key may not see."""

from __future__ import annotations

import pytest

from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.api.conftest import Call
from tests.month import small

TREES = {
    "legs": {"kind": "binary", "placement": "left", "holding_days": 0},
    "board": {"kind": "matrix", "width": 3, "placement": "by_enroller", "holding_days": 0},
}


@pytest.fixture
def plan(tree: Database) -> None:
    bonuses = [small.PLAN["bonuses"][0] | {"name": name, "tree": name} for name in TREES]
    store.publish(tree, small.plan(trees=TREES, standings_tree="sponsor", bonuses=bonuses))


def test_a_place_is_given_once_and_answered_alike(call: Call, plan: None) -> None:
    body = {"plan": "small", "tree": "legs"}
    first = call("integration", "POST", "/v1/partners/A/places", json=body)
    assert first.status_code == 201
    assert first.json | {"since": ""} == {"tree": "legs", "parent_id": "R", "leg": 1, "level": 1, "since": ""}
    assert call("owner", "POST", "/v1/partners/A/places", json=body).data == first.data
    assert call("owner", "POST", "/v1/partners/E/places", json=body).json["parent_id"] == "A"  # R's left leg goes on below A
    named = body | {"tree": "board", "under_id": "R", "leg": 3}
    assert call("owner", "POST", "/v1/partners/A/places", json=named).json["leg"] == 3
    listed = call("owner", "GET", "/v1/partners/A/places").json["items"]
    assert [(x["tree"], x["parent_id"], x["leg"]) for x in listed] == [("board", "R", 3), ("legs", "R", 1)]
    assert call("owner", "GET", "/v1/partners/B/places").json == {"items": []}


def test_a_cabinet_sees_no_parent_outside_its_team(call: Call, plan: None) -> None:
    for partner in ("A", "E", "B"):
        call("owner", "POST", f"/v1/partners/{partner}/places", json={"plan": "small", "tree": "legs"})
    seen = {p: call("cabinet", "GET", f"/v1/partners/{p}/places").json["items"][0] for p in ("A", "B")}
    assert (seen["A"]["parent_id"], seen["A"]["level"]) == (None, 1)
    assert (seen["B"]["parent_id"], seen["B"]["level"]) == (None, 3)  # B stands under E, who is not of A's team
    assert call("owner", "GET", "/v1/partners/B/places").json["items"][0]["parent_id"] == "E"
    assert call("cabinet", "GET", "/v1/partners/E/places").status_code == 404


def test_what_cannot_be_placed_is_a_problem(call: Call, plan: None) -> None:
    body = {"plan": "small", "tree": "board", "under_id": "R", "leg": 1}
    assert call("owner", "POST", "/v1/partners/A/places", json=body).status_code == 201
    for partner, change, status, code in (
        ("E", {}, 409, "place-taken"),
        ("A", {"leg": 2}, 409, "placed-already"),
        ("E", {"leg": 4}, 422, "place-unfit"),
        ("E", {"tree": "wreath"}, 404, "tree-unknown"),
        ("E", {"plan": "other"}, 404, "plan-unknown"),
        ("E", {"leg": "2"}, 422, "invalid-fields"),
        ("E", {"side": "left"}, 422, "invalid-fields"),
        ("X", {}, 404, "partner-unknown"),
    ):
        answer = call("owner", "POST", f"/v1/partners/{partner}/places", json=body | change)
        assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
