"""Brings a database to the schema this version needs, and refuses one whose schema is not what the files say.

`cypher/migrations/V001__foundations.cypher` is version 1. Files are applied in order, each once, under a lock that ends with
the process that holds it; the checksum of each is recorded in the graph, so a file that was edited after it was applied is
refused by name instead of being half true. Every statement of a file must be safe to run twice (IF NOT EXISTS, MERGE),
because a process may die between a file's last statement and its record.
Uniqueness comes only from constraints, so a missing or different one stops the start-up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from graphsvc.errors import Code, Refused
from graphsvc.query.runner import Database, Transaction

_FILE = re.compile(r"V(?P<version>[0-9]{3,})__[a-z0-9_]+\.cypher")
# One piece of a file: a comment, a string, a back-ticked name, the end of a statement, or any other character.
_PIECES = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|;|[^;'\"`/]+|.", re.S)
_RULE = re.compile(
    r"CREATE\s+(?P<what>CONSTRAINT|(?:FULLTEXT\s+|RANGE\s+|TEXT\s+|POINT\s+)?INDEX)\s+(?P<name>\w+)\s+IF\s+NOT\s+EXISTS\s+"
    r"FOR\s+\([^)]*?(?:\)\s*-\s*\[\s*\w*\s*)?:\s*(?P<subject>\w+)\s*[)\]].*?(?:REQUIRE|\bON\b)(?P<on>.*)",
    re.S | re.I,
)
_DROP = re.compile(r"DROP\s+(?:CONSTRAINT|INDEX)\s+(?P<name>\w+)", re.I)


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration file: its number, name, checksum and statements."""

    version: int
    name: str
    checksum: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint or index that the migrations declare, with the statement that makes it."""

    name: str
    constraint: bool
    subject: str
    properties: tuple[str, ...]
    statement: str


def split(text: str) -> tuple[str, ...]:
    """The statements of a migration file; a semicolon inside a string, a name or a comment does not end one."""
    statements: list[str] = []
    current: list[str] = []
    for piece in _PIECES.findall(text):
        if piece == ";":
            statements.append("".join(current).strip())
            current = []
        elif not piece.startswith(("//", "/*")):
            current.append(piece)
    statements.append("".join(current).strip())
    return tuple(s for s in statements if s)


def read(name: str, text: str) -> Migration:
    """One migration from its file name and text. Line ends do not count, so a checkout on Windows is the same file."""
    match = _FILE.fullmatch(name)
    if match is None:
        raise Refused(
            Code.QUERY_CONTRACT,
            f"cypher/migrations/{name} is not the name of a migration; call it like V002__what_it_adds.cypher.",
        )
    text = text.replace("\r\n", "\n")
    return Migration(int(match["version"]), name, hashlib.sha256(text.encode()).hexdigest(), split(text))


def load() -> tuple[Migration, ...]:
    """Every migration of this version of graphsvc in order; refuses two files of one number, and gaps."""
    found = sorted(
        (
            read(entry.name, entry.read_text(encoding="utf-8"))
            for entry in (files("cypher") / "migrations").iterdir()
            if entry.name.endswith(".cypher")
        ),
        key=lambda m: (m.version, m.name),
    )
    for expected, migration in enumerate(found):
        if migration.version != expected:
            raise Refused(
                Code.QUERY_CONTRACT,
                f"cypher/migrations/{migration.name} should have the number {expected:03d}; "
                "number the files without gaps or repeats.",
            )
    return tuple(found)


def rules(migrations: Sequence[Migration]) -> tuple[Rule, ...]:
    """The constraints and indexes that stand after all these migrations."""
    standing: dict[str, Rule] = {}
    for statement in (s for m in migrations for s in m.statements):
        if dropped := _DROP.match(statement):
            standing.pop(dropped["name"], None)
        elif made := _RULE.match(statement):
            properties = tuple(re.findall(r"\w+\.(\w+)", made["on"]))
            standing[made["name"]] = Rule(
                made["name"], made["what"].upper() == "CONSTRAINT", made["subject"], properties, " ".join(statement.split())
            )
    return tuple(standing.values())


def _pending(database: Database, migrations: Sequence[Migration]) -> list[Migration]:
    """The files that this database has not seen; refuses one that was changed since, and a database of a later version."""
    applied = {row["version"]: row for row in database.run("schema.applied")}
    known = {m.version: m for m in migrations}
    for version, row in applied.items():
        if version not in known:
            raise Refused(
                Code.MIGRATION_UNKNOWN,
                f"This database was migrated by {row['name']}, which this version of graphsvc does not have; "
                "run the newer graphsvc that made it.",
            )
        if row["checksum"] != known[version].checksum:
            raise Refused(
                Code.MIGRATION_CHANGED,
                f"cypher/migrations/{known[version].name} was changed after it was applied to this database; "
                "restore the file as it was and put the change into a new file with the next number.",
            )
    return [m for m in migrations if m.version not in applied]


def check(database: Database, migrations: Sequence[Migration]) -> None:
    """Refuse a database that lacks a declared constraint or index, or where one of that name holds something else."""
    constraints = {row["name"]: row for row in database.run("schema.constraints")}
    indexes = {row["name"]: row for row in database.run("schema.indexes")}
    for rule in rules(migrations):
        kind = "constraint" if rule.constraint else "index"
        row = (constraints if rule.constraint else indexes).get(rule.name)
        asked = f"{rule.subject}({', '.join(rule.properties)})"
        if row is None:
            raise Refused(
                Code.SCHEMA_INCOMPLETE,
                f"The {kind} {rule.name} on {asked} is missing in this database, and graphsvc relies on it; "
                f"make it again with: {rule.statement}",
                detail={"name": rule.name},
            )
        if rule.subject not in (row["subjects"] or ()) or tuple(row["properties"] or ()) != rule.properties:
            raise Refused(
                Code.SCHEMA_INCOMPLETE,
                f"The {kind} {rule.name} of this database is not on {asked} but on "
                f"{', '.join(row['subjects'] or ())}({', '.join(row['properties'] or ())}); "
                f"drop it and make it again with: {rule.statement}",
                detail={"name": rule.name},
            )
        if indexes.get(rule.name, {}).get("state") == "FAILED":
            raise Refused(
                Code.SCHEMA_INCOMPLETE,
                f"The index of {rule.name} on {asked} failed to build; drop it and make it again with: {rule.statement}",
                detail={"name": rule.name},
            )


def _run(database: Database, migration: Migration) -> None:
    for statement in migration.statements:
        database.execute_migration(statement)


def apply(database: Database, migrations: Sequence[Migration] | None = None) -> list[str]:
    """Apply what is pending and check the schema; the names of the files applied. Safe when several processes do it at once."""
    wanted = load() if migrations is None else tuple(migrations)
    applied: list[str] = []
    if _pending(database, wanted):
        _run(database, wanted[0])  # gives the lock its uniqueness; nothing is recorded outside the lock

        def under_lock(tx: Transaction) -> None:
            tx.run("schema.lock")
            for migration in _pending(database, wanted):
                if migration.version > 0:
                    _run(database, migration)
                    database.run("schema.await_indexes")
                    database.run("schema.record", version=migration.version, name=migration.name, checksum=migration.checksum)
                else:
                    tx.run("schema.record", version=0, name=migration.name, checksum=migration.checksum)
                applied.append(migration.name)

        database.transact(under_lock)
    check(database, wanted)
    return applied
