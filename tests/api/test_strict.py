"""Bodies and query strings that must not be taken: each is a clear 4xx, none is a 500, none is silently changed."""

from __future__ import annotations

import json

import pytest

from graphsvc import network
from graphsvc.query.runner import Database
from tests.api.conftest import CABINET_OF, Call

OWN = {"id": "N", "joined_at": "2025-03-01"}


@pytest.fixture
def tree(database: Database) -> Database:
    """One partner is enough here."""
    network.create(database, network.NewPartner(CABINET_OF, "2025-01-01"))
    return database


def with_(**changes: object) -> bytes:
    return json.dumps(OWN | changes).encode()


# name -> (body, status, code, what the answer must say)
BODIES: dict[str, tuple[bytes, int, str, str]] = {
    "deep": (b"[" * 100_000 + b"]" * 100_000, 400, "malformed-body", "deeper"),
    "deep in an object": (b'{"id":' * 60_000, 400, "malformed-body", "deeper"),
    "deep, never closed": (b"[" * 500_000, 400, "malformed-body", "deeper"),
    "long number": (b'{"id": ' + b"9" * 5_000 + b"}", 400, "malformed-body", "number"),
    "long exponent": (b'{"id": 1e' + b"9" * 5_000 + b"}", 400, "malformed-body", "number"),
    "long fraction": (b'{"id": 0.' + b"1" * 5_000 + b"}", 400, "malformed-body", "number"),
    "lone surrogate": (b'{"id": "\\ud800", "joined_at": "2025-03-01"}', 400, "malformed-body", "surrogate"),
    "lone surrogate in a key": (b'{"\\udfff": 1}', 400, "malformed-body", "surrogate"),
    "surrogate bytes": (b'{"id": "\xed\xa0\x80"}', 400, "malformed-body", "UTF-8"),
    "invalid utf-8": (b'{"id": "\xff"}', 400, "malformed-body", "UTF-8"),
    "utf-16": ('{"id": "N"}'.encode("utf-16"), 400, "malformed-body", "UTF-8"),
    "bom": (b"\xef\xbb\xbf" + with_(), 400, "malformed-body", "JSON"),
    "duplicate keys": (b'{"id": "N", "id": "M", "joined_at": "2025-03-01"}', 400, "malformed-body", "twice"),
    "duplicate keys inside": (b'{"id": {"a": 1, "a": 2}}', 400, "malformed-body", "twice"),
    "NaN": (b'{"id": NaN}', 400, "malformed-body", "NaN"),
    "Infinity": (b'{"id": -Infinity}', 400, "malformed-body", "Infinity"),
    "empty": (b"", 400, "malformed-body", "JSON"),
    "not json": (b"id=N", 400, "malformed-body", "JSON"),
    "two documents": (with_() + with_(), 400, "malformed-body", "JSON"),
    "an array": (b"[]", 400, "malformed-body", "object"),
    "null": (b"null", 400, "malformed-body", "object"),
    "a string": (b'"N"', 400, "malformed-body", "object"),
    "huge": (b'{"id": "' + b"x" * 2_000_000 + b'"}', 413, "body-too-large", "larger"),
    "unknown key": (with_(nmae="x"), 422, "invalid-fields", "nmae"),
    "prototype": (with_(__proto__={}), 422, "invalid-fields", "__proto__"),
    "seq may not be chosen": (with_(seq=1), 422, "invalid-fields", "seq"),
    "level may not be chosen": (with_(level=1), 422, "invalid-fields", "level"),
    "number for a text": (with_(id=1), 422, "invalid-fields", "text"),
    "1.9 for a text": (b'{"id": 1.9, "joined_at": "2025-03-01"}', 422, "invalid-fields", "text"),
    "true for a text": (with_(id=True), 422, "invalid-fields", "text"),
    "null for a text": (with_(id=None), 422, "invalid-fields", "null"),
    "list for a text": (with_(id=["N"]), 422, "invalid-fields", "text"),
    "missing": (b"{}", 422, "invalid-fields", "missing"),
    "empty id": (with_(id=""), 422, "invalid-fields", "empty"),
    "long id": (with_(id="x" * 129), 422, "invalid-fields", "128"),
    "NUL": (with_(id="a\0b"), 422, "bad-input", "U+0000"),
    "right-to-left override": (with_(id="a\u202eb"), 422, "bad-input", "U+202E"),
    "zero width": (with_(id="a\u200bb"), 422, "bad-input", "U+200B"),
    "not normalised": (with_(id="e\u0301"), 422, "bad-input", "NFC"),
    "spaces around": (with_(id=" N "), 422, "bad-input", "spaces"),
    "no such day": (with_(joined_at="2025-02-30"), 422, "bad-input", "joined_at"),
    "no zone": (with_(joined_at="2025-03-01T12:00:00"), 422, "bad-input", "+03:00"),
    "full-width digits": (with_(joined_at="２０２５-03-01"), 422, "bad-input", "joined_at"),
    "own sponsor": (with_(sponsor_id="N"), 422, "bad-input", "itself"),
    "no such sponsor": (with_(sponsor_id="nobody"), 422, "sponsor-unknown", "nobody"),
    "no such status": (with_(status="gone"), 422, "bad-input", "active"),
    "no such country": (with_(country="de"), 422, "bad-input", "DE"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_a_clear_refusal(call: Call, name: str) -> None:
    body, status, code, said = BODIES[name]
    answer = call("owner", "POST", "/v1/partners", data=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert said in answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert len(answer.data) < 5_000
    assert call("owner", "GET", "/v1/partners/N").status_code == 404


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"])
def test_other_content_types_are_refused(call: Call, kind: str) -> None:
    answer = call("owner", "POST", "/v1/partners", data=with_(), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported-media-type")


def test_a_compressed_body_is_refused(call: Call) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert call("owner", "POST", "/v1/partners", data=with_(), headers=headers).status_code == 415


def test_text_of_every_script_is_kept_as_it_is(call: Call) -> None:
    name = "Ёжик \U0001f469\u200d\U0001f4bb نام"
    made = call("owner", "POST", "/v1/partners", json=OWN | {"id": "Ё-'}) DETACH DELETE n //", "name": name})
    assert made.status_code == 201, made.json
    again = call("owner", "GET", made.headers["Location"])
    assert (again.json["id"], again.json["name"]) == ("Ё-'}) DETACH DELETE n //", name)


FLAGS = [b"1", b"1.9", b'"true"', b"null", b"[]", '"１２"'.encode()]


@pytest.mark.parametrize("value", FLAGS)
def test_only_true_and_false_are_flags(call: Call, value: bytes) -> None:
    answer = call(
        "owner",
        "POST",
        "/v1/plans/none/months/2025-03/close",
        data=b'{"out_of_order": ' + value + b"}",
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json["errors"][0]["where"]) == (422, "body.out_of_order")


QUERIES = {
    "limit=1.9": "query.limit",
    "limit=0": "query.limit",
    "limit=1001": "query.limit",
    "limit=-1": "query.limit",
    "limit=1_0": "query.limit",
    "limit=+1": "query.limit",
    "limit=%201": "query.limit",
    "limit=01": "query.limit",
    "limit=": "query.limit",
    "limit=true": "query.limit",
    "limit=%EF%BC%91%EF%BC%92": "query.limit",
    "limit=" + "9" * 500: "query.limit",
    "limit=1e1": "query.limit",
    "limit=1&limit=2": "query.limit",
    "depth=0": "query.depth",
    "depth=NaN": "query.depth",
    "lim%69t=5&dpth=1": "query.dpth",
    "__proto__=1": "query.__proto__",
}


@pytest.mark.parametrize("query", QUERIES)
def test_a_bad_parameter_is_named(call: Call, query: str) -> None:
    answer = call("owner", "GET", f"/v1/partners/A/downline?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid-fields"), answer.json
    assert [e["where"] for e in answer.json["errors"]] == [QUERIES[query]]


def test_the_nearest_parameter_is_offered(call: Call) -> None:
    error = call("owner", "GET", "/v1/partners/A/downline?dpth=1").json["errors"][0]
    assert "depth" in error["fix"]


@pytest.mark.parametrize("query", ["limit", "limit=%ff", "limit=%ED%A0%80", "limit=%4", "&&=&", "a=1&" * 50 + "b=2"])
def test_a_broken_query_string_is_refused(call: Call, query: str) -> None:
    answer = call("owner", "GET", f"/v1/partners/A/downline?{query}")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed-request"), answer.json


def test_months_are_months(call: Call) -> None:
    for month in ("2025-13", "2025-3", "March", "２０２５-03", "2025-03-01", "0000-01"):
        assert call("owner", "GET", f"/v1/partners/A/team?month={month}").status_code == 422


def test_sizes_of_urls_and_headers_are_bounded(call: Call) -> None:
    assert call("owner", "GET", "/v1/partners?q=" + "a" * 3_000).json["code"] == "url-too-long"
    assert call("owner", "GET", "/v1/partners/A", headers={"X-Long": "a" * 20_000}).json["code"] == "headers-too-large"
    many = {f"X-{n}": "a" for n in range(100)}
    assert call("owner", "GET", "/v1/partners/A", headers=many).json["code"] == "headers-too-large"


def test_a_body_where_none_belongs_is_refused(call: Call) -> None:
    answer = call("owner", "GET", "/v1/partners/A", data=b"{}", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json["code"]) == (400, "malformed-request")


WORDS = [
    "' OR 1=1 //",
    "`",
    "\\",
    "a AND",
    "*",
    "a*b?",
    "[x TO y]",
    "id:A",
    "(((",
    '"',
    "~~~",
    "!",
    "{}",
    "A^9",
    "&& ||",
    "\t",
    "\x07",
    "\0",
]


@pytest.mark.parametrize("words", WORDS)
def test_no_search_text_is_a_question_of_its_own(call: Call, words: str) -> None:
    for role in ("owner", "cabinet"):
        answer = call(role, "GET", "/v1/partners", query_string={"q": words})
        assert answer.status_code in (200, 422), answer.json
        assert not (answer.json.get("items") and words == "*")
