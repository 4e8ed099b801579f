"""Sends queries of the catalogue to Neo4j and hands back plain rows; the only module that imports the driver.

Every call names a query; its header decides access mode and shape of the answer. Reads are routed to readers, writes run in
managed transactions, which run again after a deadlock or a lost leader: they must therefore be idempotent, and are. Sessions
of one `Database` share their bookmarks, so what one wrote the next one reads, on a cluster too.
A commit whose answer was lost raises `Unavailable`; the caller resolves it by reading back its client-chosen id.
"""

from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import neo4j
from neo4j import exceptions as failures

from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.query import catalog, values
from graphsvc.query.catalog import Query
from graphsvc.query.values import Row

T = TypeVar("T")

# Our errors say what happened in one sentence; unless somebody sets up logging, the driver would print its retries above it.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

ATTEMPTS_MAX = 8
RETRY_SECONDS_MAX = 30.0
PULL_SIZE = 1000
_ADDRESS = re.compile(r"(neo4j|bolt)(\+s|\+ssc)?://[^/]")

TIMEOUTS = {
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    "Neo.TransientError.Transaction.LockAcquisitionTimeout",
}
OUT_OF_MEMORY = {
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
    "Neo.TransientError.General.TransactionOutOfMemoryError",
    "Neo.DatabaseError.General.OutOfMemoryError",
    "Neo.TransientError.General.OutOfMemoryError",
    "Neo.ClientError.General.TransactionOutOfMemoryError",
}
# What another transaction deleted between our finding it and our touching it; the next attempt finds the truth.
ENTITY_GONE = "Neo.ClientError.Statement.EntityNotFound"
DATABASE_UNKNOWN = "Neo.ClientError.Database.DatabaseNotFound"
OVERFLOW = "Neo.ClientError.Statement.ArithmeticError"


def _rows(query: Query, result: neo4j.Result) -> Iterator[Row]:
    """The plain rows of a result, unpacked if they travelled packed."""
    read = values.reader(query)
    if query.header.rows == "packed":
        for record in result:
            yield from map(read, record[0])
    else:
        for record in result:
            yield read(record.values())


def _counted(query: Query, rows: list[Row]) -> list[Row]:
    promised = {"none": (0, 0, "no row"), "one": (1, 1, "one row"), "maybe": (0, 1, "at most one row")}.get(query.header.rows)
    if promised is not None and not promised[0] <= len(rows) <= promised[1]:
        raise Refused(
            Code.QUERY_CONTRACT, f"{query.name} promises {promised[2]} and gave {len(rows)}; mend the query or its `rows:` line."
        )
    return rows


class Transaction:
    """One open transaction: several queries that succeed or fail together."""

    def __init__(self, inner: neo4j.ManagedTransaction | neo4j.Transaction) -> None:
        self._inner = inner

    def run(self, name: str, /, **params: Any) -> list[Row]:
        """Run one query of the catalogue inside this transaction."""
        query = catalog.get(name)
        return _counted(query, list(_rows(query, self._inner.run(query.sent, values.bind(query, params)))))

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
            if not _ADDRESS.match(uri):
                raise ValueError("not Bolt")
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
            raise Refused(
                Code.CONFIGURATION,
                f"NEO4J_URI is {uri!r}, but must be an address such as neo4j://host:7687 or bolt://127.0.0.1:7687.",
            ) from error
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
            _interrupts(),
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
        """Run `work` in one managed transaction; it may run up to eight times within half a minute and must be idempotent."""
        attempts = 0
        give_up_at = time.monotonic() + RETRY_SECONDS_MAX

        @neo4j.unit_of_work(timeout=timeout_seconds or self._timeout_seconds)
        def attempt(inner: neo4j.ManagedTransaction) -> T:
            nonlocal attempts
            attempts += 1
            if attempts > ATTEMPTS_MAX:
                raise Unavailable(
                    Code.DATABASE_UNAVAILABLE,
                    f"Neo4j was too busy and refused the same work {ATTEMPTS_MAX} times; run the same command again.",
                )
            try:
                return work(Transaction(inner))
            except failures.Neo4jError:
                _let_go(inner)
                raise

        with self._session(mode) as session:
            run = session.execute_read if mode == "read" else session.execute_write
            while True:
                try:
                    return run(attempt)
                except failures.ClientError as error:
                    if error.code != ENTITY_GONE or attempts >= ATTEMPTS_MAX or time.monotonic() > give_up_at:
                        raise
                    time.sleep(random.uniform(0.01, 0.02) * 2**attempts)  # noqa: S311 - spreads retries, guards nothing

    def run(self, name: str, /, **params: Any) -> list[Row]:
        """Run one query in a managed transaction of its own; rows as the header promises."""
        query = catalog.get(name)
        if query.header.mode == "schema":
            raise Refused(Code.QUERY_CONTRACT, f"{name} changes the schema; put it into a file of cypher/migrations.")
        return self.transact(lambda tx: tx.run(name, **params), mode=query.header.mode)

    def one(self, name: str, /, **params: Any) -> Row | None:
        """The first row of `run`, or None."""
        rows = self.run(name, **params)
        return rows[0] if rows else None

    def stream(self, name: str, /, **params: Any) -> Iterator[Row]:
        """Rows of a read one by one, without holding them all in memory; not retried once the first row is out."""
        query = catalog.get(name)
        bound = values.bind(query, params)
        with (
            self._session("read") as session,
            session.begin_transaction(timeout=self._timeout_seconds) as tx,
        ):
            yield from _rows(query, tx.run(query.sent, bound))

    def execute_migration(self, statement: str) -> None:
        """Run one statement of a migration file by itself; schema changes cannot share a transaction with data."""
        with self._session("write") as session:
            session.execute_write(lambda tx: tx.run(catalog.versioned(statement)).consume())

    def verify(self) -> None:
        """Raise `Unavailable` unless the server answers."""
        with translated():
            self._driver.verify_connectivity()


