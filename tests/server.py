"""The Neo4j that the tests run on, and its safe emptying.

In this order: NEO4J_URI; testcontainers if it was asked for; the embedded server, in a home of its own below the repository,
so that `make test` never touches anybody's data. A database is emptied only if it is the tests' own: it bears their mark, it
is empty, or GRAPHSVC_TEST_WIPE=1 says so. Where several workers share the tests, each has an embedded server of its own, because
each test has a clean graph; a server that was given has one database for one worker.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import neo4j

from graphsvc import config, migrate
from graphsvc.errors import Code, Refused
from graphsvc.progress import Silent
from graphsvc.query.runner import Database

ROOT = Path(__file__).resolve().parent.parent
REPLAN_SECONDS = 6 * 3600

MARK = "MERGE (t:TestDatabase) ON CREATE SET t.made_at = datetime.realtime()"
FOREIGN = """
OPTIONAL MATCH (t:TestDatabase) WITH count(t) AS marks
OPTIONAL MATCH (n) WHERE marks = 0 AND NOT n:Migration AND NOT n:Counter AND NOT n:Ledger
RETURN labels(n) AS labels LIMIT 1
"""
EMPTY_RELATIONSHIPS = "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS"
EMPTY_NODES = """
MATCH (n) WHERE NOT n:Migration AND NOT n:TestDatabase AND NOT n:Ledger AND NOT (n:Counter AND n.name = 'partner')
CALL (n) { DELETE n } IN TRANSACTIONS OF 20000 ROWS
"""
RESET_COUNTER = "MERGE (c:Counter {name: 'partner'}) SET c.value = 0"
RESET_LEDGER = "MERGE (l:Ledger {name: 'ledger'}) SET l.id = randomUUID(), l.sequence = 0, l.digest = ''"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Neo4j answers, and as whom."""

    uri: str
    user: str
    password: str | None
    database: str | None = None


@contextmanager
def address() -> Iterator[Address]:
    """The server of this test session; one that we started is stopped at the end."""
    settings = config.load()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    if worker != "gw0" and (settings.neo4j_uri or os.environ.get("GRAPHSVC_TEST_CONTAINER") == "1"):
        raise Refused(Code.CONFIGURATION, "One database is for one worker of the tests; run them with `make test WORKERS=0`.")
    if settings.neo4j_uri:
        yield Address(settings.neo4j_uri, settings.neo4j_user, settings.neo4j_password, settings.neo4j_database)
    elif os.environ.get("GRAPHSVC_TEST_CONTAINER") == "1":
        from tests.containers import neo4j_container

        with neo4j_container() as found:
            yield found
    else:
        from graphsvc import embedded

        # The graph grows and is emptied all the time, which is no reason to plan every query anew.
        home = ROOT / ".graphsvc" / ("test" if worker == "gw0" else f"test-{worker}")
        own = replace(settings, home=home, bolt_port=None, replan_seconds=REPLAN_SECONDS, short_lived=True)
        was_running = embedded.status(own).state != "stopped"
        endpoint = embedded.ensure_running(own, Silent())
        try:
            yield Address(endpoint.uri, endpoint.user, endpoint.password)
        finally:
            if not was_running:
                embedded.stop(own)


def take(driver: neo4j.Driver, database: str | None) -> None:
    """Mark the database as the tests' own; refuses one that holds somebody's data."""
    rows, _, _ = driver.execute_query(FOREIGN, database_=database)
    if rows and rows[0]["labels"] is not None and os.environ.get("GRAPHSVC_TEST_WIPE") != "1":
        raise Refused(
            Code.CONFIGURATION,
            f"The database behind NEO4J_URI holds data that no test made (a node {':'.join(rows[0]['labels'])}), and the tests "
            "delete everything; give them an empty one, or set GRAPHSVC_TEST_WIPE=1 if it may go.",
        )
    driver.execute_query(MARK, database_=database)


def empty(driver: neo4j.Driver, database: str | None) -> None:
    """Delete everything but the schema, its records and the mark."""
    with driver.session(database=database) as session:
        session.run(EMPTY_RELATIONSHIPS).consume()
        session.run(EMPTY_NODES).consume()
        session.run(RESET_COUNTER).consume()
        session.run(RESET_LEDGER).consume()


def drop_schema(driver: neo4j.Driver, database: str | None) -> None:
    """Forget every migration, constraint and index, as if nothing had ever been applied."""
    with driver.session(database=database) as session:
        session.run("MATCH (m:Migration) DELETE m").consume()
        for kind, names in (
            ("CONSTRAINT", [r["name"] for r in session.run("SHOW CONSTRAINTS YIELD name")]),
            ("INDEX", [r["name"] for r in session.run("SHOW INDEXES YIELD name, type, owningConstraint "
                                                     "WHERE type <> 'LOOKUP' AND owningConstraint IS NULL")]),
        ):  # fmt: skip
            for name in names:
                session.run(f"DROP {kind} `{name}` IF EXISTS").consume()


def migrated(driver: neo4j.Driver, opened: Database, database: str | None) -> None:
    """Apply the migrations; a test database left by another version of the files is made anew."""
    try:
        migrate.apply(opened)
    except Refused:
        empty(driver, database)
        drop_schema(driver, database)
        migrate.apply(opened)
