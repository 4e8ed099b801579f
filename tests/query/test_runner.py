"""The runner: what it refuses before anything is sent, what it hands back, and what a failing Neo4j looks like."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import neo4j
import pytest
from neo4j import exceptions as failures

from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.query import catalog, runner
from graphsvc.query.runner import Database, Transaction
from tests.query.proxy import Cut
from tests.server import Address

Ask = Callable[..., list[dict[str, Any]]]
UTC = dt.timezone.utc  # noqa: UP017 - read beside timezone(...) below


def query(mode: str, params: str, rows: str, returns: str, text: str) -> str:
    return f"// A question of a test.\n// mode: {mode}\n// params: {params}\n// rows: {rows}\n// returns: {returns}\n{text}"


# Every type that a header knows.
EVERYTHING = "s STRING, i INTEGER, b BOOLEAN, f FLOAT, d DATE, t DATETIME, m MAP, l LIST, a ANY, o STRING?, k INTEGER = 7"
COUNTER = "MATCH (c:Counter {name: $name})"
BUMP = "MERGE (c:Counter {name: $name}) SET c.value = coalesce(c.value, 0) + 1 RETURN c.value AS v"
TEXTS = {
    "t.echo": query("read", "a ANY?", "one", "a ANY?", "RETURN $a AS a"),
    "t.kinds": query("read", EVERYTHING, "one", "k INTEGER", "WITH [$s, $i, $b, $f, $d, $t, $m, $l, $a, $o] AS x RETURN $k AS k"),
    "t.packed": query(
        "read", "n INTEGER", "packed", "i INTEGER, day DATE", "UNWIND range(1, $n) AS i RETURN i, date('2025-03-01') AS day"
    ),
    "t.many": query("read", "n INTEGER", "many", "i INTEGER", "UNWIND range(1, $n) AS i RETURN i"),
    "t.one": query("read", "n INTEGER", "one", "i INTEGER", "UNWIND range(1, $n) AS i RETURN i"),
    "t.maybe": query("read", "n INTEGER", "maybe", "i INTEGER", "UNWIND range(1, $n) AS i RETURN i"),
    "t.sly": query("read", "none", "none", "none", "CREATE (:Counter {name: 'sly'})"),
    "t.slow": query("read", "none", "one", "n INTEGER", "UNWIND range(1, 4000000000) AS i RETURN count(i % 7) AS n"),
    "t.count": query("write", "name STRING", "one", "v INTEGER", BUMP),
    "t.value": query("read", "name STRING", "maybe", "v INTEGER", f"{COUNTER} RETURN c.value AS v"),
    "t.create": query("write", "name STRING", "none", "none", "CREATE (:Counter {name: $name, value: 1})"),
    "t.touch": query("write", "name STRING", "many", "v INTEGER", f"{COUNTER} SET c.value = 5 RETURN c.value AS v"),
    "t.sum": query("read", "x INTEGER", "one", "y INTEGER", "RETURN $x + $x AS y"),
    "t.schema": query("schema", "none", "none", "none", "DROP INDEX order_paid IF EXISTS"),
}


@pytest.fixture(autouse=True)
def queries(monkeypatch: pytest.MonkeyPatch) -> None:
    built = {**catalog.load(), **{name: catalog.build(name, text) for name, text in TEXTS.items()}}
    monkeypatch.setattr(catalog, "load", lambda: built)


@pytest.fixture
def clear_counters(ask: Ask) -> None:
    ask("MATCH (c:Counter) WHERE c.name <> 'partner' DELETE c")


KINDS: dict[str, Any] = {
    "s": "text", "i": 1, "b": True, "f": 0.5, "d": dt.date(2025, 3, 1), "t": dt.datetime(2025, 3, 1, tzinfo=UTC),
    "m": {"x": 1}, "l": [1], "a": None,
}  # fmt: skip


def test_every_type_is_taken_and_defaults_are_filled_in(database: Database) -> None:
    assert database.one("t.kinds", **{**KINDS, "a": [1], "o": None}) == {"k": 7}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("s", 1), ("s", None), ("i", "1"), ("i", True), ("i", 1.0), ("b", 1), ("f", 1), ("d", KINDS["t"]), ("d", "2025-03-01"),
        ("t", KINDS["d"]), ("t", "2025-03-01T00:00:00Z"), ("m", []), ("l", {}), ("l", "text"), ("o", 5), ("k", None),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_by_name(database: Database, name: str, value: Any) -> None:
    with pytest.raises(Refused, match=rf"^t\.kinds takes {name} as .*, not {type(value).__name__}") as refused:
        database.run("t.kinds", **{**KINDS, "a": 1, "o": None, name: value})
    assert refused.value.code is Code.QUERY_CONTRACT


def test_an_unknown_and_a_missing_parameter_are_refused_by_name(database: Database) -> None:
    with pytest.raises(Refused, match=r"^t\.echo takes no b, z; it takes a\.$"):
        database.run("t.echo", a=1, z=1, b=2)
    with pytest.raises(Refused, match=r"^t\.many needs n INTEGER\.$"):
        database.run("t.many")
    with pytest.raises(Refused, match=r"^t\.sly takes no n; it takes nothing\.$"):
        database.run("t.sly", n=1)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (2**63, "is larger than 64 bits"), (-(2**63) - 1, "is larger than 64 bits"), (10**5000, "is larger than 64 bits"),
        ("a\ud800b", "lone surrogate"), ("a\0b", "NUL"), ("ё\0", "NUL"), (float("nan"), "finite"), (float("inf"), "finite"),
        (dt.datetime(2025, 3, 1), "without a zone"), (Decimal("1.1"), "Decimal"), ({1, 2}, "set"), (object(), "object"),
    ],
    ids=lambda v: type(v).__name__,
)  # fmt: skip
@pytest.mark.parametrize("place", ["", "[0]", "[2].name", ".rows[1][1]", ".key"])
def test_what_neo4j_cannot_hold_is_refused_with_its_place(database: Database, bad: Any, said: str, place: str) -> None:
    good: dict[str, Any] = {"name": "Ёлка", "n": 1, "at": dt.date(2025, 1, 1), "none": None, "flag": True}
    value = {
        "": bad, "[0]": [bad, 1], "[2].name": [good, good, {**good, "name": bad}], ".rows[1][1]": {"rows": [[1, 2], [1, bad]]},
        ".key": {"a": 1, "key": bad},
    }[place]  # fmt: skip
    with pytest.raises(Refused) as refused:
        database.run("t.echo", a=value)
    assert refused.value.sentence.startswith(f"a{place} ")
    assert said in refused.value.sentence
    assert refused.value.detail == {"field": f"a{place}"}


def test_nesting_without_end_is_refused(database: Database) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Refused, match="nested more than 16 deep"):
        database.run("t.echo", a=deep)


@pytest.mark.parametrize(
    "value",
    [
        2**63 - 1, -(2**63), 0, "", "👩‍👩‍👧‍👦 \u202e ё é ﷽ \r\n\t' \" ` $x //", "x" * 100_000, True, None, 0.1,
        dt.date(1, 1, 1), dt.datetime(2025, 3, 1, 12, 30, 15, 123456, tzinfo=UTC),
        [1, None, "a"], {"a": [{"b": dt.date(2025, 1, 1)}]},
    ],
)  # fmt: skip
def test_a_value_comes_back_as_it_went(database: Database, value: Any) -> None:
    assert database.one("t.echo", a=value) == {"a": value}


def test_an_instant_comes_back_in_utc(database: Database) -> None:
    moscow = dt.datetime(2025, 3, 1, 3, tzinfo=dt.timezone(dt.timedelta(hours=3)))
    row = database.one("t.echo", a=[moscow, "x"])
    assert row is not None
    assert row["a"][0] == moscow
    assert row["a"][0].utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
def test_packed_rows_arrive_whole_and_in_order(database: Database, count: int) -> None:
    expected = [{"i": i, "day": dt.date(2025, 3, 1)} for i in range(1, count + 1)]
    assert database.run("t.packed", n=count) == expected
    assert list(database.stream("t.packed", n=count)) == expected
    assert [r["i"] for r in database.stream("t.many", n=count)] == [r["i"] for r in expected]


def test_a_stream_may_be_left_early(database: Database) -> None:
    rows = database.stream("t.many", n=100_000)
    assert next(rows) == {"i": 1}
    rows.close()  # type: ignore[attr-defined]
    assert database.one("t.one", n=1) == {"i": 1}


def test_a_broken_promise_of_rows_is_refused(database: Database) -> None:
    assert database.one("t.maybe", n=0) is None
    for name, count, said in (("t.one", 0, "one row"), ("t.one", 2, "one row"), ("t.maybe", 2, "at most one row")):
        with pytest.raises(Refused, match=f"{name} promises {said} and gave {count}"):
            database.run(name, n=count)


def test_a_query_that_calls_itself_a_read_cannot_write(database: Database, ask: Ask) -> None:
    with pytest.raises(failures.ClientError):
        database.run("t.sly")
    assert ask("MATCH (c:Counter {name: 'sly'}) RETURN c") == []


def test_schema_is_for_migrations_only(database: Database) -> None:
    with pytest.raises(Refused, match="put it into a file of cypher/migrations"):
        database.run("t.schema")


def test_several_queries_succeed_or_fail_together(database: Database, clear_counters: None) -> None:
    def work(tx: Transaction) -> None:
        tx.run("t.create", name="both")
        assert tx.one("t.value", name="both") == {"v": 1}
        raise Refused(Code.BAD_INPUT, "No.")

    with pytest.raises(Refused, match=r"^No\.$"):
        database.transact(work)
    assert database.one("t.value", name="both") is None


def test_what_one_session_wrote_the_next_one_reads(database: Database, clear_counters: None) -> None:
    for turn in range(1, 20):
        assert database.one("t.count", name="turns") == {"v": turn}
        assert database.one("t.value", name="turns") == {"v": turn}


def test_a_stored_id_is_a_duplicate_not_a_crash(database: Database, clear_counters: None) -> None:
    database.run("t.create", name="twice")
    with pytest.raises(Refused) as refused:
        database.run("t.create", name="twice")
    assert refused.value.code is Code.DUPLICATE


def test_a_sum_beyond_64_bits_is_refused(database: Database) -> None:
    with pytest.raises(Refused) as refused:
        database.run("t.sum", x=2**62)
    assert refused.value.code is Code.SUM_TOO_LARGE


def test_a_query_that_takes_too_long_is_stopped(endpoint: Address, database: Database) -> None:
    with Database(endpoint.uri, endpoint.user, endpoint.password, database=endpoint.database, timeout_seconds=1) as hasty:
        for ask in (lambda: hasty.run("t.slow"), lambda: list(hasty.stream("t.slow"))):
            started = time.monotonic()
            with pytest.raises(Unavailable, match="GRAPHSVC_QUERY_TIMEOUT_SECONDS") as refused:
                ask()
            assert refused.value.code is Code.DATABASE_TIMEOUT
            assert refused.value.exit_code == 3
            assert time.monotonic() - started < 20


def test_two_that_lock_each_other_out_both_finish(database: Database, clear_counters: None) -> None:
    for name in ("a", "b"):
        database.run("t.create", name=name)
    both = threading.Barrier(2, timeout=60)
    failed: list[BaseException] = []

    def take(first: str, second: str) -> None:
        met = False

        def work(tx: Transaction) -> None:
            nonlocal met
            tx.run("t.count", name=first)
            if not met:
                met = True
                both.wait()
            tx.run("t.count", name=second)

        try:
            database.transact(work)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=take, args=names) for names in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert database.one("t.value", name="a") == database.one("t.value", name="b") == {"v": 3}


def test_what_was_deleted_under_its_feet_is_looked_for_again(
    database: Database, driver: neo4j.Driver, endpoint: Address, clear_counters: None
) -> None:
    database.run("t.create", name="gone")
    found: list[Any] = []
    with driver.session(database=endpoint.database) as session, session.begin_transaction() as deleting:
        deleting.run("MATCH (c:Counter {name: 'gone'}) DELETE c").consume()
        thread = threading.Thread(target=lambda: found.append(database.run("t.touch", name="gone")))
        thread.start()
        time.sleep(0.5)  # now it waits for the lock
        deleting.commit()
    thread.join()
    assert len(found) == 1, "it failed instead of looking again"
    assert database.one("t.value", name="gone") is None


def test_the_same_work_is_tried_eight_times_at_most(database: Database) -> None:
    attempts = 0

    def never(tx: Transaction) -> None:
        nonlocal attempts
        attempts += 1
        error = failures.ClientError("gone")
        error._neo4j_code = runner.ENTITY_GONE
        raise error

    started = time.monotonic()
    with pytest.raises(failures.ClientError):
        database.transact(never)
    assert attempts == runner.ATTEMPTS_MAX
    assert time.monotonic() - started < runner.RETRY_SECONDS_MAX


def test_a_server_that_is_not_there_is_unavailable(endpoint: Address) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        Database(f"bolt://127.0.0.1:{port}", "neo4j", "x") as nowhere,
        pytest.raises(Unavailable, match="does not answer") as refused,
    ):
        nowhere.verify()
    assert (refused.value.code, refused.value.exit_code) == (Code.DATABASE_UNAVAILABLE, 3)


def test_a_wrong_password_says_where_to_look(endpoint: Address) -> None:
    with (
        Database(endpoint.uri, endpoint.user, "not-the-password") as locked,
        pytest.raises(Unavailable, match="check NEO4J_USER and NEO4J_PASSWORD"),
    ):
        locked.verify()


def test_an_unknown_database_says_where_to_look(endpoint: Address) -> None:
    with (
        Database(endpoint.uri, endpoint.user, endpoint.password, database="nosuch") as other,
        pytest.raises(Refused, match="check NEO4J_DATABASE"),
    ):
        other.run("schema.applied")


@pytest.mark.parametrize("uri", ["", "localhost:7687", "http://localhost:7687", "bolt://", "bolt://h:99999999"])
def test_an_address_that_is_none_is_refused(uri: str) -> None:
    with pytest.raises((Refused, Unavailable)) as refused, Database(uri, "neo4j", "x") as database:
        database.verify()
    assert refused.value.sentence.startswith("NEO4J_URI") or "does not answer" in refused.value.sentence


def test_a_commit_whose_answer_is_lost_is_said_to_be_unknown(endpoint: Address, database: Database, clear_counters: None) -> None:
    with Cut(endpoint.uri) as way, Database(way.uri, endpoint.user, endpoint.password, database=endpoint.database) as far:

        def work(tx: Transaction) -> None:
            tx.run("t.create", name="unsure")
            way.cut()

        with pytest.raises(Unavailable, match="it finds out what was done") as refused:
            far.transact(work)
        assert refused.value.code is Code.DATABASE_UNAVAILABLE
        way.mend()
        assert far.one("t.value", name="unsure") is None