def _let_go(inner: neo4j.ManagedTransaction) -> None:
    """Keep the driver from rolling back a transaction that the server has ended by an error: the driver gave its connection back
    to the pool at that moment, so the rollback would be written into whatever another thread does with it by now."""
    if inner._last_error is not None:
        inner._closed_flag = True


def _unavailable(sentence: str) -> Unavailable:
    return Unavailable(Code.DATABASE_UNAVAILABLE, sentence)


def _domain_error(error: failures.Neo4jError) -> Exception:
    """What a caller may be told about a failure that the server named; the failure itself where it is a fault of ours."""
    if error.code in TIMEOUTS:
        return Unavailable(
            Code.DATABASE_TIMEOUT, "The query took longer than it may; ask for less, or raise GRAPHSVC_QUERY_TIMEOUT_SECONDS."
        )
    if error.code in OUT_OF_MEMORY:
        return _unavailable(
            "Neo4j ran out of memory for this work; give it more (GRAPHSVC_HEAP_MB) and run the same command again."
        )
    if isinstance(error, failures.ConstraintError):
        return Refused(Code.DUPLICATE, "Something with the same id was stored in the meantime; read it before trying again.")
    if error.code == OVERFLOW:
        return Refused(Code.SUM_TOO_LARGE, "A sum or product went beyond 64-bit integers; look for an absurdly large amount.")
    if error.code == DATABASE_UNKNOWN:
        return Refused(Code.CONFIGURATION, "The Neo4j has no database of that name; check NEO4J_DATABASE.")
    if isinstance(error, failures.AuthError):
        return _unavailable("Neo4j refused the user or password; check NEO4J_USER and NEO4J_PASSWORD.")
    if isinstance(error, failures.Forbidden):
        return _unavailable("NEO4J_USER may not do this; give that user the right to read, write and make constraints.")
    if error.is_retryable() or isinstance(error, failures.TransientError):
        return _unavailable("Neo4j was too busy to finish this work; run the same command again.")
    if isinstance(error, failures.DatabaseError):
        return _unavailable(
            "Neo4j failed inside while it did this work; its log says why, and the same command goes on from here."
        )
    return error


@contextmanager
def _interrupts() -> Iterator[None]:
    """Ctrl-C stays Ctrl-C: cut off in the middle of a message, the driver may stumble while it tidies up, and hide it."""
    try:
        yield
    except Exception as error:
        hidden: BaseException | None = error
        while hidden is not None:
            if isinstance(hidden, KeyboardInterrupt):
                raise KeyboardInterrupt from error
            hidden = hidden.__context__
        raise


@contextmanager
def translated() -> Iterator[None]:
    """Failures of the driver as errors of the domain; no driver message reaches a caller's screen or body."""
    try:
        yield
    except failures.IncompleteCommit as error:
        raise _unavailable(
            "Neo4j went away while it was committing; run the same command again, it finds out what was done."
        ) from error
    except failures.ConnectionAcquisitionTimeoutError as error:
        raise _unavailable("All connections to Neo4j are busy; try again in a moment.") from error
    except failures.UnsupportedServerProduct as error:
        raise Refused(Code.CONFIGURATION, "The server behind NEO4J_URI is not a Neo4j that graphsvc can use.") from error
    except (failures.ServiceUnavailable, failures.SessionExpired) as error:
        raise _unavailable("Neo4j does not answer; start it (`graphsvc db start`) and run the same command again.") from error
    except failures.Neo4jError as error:
        said = _domain_error(error)
        if said is error:
            raise
        raise said from error
