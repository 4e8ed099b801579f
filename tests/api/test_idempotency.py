"""One effect and one answer under one key: for every operation that changes something, sent again in every way there is."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api import create_app, idempotency
from graphsvc import idempotency as service
from graphsvc import jobs, keys, network
from graphsvc.errors import Code, Unavailable
from graphsvc.month import service as saga
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.api.changes import CASES, NEW
from tests.api.conftest import Call
from tests.graphs import build, draw
from tests.month import small

Ask = Callable[..., list[dict[str, Any]]]

UNDER_WAY = (
    "MATCH (r:Run) WHERE r.state IN ['running', 'discarding'] AND r.lease_until > datetime.realtime() RETURN count(r) AS n"
)
TREE = {"legs": {"kind": "binary", "placement": "left", "holding_days": 0}}


@pytest.fixture
def held(database: Database, tmp_path: Path) -> dict[str, str]:
    """The company with a plan to close and one with places, and a key of each role."""
    build(database, draw(small.COMPANY), tmp_path)
    store.publish(database, small.PLAN)
    bonus = small.PLAN["bonuses"][0] | {"name": "legs", "tree": "legs"}
    store.publish(database, small.plan("placed", trees=TREE, standings_tree="sponsor", bonuses=[bonus]))
    whose = {"cabinet": ("B", None)}
    return {role: keys.create(database, role, *whose.get(role, (None, "anna"))).text for role in keys.Role}


@pytest.fixture
def settled(ask: Ask) -> Iterator[Callable[[], None]]:
    """Wait until no run is under way; at the end too, so that none goes on in the next test's graph."""

    def wait() -> None:
        deadline = time.monotonic() + 120
        while ask(UNDER_WAY)[0]["n"]:
            assert time.monotonic() < deadline, "a run did not end"
            time.sleep(0.1)

    yield wait
    wait()


@pytest.fixture
def lapse(ask: Ask) -> Callable[[], None]:
    """Let the lease of every key run out."""

    def run() -> None:
        ask("MATCH (k:IdempotencyKey) SET k.lease_until = k.lease_until - duration({seconds: 61})")

    return run


def sent(app: Flask, key: str, path: str, body: Any, held_key: str) -> TestResponse:
    headers = {"X-API-Key": held_key, idempotency.HEADER: key}
    return app.test_client().post(path, json=body, headers=headers)


def told(answer: TestResponse) -> tuple[int, bytes, str | None, str | None]:
    return answer.status_code, answer.data, answer.headers.get("Location"), answer.headers.get("Content-Type")


def is_replay(answer: TestResponse) -> bool:
    return answer.headers.get(idempotency.REPLAYED) == "true"


def crashes(*_: Any, **__: Any) -> Any:
    """What stands for the end of a process: nothing after it is done."""
    raise SystemExit


def test_every_operation_that_changes_something_has_a_case(app: Flask) -> None:
    changing = {
        getattr(app.view_functions[rule.endpoint], "operation_id", rule.endpoint)
        for rule in app.url_map.iter_rules()
        if idempotency.METHODS & (rule.methods or set())
    }
    assert changing == set(CASES), "add a case for the new operation, and think through what a repeat of it after a crash does"


@pytest.mark.parametrize("name", CASES)
def test_one_after_another_and_after_a_restart(
    name: str, app: Flask, database: Database, held: dict[str, str], ask: Ask, settled: Callable[[], None]
) -> None:
    case, owner = CASES[name].made(database), held["owner"]
    first = sent(app, '"order 1"', case.path, case.body, owner)
    assert first.status_code in (200, 201, 202), first.json
    assert not is_replay(first)
    if "run_id" in first.json and first.status_code == 202:
        assert first.headers["Location"]
    settled()
    restarted = create_app(lambda _seconds: database)
    for spelling in ('"order 1"', "order 1", ' "order 1" '):
        for asked in (app, restarted):
            again = sent(asked, spelling, case.path, case.body, owner)
            assert (told(again), is_replay(again)) == (told(first), True)
    for path, body in ((case.other_path, case.other_body), ("/v1/partners/C/places", {"plan": "placed", "tree": "legs"})):
        other = sent(app, "order 1", path, body, owner)
        assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")
        assert not is_replay(other)
    assert ask(case.effects) == [{"n": 1}]
    assert ask("MATCH (k:IdempotencyKey) RETURN count(k) AS n") == [{"n": 1}]


