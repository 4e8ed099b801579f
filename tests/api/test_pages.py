"""Pages: together they hold every row once, and a cursor is good for one caller and one question only."""

from __future__ import annotations

import base64
import random
from typing import Any

import pytest

from graphsvc import network
from graphsvc.query.runner import Database
from tests.api.conftest import CABINET_OF, Call


def walk(call: Call, role: str, path: str, limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    pages = 0
    while cursor is not None or not pages:
        page = f"limit={limit}" + (f"&cursor={cursor}" if cursor else "")
        answer = call(role, "GET", f"{path}{'&' if '?' in path else '?'}{page}")
        assert answer.status_code == 200, answer.json
        assert len(answer.json["items"]) <= limit
        found += answer.json["items"]
        cursor = answer.json["next"]
        pages += 1
        assert pages < 200
    return found


@pytest.fixture
def bushy(tree: Database, seed: random.Random) -> dict[str, str]:
    """child -> sponsor of forty more partners at random places below A."""
    sponsors = {"B": "A", "C": "B", "D": "A"}
    for number in range(40):
        partner_id = f"x{seed.randrange(1000):03d}-{number}"
        sponsors[partner_id] = seed.choice(list(sponsors))
        network.create(tree, network.NewPartner(partner_id, "2025-01-01", sponsors[partner_id]))
    return sponsors


@pytest.mark.parametrize("role", ["owner", "cabinet"])
def test_a_downline_is_walked_once(call: Call, bushy: dict[str, str], role: str) -> None:
    whole = walk(call, role, "/v1/partners/A/downline", 1000)
    assert {row["id"]: row["sponsor_id"] for row in whole} == bushy
    assert whole == sorted(whole, key=lambda row: (row["level"], row["id"]))
    depths = {"A": 0}
    for row in whole:
        depths[row["id"]] = depths[row["sponsor_id"]] + 1
        assert row["depth"] == depths[row["id"]] == row["level"] - 1
    for limit in (1, 7):
        assert walk(call, role, "/v1/partners/A/downline", limit) == whole
    assert walk(call, role, "/v1/partners/A/downline?depth=2", 5) == [row for row in whole if row["depth"] <= 2]


def test_children_upline_and_search_are_walked_once(call: Call, bushy: dict[str, str]) -> None:
    for sponsor in ("A", "B"):
        children = sorted(child for child, of in bushy.items() if of == sponsor)
        assert [row["id"] for row in walk(call, "owner", f"/v1/partners/{sponsor}/children", 3)] == children
    deepest = walk(call, "owner", "/v1/partners/A/downline", 1000)[-1]["id"]
    expected = []
    at = deepest
    while at in bushy:
        at = bushy[at]
        expected.append(at)
    assert [row["id"] for row in walk(call, "owner", f"/v1/partners/{deepest}/upline", 1)] == [*expected, "R"]
    assert [row["id"] for row in walk(call, "cabinet", f"/v1/partners/{deepest}/upline", 1)] == expected
    for role in ("owner", "cabinet"):
        assert [row["id"] for row in walk(call, role, "/v1/partners?q=x", 4)] == sorted(c for c in bushy if c.startswith("x"))


def test_a_cursor_is_good_for_one_caller_and_one_question(call: Call) -> None:
    first = call("owner", "GET", "/v1/partners/A/downline?limit=1").json["next"]
    assert call("owner", "GET", f"/v1/partners/A/downline?limit=2&cursor={first}").status_code == 200
    elsewhere = [
        ("cabinet", f"/v1/partners/{CABINET_OF}/downline?cursor={first}"),
        ("owner", f"/v1/partners/R/downline?cursor={first}"),
        ("owner", f"/v1/partners/A/downline?depth=1&cursor={first}"),
        ("owner", f"/v1/partners/A/children?cursor={first}"),
    ]
    for role, path in elsewhere:
        answer = call(role, "GET", path)
        assert (answer.status_code, answer.json["code"]) == (400, "bad-cursor"), path


def test_a_damaged_cursor_is_refused(call: Call, seed: random.Random) -> None:
    good = call("owner", "GET", "/v1/partners/A/downline?limit=1").json["next"]
    bad = ["A", "!!!!", "%00", good[:-1], good + "A", good + "=", good[4:], good.swapcase(), "x" * 500]
    bad += [base64.urlsafe_b64encode(b'[2,"B"]' + bytes(12)).decode(), base64.urlsafe_b64encode(b"[" * 300).decode()]
    for _ in range(30):
        place = seed.randrange(len(good))
        bad.append(good[:place] + ("A" if good[place] != "A" else "B") + good[place + 1 :])
    for cursor in bad:
        answer = call("owner", "GET", "/v1/partners/A/downline", query_string={"cursor": cursor})
        assert (answer.status_code, answer.json["code"]) == (400, "bad-cursor"), cursor
