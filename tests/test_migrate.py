"""Migrations: applied once, in order, by whoever comes first; a schema that is not what the files say stops the start-up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import neo4j
import pytest

from graphsvc import migrate
from graphsvc.errors import Code, Refused
from graphsvc.query.runner import Database
from tests import chance, server
from tests.server import Address

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def bare(database: Database, driver: neo4j.Driver, endpoint: Address) -> Iterator[Database]:
    """A database that no migration ever saw; the schema is whole again afterwards."""
    server.drop_schema(driver, endpoint.database)
    try:
        yield database
    finally:
        server.empty(driver, endpoint.database)
        server.drop_schema(driver, endpoint.database)
        migrate.apply(database)


def test_a_bare_database_gets_every_file_once(bare: Database, ask: Ask) -> None:
    names = [m.name for m in migrate.load()]
    assert migrate.apply(bare) == names
    assert migrate.apply(bare) == []
    assert [r["name"] for r in ask("MATCH (m:Migration) RETURN m.name AS name ORDER BY m.version")] == names
    assert ask("MATCH (c:Counter) RETURN c.value AS value") == [{"value": 0}]


def test_many_processes_at_once_apply_each_file_once(bare: Database, endpoint: Address, ask: Ask) -> None:
    applied: list[list[str]] = []
    failed: list[BaseException] = []

    def start() -> None:
        try:
            with Database(endpoint.uri, endpoint.user, endpoint.password, database=endpoint.database) as own:
                applied.append(migrate.apply(own))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    names = [m.name for m in migrate.load()]
    assert sorted(applied) == [[]] * 7 + [names]
    assert ask("MATCH (m:Migration) RETURN count(m) AS n") == [{"n": len(names)}]


def test_what_died_between_a_statement_and_its_record_is_done_again(bare: Database) -> None:
    for migration in migrate.load():
        for statement in migration.statements:
            bare.execute_migration(statement)
    assert migrate.apply(bare) == [m.name for m in migrate.load()]


def test_a_changed_file_is_refused_by_name(database: Database) -> None:
    first, *rest = migrate.load()
    edited = migrate.read(rest[0].name, "CREATE INDEX other IF NOT EXISTS FOR (n:Partner) ON (n.country);")
    with pytest.raises(Refused, match=rest[0].name) as refused:
        migrate.apply(database, [first, edited, *rest[1:]])
    assert refused.value.code is Code.MIGRATION_CHANGED


def test_a_database_of_a_later_version_is_refused(database: Database) -> None:
    with pytest.raises(Refused, match="newer graphsvc") as refused:
        migrate.apply(database, migrate.load()[:1])
    assert refused.value.code is Code.MIGRATION_UNKNOWN


def test_a_new_file_is_applied_to_what_stands(bare: Database, ask: Ask) -> None:
    migrate.apply(bare)
    ask("CREATE (:Partner {id: 'A', seq: 0, country: 'DE'})")
    new = migrate.read(
        f"V{len(migrate.load()):03d}__country.cypher",
        "CREATE INDEX partner_country IF NOT EXISTS FOR (n:Partner) ON (n.country);\nMATCH (p:Partner) SET p.name = 'a;b';",
    )
    assert migrate.apply(bare, [*migrate.load(), new]) == [new.name]
    assert ask("MATCH (p:Partner) RETURN p.name AS name") == [{"name": "a;b"}]


RULES = {rule.name: rule for rule in migrate.rules(migrate.load())}
TRIED = tuple(RULES) if chance.DEEP else ("partner_id", "sponsored_once", "partner_text")


@pytest.mark.parametrize("name", TRIED)
def test_a_missing_constraint_or_index_stops_the_start(database: Database, ask: Ask, name: str) -> None:
    rule = RULES[name]
    ask(f"DROP {'CONSTRAINT' if rule.constraint else 'INDEX'} {rule.name}")
    try:
        with pytest.raises(Refused, match=rf"\b{rule.name}\b.*missing.*{rule.subject}") as refused:
            migrate.apply(database)
        assert refused.value.code is Code.SCHEMA_INCOMPLETE
    finally:
        ask(rule.statement)
    assert migrate.apply(database) == []


def test_a_constraint_of_the_same_name_on_something_else_stops_the_start(database: Database, ask: Ask) -> None:
    ask("DROP CONSTRAINT run_id")
    ask("CREATE CONSTRAINT run_id FOR (n:Run) REQUIRE n.digest IS UNIQUE")
    try:
        with pytest.raises(Refused, match=r"run_id of this database is not on Run\(id\) but on Run\(digest\)"):
            migrate.apply(database)
    finally:
        ask("DROP CONSTRAINT run_id")
        ask("CREATE CONSTRAINT run_id IF NOT EXISTS FOR (n:Run) REQUIRE n.id IS UNIQUE")


def test_every_schema_statement_of_the_files_is_understood_and_repeatable() -> None:
    for migration in migrate.load():
        for statement in migration.statements:
            assert "IF NOT EXISTS" in statement or "IF EXISTS" in statement or statement.startswith(("MERGE", "MATCH")), statement
    every = [s for m in migrate.load() for s in m.statements]
    gone = {s.split()[2] for s in every if s.startswith("DROP")}
    made = [s for s in every if s.startswith("CREATE") and s.split()[2] not in gone]
    assert {r.statement for r in migrate.rules(migrate.load())} == {" ".join(s.split()) for s in made}


def test_statements_end_only_at_a_semicolon_of_their_own() -> None:
    text = '// a; b\nRETURN \'x;y\' /* ; */ AS a;\nRETURN "p\\";q" AS `b;c`;\n\n// end; of file\n'
    assert migrate.split(text) == ("RETURN 'x;y'  AS a", 'RETURN "p\\";q" AS `b;c`')


def test_line_ends_do_not_change_a_checksum() -> None:
    name, text = "V001__a.cypher", "RETURN 1;\nRETURN 2;\n"
    assert migrate.read(name, text) == migrate.read(name, text.replace("\n", "\r\n"))


def test_a_file_name_that_is_no_migration_is_refused() -> None:
    with pytest.raises(Refused, match="V002__what_it_adds"):
        migrate.read("foundations.cypher", "RETURN 1;")