@pytest.mark.parametrize("name", CASES)
def test_twenty_at_once(
    name: str, app: Flask, database: Database, held: dict[str, str], ask: Ask, settled: Callable[[], None]
) -> None:
    case, barrier = CASES[name].made(database), threading.Barrier(20, timeout=60)
    answers: list[TestResponse] = []
    busy: list[TestResponse] = []

    def send() -> None:
        barrier.wait()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = sent(app, "at once", case.path, case.body, held["owner"])
            if answer.status_code != 409:
                answers.append(answer)
                return
            busy.append(answer)
            time.sleep(0.05)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert len({told(a) for a in answers}) == 1, answers[0].json
    assert answers[0].status_code in (200, 201, 202), answers[0].json
    assert sum(not is_replay(a) for a in answers) == 1
    assert all(b.json["code"] == "idempotency-key-running" and 1 <= int(b.headers["Retry-After"]) <= 60 for b in busy)
    settled()
    assert ask(case.effects) == [{"n": 1}]


@pytest.mark.parametrize("name", CASES)
def test_a_crash_before_the_answer_was_kept(
    name: str,
    app: Flask,
    database: Database,
    held: dict[str, str],
    ask: Ask,
    settled: Callable[[], None],
    lapse: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, owner = CASES[name].made(database), held["owner"]
    with monkeypatch.context() as patched:
        patched.setattr(service, "finish", crashes)
        with pytest.raises(SystemExit):
            sent(app, "crash", case.path, case.body, owner)
    settled()
    made = ask("MATCH (r:Run) RETURN r.id AS id")
    waits = sent(app, "crash", case.path, case.body, owner)
    assert (waits.status_code, waits.json["code"]) == (409, "idempotency-key-running")
    lapse()
    other = sent(app, "crash", case.other_path, case.other_body, owner)
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")
    again = sent(app, "crash", case.path, case.body, owner)
    assert (again.status_code in (200, 201, 202), is_replay(again)) == (True, False), again.json
    if "run_id" in again.json:
        assert {"id": again.json["run_id"]} in made
    last = sent(app, "crash", case.path, case.body, owner)
    assert (told(last), is_replay(last)) == (told(again), True)
    settled()
    assert ask(case.effects) == [{"n": 1}]


def test_a_preview_whose_worker_died_is_computed_again(
    app: Flask,
    held: dict[str, str],
    ask: Ask,
    settled: Callable[[], None],
    lapse: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = CASES["previewMonth"]
    with monkeypatch.context() as patched:
        patched.setattr(saga, "_work", crashes)
        patched.setattr(service, "finish", crashes)
        with pytest.raises(SystemExit):
            sent(app, "dead", case.path, case.body, held["owner"])
    lapse()
    settled()
    again = sent(app, "dead", case.path, case.body, held["owner"])
    assert again.status_code == 202, again.json
    settled()
    assert ask("MATCH (r:Run {kind: 'preview', state: 'done'}) RETURN r.id AS id") == [{"id": again.json["run_id"]}]
    deadline = time.monotonic() + 60
    while ask("MATCH (r:Run) WHERE r.state <> 'done' RETURN r.state AS state") != [{"state": "discarded"}]:
        assert time.monotonic() < deadline, "the dead one was not swept"
        time.sleep(0.1)


def test_a_close_taken_up_under_a_key_is_that_keys_too(
    app: Flask,
    held: dict[str, str],
    ask: Ask,
    settled: Callable[[], None],
    lapse: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, owner = CASES["closeMonth"], held["owner"]
    with monkeypatch.context() as patched:
        patched.setattr(saga, "_work", crashes)
        patched.setattr(service, "finish", crashes)
        with pytest.raises(SystemExit):
            sent(app, "first", case.path, case.body, owner)
    settled()
    with monkeypatch.context() as patched:
        patched.setattr(service, "finish", crashes)
        with pytest.raises(SystemExit):
            sent(app, "second", case.path, case.body, owner)
    settled()
    lapse()
    answers = [sent(app, key, case.path, case.body, owner) for key in ("first", "second")]
    assert [a.status_code for a in answers] == [202, 202]
    assert [{"id": a.json["run_id"]} for a in answers] == ask("MATCH (r:Run) RETURN r.id AS id") * 2
    stranger = sent(app, "third", case.path, case.body, owner)
    assert (stranger.status_code, stranger.json["code"]) == (409, "month-closed")


def test_two_callers_never_meet(app: Flask, held: dict[str, str], ask: Ask) -> None:
    for role, partner in (("owner", "N1"), ("integration", "N2")):
        answer = sent(app, "same", "/v1/partners", NEW | {"id": partner}, held[role])
        assert (answer.status_code, answer.json["id"], is_replay(answer)) == (201, partner, False)
    assert ask("MATCH (k:IdempotencyKey {key: 'same'}) RETURN count(DISTINCT k.caller) AS n") == [{"n": 2}]


def test_a_refusal_gives_its_key_back(app: Flask, held: dict[str, str], ask: Ask) -> None:
    for body, status in ((NEW | {"sponsor_id": "nobody"}, 422), (NEW | {"nmae": "x"}, 422), ([], 400), (NEW | {"id": "A"}, 409)):
        answer = sent(app, "mended", "/v1/partners", body, held["owner"])
        assert (answer.status_code, answer.json["code"].startswith("idempotency")) == (status, False)
        assert ask("MATCH (k:IdempotencyKey) RETURN k.key AS key") == []
    assert sent(app, "mended", "/v1/partners", NEW, held["cabinet"]).status_code == 403
    assert sent(app, "mended", "/v1/partners", NEW, held["owner"]).status_code == 201


def test_a_failure_keeps_its_key_until_the_lease_ends(
    app: Flask, held: dict[str, str], lapse: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, status in ((Unavailable(Code.DATABASE_UNAVAILABLE, "Gone."), 503), (RuntimeError("a fault of ours"), 500)):

        def fails(*_: Any, error: Exception = error) -> Any:
            raise error

        with monkeypatch.context() as patched:
            patched.setattr(network, "create", fails)
            assert sent(app, f"k{status}", "/v1/partners", NEW, held["owner"]).status_code == status
        assert sent(app, f"k{status}", "/v1/partners", NEW, held["owner"]).status_code == 409
        lapse()
        assert sent(app, f"k{status}", "/v1/partners", NEW, held["owner"]).status_code == 201


def test_who_outlives_the_lease_does_not_answer_for_who_took_over(
    app: Flask, held: dict[str, str], ask: Ask, lapse: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    create, inner = network.create, []

    def slow(database: Database, partner: network.NewPartner) -> Any:
        if not inner:
            inner.append(None)
            lapse()
            inner[0] = sent(app, "slow", "/v1/partners", NEW, held["owner"])
        return create(database, partner)

    monkeypatch.setattr(network, "create", slow)
    late = sent(app, "slow", "/v1/partners", NEW, held["owner"])
    assert (late.status_code, late.json["code"]) == (409, "idempotency-key-running")
    again = sent(app, "slow", "/v1/partners", NEW, held["owner"])
    assert (told(again), is_replay(again), is_replay(inner[0])) == (told(inner[0]), True, False)
    assert ask(CASES["createPartner"].effects) == [{"n": 1}]


def test_a_key_lives_thirty_days_and_is_then_as_new(app: Flask, database: Database, held: dict[str, str], ask: Ask) -> None:
    for key, partner in (("old", "N1"), ("fresh", "N2")):
        assert sent(app, key, "/v1/partners", NEW | {"id": partner}, held["owner"]).status_code == 201
    kept = ask("MATCH (k:IdempotencyKey {key: 'old'}) RETURN k.kept_until AS until, datetime.realtime() AS now")[0]
    assert dt.timedelta(days=30) - (kept["until"].to_native() - kept["now"].to_native()) < dt.timedelta(minutes=5)
    ask("MATCH (k:IdempotencyKey {key: 'old'}) SET k.kept_until = k.kept_until - duration({days: 30})")
    again = sent(app, "old", "/v1/partners", NEW | {"id": "N3"}, held["owner"])
    assert (again.status_code, again.json["id"], is_replay(again)) == (201, "N3", False)
    assert is_replay(sent(app, "old", "/v1/partners", NEW | {"id": "N3"}, held["owner"]))
    assert service.purge(database) == 0
    ask("MATCH (k:IdempotencyKey {key: 'old'}) SET k.kept_until = k.kept_until - duration({days: 30})")
    assert service.purge(database) == 1
    assert ask("MATCH (k:IdempotencyKey) RETURN k.key AS key") == [{"key": "fresh"}]


def test_the_keeper_throws_old_keys_away(database: Database, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "KEEPER_SECONDS", 0.05)
    monkeypatch.setattr(service, "PURGED_AT_ONCE", 2)
    for number in range(5):
        service.take(database, "nobody", str(number), "digest")
    ask("MATCH (k:IdempotencyKey) SET k.kept_until = k.kept_until - duration({days: 30})")
    worker = jobs.Worker(lambda: database)
    worker.keep()
    deadline = time.monotonic() + 30
    while ask("MATCH (k:IdempotencyKey) RETURN count(k) AS n") != [{"n": 0}]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    worker._stopped.set()
    assert worker._keeper is not None
    worker._keeper.join()


def test_the_same_request_may_be_written_in_another_order(app: Flask, call: Call, held: dict[str, str]) -> None:
    first = sent(app, "k", "/v1/partners", NEW, held["owner"])
    data = b'{ "sponsor_id":"\\u0043", "joined_at" : "2025-03-01","id":"N"}'
    headers = {idempotency.HEADER: "k", "Content-Type": "application/json"}
    again = call("owner", "POST", "/v1/partners", data=data, headers=headers)
    assert (told(again), is_replay(again)) == (told(first), True)
