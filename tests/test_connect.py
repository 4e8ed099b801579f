"""The one way to a database: which server, which schema, which limits, and what each failure is told."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import neo4j
import pytest

from graphsvc import config, migrate
from graphsvc.connect import open_database
from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.query.runner import Database
from tests import server
from tests.server import Address

Ask = Callable[..., list[dict[str, Any]]]


def test_a_given_server_wins_and_gets_the_schema(environment: dict[str, str], driver: neo4j.Driver, endpoint: Address) -> None:
    server.drop_schema(driver, endpoint.database)
    settings = config.load(environment)
    with open_database(settings) as database:
        assert [row["name"] for row in database.run("schema.applied")] == [m.name for m in migrate.load()]
    assert not settings.home.exists(), "the embedded server was touched"


def test_a_missing_constraint_stops_the_start(environment: dict[str, str], ask: Ask) -> None:
    rule = next(r for r in migrate.rules(migrate.load()) if r.name == "partner_id")
    ask("DROP CONSTRAINT partner_id")
    try:
        with pytest.raises(Refused, match="partner_id") as refused:
            open_database(config.load(environment))
        assert refused.value.code is Code.SCHEMA_INCOMPLETE
    finally:
        ask(rule.statement)


def test_a_server_that_does_not_answer_is_unavailable(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unavailable) as refused:
        open_database(config.load(environment | {"NEO4J_URI": f"bolt://127.0.0.1:{port}"}))
    assert refused.value.exit_code == 3
    assert "\n" not in refused.value.sentence


def test_an_unknown_setting_is_refused_by_name(environment: dict[str, str]) -> None:
    with pytest.raises(Refused, match="GRAPHSVC_HEPA_MB is not a setting of graphsvc"):
        config.load(environment | {"GRAPHSVC_HEPA_MB": "512"})


def test_the_tests_never_empty_somebody_elses_database(
    database: Database, driver: neo4j.Driver, endpoint: Address, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRAPHSVC_TEST_WIPE", raising=False)
    ask("MATCH (t:TestDatabase) DELETE t")
    try:
        server.take(driver, endpoint.database)  # an empty one may be taken
        ask("MATCH (t:TestDatabase) DELETE t CREATE (:Partner {id: 'A', seq: 0})")
        with pytest.raises(Refused, match="holds data that no test made"):
            server.take(driver, endpoint.database)
        monkeypatch.setenv("GRAPHSVC_TEST_WIPE", "1")
        server.take(driver, endpoint.database)
    finally:
        ask(server.MARK)
