"""Sends queries of the catalogue to Neo4j and hands back plain rows; the only module that imports the driver.

Every call names a query; its header decides access mode and shape of the answer. Reads are routed to readers, writes run in
managed transactions, which the driver runs again after a deadlock or a lost leader: they must therefore be idempotent, and
are. Sessions of one `Database` share their bookmarks, so what one wrote the next one reads, on a cluster too.
A commit whose answer was lost raises `Unavailable`; the caller resolves it by reading back its client-chosen id.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import neo4j
from neo4j import exceptions as failures

from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.query import catalog
from graphsvc.query.catalog import Query
from graphsvc.query.header import Field

Row = dict[str, Any]
T = TypeVar("T")

ATTEMPTS_MAX = 8
RETRY_SECONDS_MAX = 30.0
INTEGER_MAX = 2**63 - 1

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "STRING": (str,),
    "INTEGER": (int,),
    "BOOLEAN": (bool,),
    "FLOAT": (float,),
    "DATE": (dt.date,),
    "DATETIME": (dt.datetime,),
    "MAP": (dict,),
    "LIST": (list, tuple),
    "ANY": (object,),
}


def _fits(field: Field, value: Any) -> bool:
    if value is None:
        return field.optional
    if field.type == "INTEGER":
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= INTEGER_MAX
    if field.type == "DATE" and isinstance(value, dt.datetime):
        return False
    return isinstance(value, _PYTHON_TYPES[field.type])


def _bind(query: Query, given: Mapping[str, Any]) -> Row:
    declared = {p.name: p for p in query.header.params}
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise Refused(
            Code.QUERY_CONTRACT,
            f"{query.name} takes no {', '.join(unknown)}; it takes {', '.join(declared) or 'nothing'}.",
        )
    bound: Row = {}
    for name, field in declared.items():
        if name in given:
            value = given[name]
        elif field.has_default:
            value = field.default
        else:
            raise Refused(Code.QUERY_CONTRACT, f"{query.name} needs {name} {field.type}.")
        if not _fits(field, value):
            raise Refused(Code.QUERY_CONTRACT, f"{query.name} takes {name} as {field.type}, not {type(value).__name__}.")
        bound[name] = value
    return bound


def _shape(query: Query, rows: list[Row]) -> list[Row]:
    if query.header.rows == "packed":
        columns = [c.name for c in query.header.returns]
        return [dict(zip(columns, values, strict=True)) for pack in rows for values in pack["rows"]]
    if query.header.rows == "one" and len(rows) != 1:
        raise Refused(Code.QUERY_CONTRACT, f"{query.name} promises one row and gave {len(rows)}.")
    if query.header.rows == "maybe" and len(rows) > 1:
        raise Refused(Code.QUERY_CONTRACT, f"{query.name} promises at most one row and gave {len(rows)}.")
    return rows


def _native(value: Any) -> Any:
    """Neo4j's own temporal values as Python's; everything else as it is."""
    if isinstance(value, neo4j.time.DateTime):
        return value.to_native().astimezone(dt.UTC)
    if isinstance(value, neo4j.time.Date):
        return value.to_native()
    if isinstance(value, list):
        return [_native(v) for v in value] if value and not isinstance(value[0], (int, str)) else value
    if isinstance(value, dict):
        return {k: _native(v) for k, v in value.items()}
    return value


class Transaction:
    """One open transaction: several queries that succeed or fail together."""

    def __init__(self, inner: neo4j.ManagedTransaction | neo4j.Transaction) -> None:
        self._inner = inner

    def run(self, name: str, /, **params: Any) -> list[Row]:
        """Run one query of the catalogue inside this transaction."""
        query = catalog.get(name)
        result = self._inner.run(query.sent, _bind(query, params))
        return _shape(query, [{k: _native(v) for k, v in zip(record.keys(), record.values(), strict=True)} for record in result])

    def one(self, name: str, /, **params: Any) -> Row | None:
        """The first row, or None."""
        rows = self.run(name, **params)
        return rows[0] if rows else None


class Database:
    """A driver with its settings. Make one per process, after any fork; close it, or use it as a context manager."""

    def __init__(
        self,
        uri: str,
        user: str,
        password: str | None,
        *,
        database: str | None = None,
        timeout_seconds: float = 600.0,
        pool_max: int = 32,
    ) -> None:
        self._database = database
        self._timeout_seconds = timeout_seconds
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        auth = (user, password) if password is not None else None
        try:
            self._driver = neo4j.GraphDatabase.driver(
                uri,
                auth=auth,
                max_connection_pool_size=pool_max,
                max_transaction_retry_time=RETRY_SECONDS_MAX,
                connection_timeout=10.0,
                connection_acquisition_timeout=15.0,
                notifications_min_severity="OFF",
                user_agent="graphsvc",
            )
        except (failures.ConfigurationError, ValueError) as error:
            raise Refused(Code.CONFIGURATION, f"NEO4J_URI {uri!r} cannot be used: {error}.") from error
        self._closed = threading.Event()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give all connections back; safe to call twice."""
        if not self._closed.is_set():
            self._closed.set()
            self._driver.close()

    @contextmanager
    def _session(self, mode: str) -> Iterator[neo4j.Session]:
        access = neo4j.READ_ACCESS if mode == "read" else neo4j.WRITE_ACCESS
        with (
            translated(),
            self._driver.session(
                database=self._database,
                default_access_mode=access,
                bookmark_manager=self._bookmarks,
                fetch_size=PULL_SIZE,
            ) as session,
        ):
            yield session

    def transact(self, work: Callable[[Transaction], T], *, mode: str = "write", timeout_seconds: float | None = None) -> T:
        """Run `work` in one managed transaction; it may run up to eight times and must be idempotent."""
        attempts = 0

        @neo4j.unit_of_work(timeout=timeout_seconds or self._timeout_seconds)
        def attempt(inner: neo4j.ManagedTransaction) -> T:
            nonlocal attempts
            attempts += 1
            if attempts > ATTEMPTS_MAX:
                raise Unavailable(
                    Code.DATABASE_UNAVAILABLE, f"Neo4j refused the same work {ATTEMPTS_MAX} times; try again later."
                )
            return work(Transaction(inner))

        with self._session(mode) as session:
            run = session.execute_read if mode == "read" else session.execute_write
            return run(attempt)

    def run(self, name: str, /, **params: Any) -> list[Row]:
        """Run one query in a managed transaction of its own; rows as the header promises."""
        query = catalog.get(name)
        if query.header.mode == "schema":
            raise Refused(Code.QUERY_CONTRACT, f"{name} changes the schema; only migrations do that.")
        return self.transact(lambda tx: tx.run(name, **params), mode=query.header.mode)

    def one(self, name: str, /, **params: Any) -> Row | None:
        """The first row of `run`, or None."""
        rows = self.run(name, **params)
        return rows[0] if rows else None

    def stream(self, name: str, /, **params: Any) -> Iterator[Row]:
        """Rows of a read one by one, without holding them all in memory; not retried once the first row is out."""
        query = catalog.get(name)
        bound = _bind(query, params)
        columns: Sequence[str] = [c.name for c in query.header.returns]
        with (
            self._session("read") as session,
            session.begin_transaction(timeout=self._timeout_seconds) as tx,
        ):
            for record in tx.run(query.sent, bound):
                if query.header.rows == "packed":
                    yield from (dict(zip(columns, _native(values), strict=True)) for values in record["rows"])
                else:
                    yield {k: _native(v) for k, v in zip(record.keys(), record.values(), strict=True)}

    def execute_migration(self, statement: str) -> None:
        """Run one statement of a migration file by itself; schema changes cannot share a transaction with data."""
        with self._session("write") as session:
            session.execute_write(lambda tx: tx.run(f"CYPHER 25\n{statement}").consume())

    def explain(self, query: Query, params: Mapping[str, Any]) -> neo4j.ResultSummary:
        """The server's plan and notifications for a query, which is not run; for the house test."""
        with (
            translated(),
            self._driver.session(database=self._database, notifications_min_severity="INFORMATION") as session,
        ):
            return session.run(f"EXPLAIN {query.sent}", dict(params)).consume()

    def verify(self) -> None:
        """Raise `Unavailable` unless the server answers."""
        with translated():
            self._driver.verify_connectivity()


