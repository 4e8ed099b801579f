"""A Neo4j for the whole session, a clean graph for each test; no domain data."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import neo4j
import pytest

from graphsvc.errors import GraphsvcError
from graphsvc.query.runner import Database
from tests import chance, server
from tests.server import Address

hypothesis.settings.register_profile(
    "graphsvc",
    deadline=None,
    print_blob=True,
    max_examples=chance.cases(50),
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture, hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("graphsvc")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Hypothesis draws from the same seed, unless its own option says otherwise, and so do all workers."""
    os.environ["GRAPHSVC_TEST_SEED"] = str(chance.SEED)
    if config.getoption("--hypothesis-seed", default=None) is None:
        config.option.hypothesis_seed = str(chance.SEED)


def pytest_report_header() -> str:
    """The seed of this run, and how to have it again."""
    depth = " GRAPHSVC_TEST_DEPTH=deep" if chance.DEEP else ""
    return f"random cases: GRAPHSVC_TEST_SEED={chance.SEED}{depth} replays this run"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What tests have to tell of their random cases, whichever worker ran them."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, text in report.user_properties:
                if name == chance.TOLD:
                    terminalreporter.write_line(text)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[Address]:
    """Where the server of this session answers."""
    try:
        with server.address() as found:
            yield found
    except GraphsvcError as error:
        pytest.exit(f"No Neo4j for the tests: {error}", returncode=error.exit_code)


@pytest.fixture(scope="session")
def driver(endpoint: Address) -> Iterator[neo4j.Driver]:
    """A plain driver, for tests that look at the graph past the product."""
    auth = None if endpoint.password is None else (endpoint.user, endpoint.password)
    with neo4j.GraphDatabase.driver(endpoint.uri, auth=auth, notifications_min_severity="OFF") as opened:
        yield opened


@pytest.fixture(scope="session")
def _opened(endpoint: Address, driver: neo4j.Driver) -> Iterator[Database]:
    with Database(endpoint.uri, endpoint.user, endpoint.password, database=endpoint.database, timeout_seconds=300) as opened:
        try:
            opened.verify()
            server.take(driver, endpoint.database)
            server.migrated(driver, opened, endpoint.database)
        except GraphsvcError as error:
            pytest.exit(str(error), returncode=error.exit_code)
        yield opened


@pytest.fixture
def database(_opened: Database, driver: neo4j.Driver, endpoint: Address) -> Database:
    """A migrated database without a single partner in it."""
    server.empty(driver, endpoint.database)
    return _opened


@pytest.fixture
def ask(database: Database, driver: neo4j.Driver, endpoint: Address) -> Callable[..., list[dict[str, Any]]]:
    """Ask the graph in plain Cypher, past the product: `ask("MATCH (p:Partner) RETURN p.id AS id", id="A")`."""

    def run(text: str, /, **params: Any) -> list[dict[str, Any]]:
        rows, _, _ = driver.execute_query(text, params, database_=endpoint.database)
        return [dict(row) for row in rows]

    return run


@pytest.fixture
def environment(database: Database, endpoint: Address, tmp_path: Path) -> dict[str, str]:
    """The environment in which a command of ours finds the test database, for subprocesses and monkeypatch."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GRAPHSVC_", "NEO4J_"))}
    kept |= {"NEO4J_URI": endpoint.uri, "NEO4J_USER": endpoint.user, "GRAPHSVC_HOME": str(tmp_path / "home")}
    kept |= {"NEO4J_PASSWORD": endpoint.password} if endpoint.password is not None else {}
    return kept | ({"NEO4J_DATABASE": endpoint.database} if endpoint.database else {})


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> random.Random:
    """A random generator of this test's own; GRAPHSVC_TEST_SEED replays it."""
    return chance.rng(request.node.nodeid)