PULL_SIZE = 200


@contextmanager
def translated() -> Iterator[None]:
    """Failures of the driver as errors of the domain; no driver message reaches a caller's screen or body."""
    try:
        yield
    except failures.AuthError as error:
        raise Unavailable(
            Code.DATABASE_UNAVAILABLE, "Neo4j refused the user or password; check NEO4J_USER and NEO4J_PASSWORD."
        ) from error
    except failures.IncompleteCommit as error:
        raise Unavailable(
            Code.DATABASE_UNAVAILABLE,
            "Neo4j went away while it was committing; run the same command again, it finds out what was done.",
        ) from error
    except (failures.ServiceUnavailable, failures.SessionExpired, OSError) as error:
        raise Unavailable(
            Code.DATABASE_UNAVAILABLE,
            "Neo4j does not answer; start it (`graphsvc db start`) and run the same command again.",
        ) from error
    except failures.Neo4jError as error:
        if error.code in TIMEOUTS:
            raise Unavailable(
                Code.DATABASE_TIMEOUT,
                "The query took longer than it may; ask for less, or raise GRAPHSVC_QUERY_TIMEOUT_SECONDS.",
            ) from error
        if error.is_retryable():
            raise Unavailable(
                Code.DATABASE_UNAVAILABLE, "Neo4j was too busy to finish this work; run the same command again."
            ) from error
        raise


TIMEOUTS = {
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    "Neo.TransientError.Transaction.LockAcquisitionTimeout",
}
