"""R11: whoever changes, drops, swaps or inserts an entry behind our back is found, and the first such entry is named."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graphsvc import ledger, month
from graphsvc.errors import Code, Refused
from graphsvc.ledger import entries, heads
from graphsvc.query import catalog
from graphsvc.query.runner import Database
from tests import chance, server
from tests.month import small
from tests.month.conftest import Said
from tests.server import Address

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]

FIELDS = [*entries.Entry.__dataclass_fields__, "body", "previous", "digest"]
KINDS = ("drop", "tail", "swap", "insert", "balanced")
TAMPERINGS = 100


@pytest.fixture(scope="module")
def posted(_opened: Database, driver: neo4j.Driver, endpoint: Address, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Three closed months; no test here leaves anything changed."""
    server.empty(driver, endpoint.database)
    small.import_company(_opened, tmp_path_factory.mktemp("company"))
    for name in ("2025-01", "2025-02", "2025-03", "2025-04"):
        month.close(_opened, name, "small", actor="anna", out_of_order=True)
    return _opened


def other(value: Any, draw: random.Random) -> Any:
    """Another value of the same type."""
    if value is None:
        return dt.date(2025, 1, draw.randint(1, 28))
    if isinstance(value, bool | int):
        return value + draw.choice((-1, 1, 1000))
    if isinstance(value, str):
        return value + "x" if not value or draw.random() < 0.5 else value[:-1]
    if isinstance(value, list):
        at = draw.randrange(len(value))
        kind = draw.choice(("other", "drop", "swap"))
        if kind == "drop" or (kind == "swap" and len(set(value)) == 1):
            return value[:at] + value[at + 1 :]
        if kind == "swap":
            to = draw.choice([i for i, one in enumerate(value) if one != value[at]])
            swapped = list(value)
            swapped[at], swapped[to] = value[to], value[at]
            return swapped
        return [*value[:at], other(value[at], draw), *value[at + 1 :]]
    return value + dt.timedelta(days=1)


def tamper(draw: random.Random, size: int, rows: list[dict[str, Any]], kind: str) -> tuple[str, dict[str, Any], int]:
    """One change of the graph, of some kind or of the field of that name: its text, its parameters, and the first entry that is
    wrong after it."""
    at = draw.randint(1, size)
    if kind == "drop":
        return "MATCH (e:LedgerEntry {sequence: $at}) DELETE e", {"at": at}, at
    if kind == "tail":
        text = """MATCH (e:LedgerEntry) WHERE e.sequence >= $at DELETE e WITH count(*) AS gone
            MATCH (l:Ledger) SET l.sequence = $at - 1, l.digest = $digest"""
        return text, {"at": at, "digest": rows[at - 1]["previous"]}, at
    if kind == "swap":
        to = draw.choice([one for one in range(1, size + 1) if one != at])
        text = """MATCH (a:LedgerEntry {sequence: $at}), (b:LedgerEntry {sequence: $to}) SET a.sequence = -1
            WITH a, b SET b.sequence = $at WITH a SET a.sequence = $to"""
        return text, {"at": at, "to": to}, min(at, to)
    if kind == "insert":
        text = """MATCH (e:LedgerEntry {sequence: $at}) WITH e {.*, id: e.id + ' again', sequence: $next} AS copy
            CREATE (n:LedgerEntry) SET n = copy"""
        return text, {"at": at, "next": size + 1}, size + 1
    if kind == "balanced":  # moves money between two accounts, with a body that fits again
        row = rows[at - 1]
        amounts = list(row["amounts"])
        amounts[0], amounts[-1] = amounts[0] + 1, amounts[-1] - 1
        body = entries.of_row(row | {"amounts": amounts}).body()
        text = "MATCH (e:LedgerEntry {sequence: $at}) SET e.amounts = $amounts, e.body = $body"
        return text, {"at": at, "amounts": amounts, "body": body}, at
    value = other(rows[at - 1][kind], draw)
    while value == rows[at - 1][kind] or value == []:
        value = other(rows[at - 1][kind], draw)
    return "MATCH (e:LedgerEntry {sequence: $at}) SET e += $changed", {"at": at, "changed": {kind: value}}, at


def test_every_tampering_is_found_and_the_first_bad_entry_named(
    posted: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path
) -> None:
    draw, file = chance.rng("tampering"), tmp_path / "heads"
    head = heads.note(posted, file)
    size = head.sequence
    rows = posted.run("ledger.entries", after=0, limit=1000)
    assert len(rows) == size > 4
    kept = [one["e"] for one in all_entries(driver, endpoint)]
    every = [*FIELDS, *KINDS]  # each at least once, and then as they come
    drawn = [draw.choice(FIELDS if draw.random() < 0.4 else KINDS) for _ in range(chance.cases(TAMPERINGS) - len(every))]
    for number, kind in enumerate(every + drawn):
        text, params, first = tamper(draw, size, rows, kind)
        driver.execute_query(text, params, database_=endpoint.database)
        found = ledger.verify(posted, heads.read(file))
        assert found.fault is not None, f"tampering {number} was not found: {text} {params}"
        assert found.fault.sequence == first, f"tampering {number}: {found.fault}, but {first} is the first: {text} {params}"
        restore(driver, endpoint, kept, head)
    assert ledger.verify(posted, heads.read(file)).holds


def all_entries(driver: neo4j.Driver, endpoint: Address) -> list[dict[str, Any]]:
    text = "MATCH (e:LedgerEntry) RETURN properties(e) AS e ORDER BY e.sequence"
    rows, _, _ = driver.execute_query(text, database_=endpoint.database)
    return [dict(row) for row in rows]


def restore(driver: neo4j.Driver, endpoint: Address, kept: list[dict[str, Any]], head: heads.Head) -> None:
    driver.execute_query("MATCH (e:LedgerEntry) DELETE e", database_=endpoint.database)
    driver.execute_query(
        """UNWIND $kept AS one CREATE (e:LedgerEntry) SET e = one WITH count(*) AS n
        MATCH (l:Ledger) SET l.sequence = $s, l.digest = $d""",
        {"kept": kept, "s": head.sequence, "d": head.digest},
        database_=endpoint.database,
    )


def test_a_chain_forged_as_a_whole_does_not_pass_the_heads_outside(
    posted: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path
) -> None:
    """Who recomputes every digest after a change is found by the heads that were kept where he cannot write."""
    file = tmp_path / "heads"
    head = heads.note(posted, file)
    kept = [one["e"] for one in all_entries(driver, endpoint)]
    rows, digest = posted.run("ledger.entries", after=0, limit=1000), entries.FIRST
    for row in rows:
        entry = entries.of_row(row | ({"actor": "mallory"} if row["sequence"] == 2 else {}))
        link = entries.link(digest, row["sequence"], entry.body())
        text = "MATCH (e:LedgerEntry {sequence: $at}) SET e += $changed"
        changed = {"actor": entry.actor, "body": entry.body(), "previous": digest, "digest": link}
        driver.execute_query(text, {"at": row["sequence"], "changed": changed}, database_=endpoint.database)
        digest = link
    driver.execute_query("MATCH (l:Ledger) SET l.digest = $digest", {"digest": digest}, database_=endpoint.database)
    try:
        assert ledger.verify(posted).holds  # of itself it fits: that is why heads are kept outside
        fault = ledger.verify(posted, heads.read(file)).fault
        assert fault is not None
        assert fault.sequence == head.sequence
        with pytest.raises(Refused) as refused:
            heads.note(posted, file)
        assert refused.value.code is Code.LEDGER_BROKEN
    finally:
        restore(driver, endpoint, kept, head)


def test_verify_says_which_entry_and_ends_with_2(posted: Database, cli: Cli, driver: neo4j.Driver, endpoint: Address) -> None:
    head = heads.present(posted)
    kept = [one["e"] for one in all_entries(driver, endpoint)]
    assert cli("ledger", "verify").code == 0
    driver.execute_query("MATCH (e:LedgerEntry {sequence: 2}) SET e.amounts = [0, 0]", database_=endpoint.database)
    try:
        said = cli("ledger", "verify")
        assert (said.code, said.out) == (2, "")
        assert "Entry 2" in said.sentence
        assert kept[1]["id"] in said.sentence
    finally:
        restore(driver, endpoint, kept, head)


def test_a_line_of_the_heads_that_a_crash_cut_off_is_written_again(posted: Database, tmp_path: Path) -> None:
    file = tmp_path / "heads"
    head = heads.note(posted, file)
    text = file.read_text(encoding="ascii")
    file.write_text(text[:-20], encoding="ascii")
    assert heads.read(file) == []
    assert heads.note(posted, file) == head
    assert file.read_text(encoding="ascii") == text
    file.write_text("rubbish\n", encoding="ascii")
    with pytest.raises(Refused) as refused:
        heads.read(file)
    assert refused.value.code is Code.LEDGER_HEADS


def test_no_query_but_those_that_append_writes_an_entry() -> None:
    """Nothing of ours can change or delete what was posted: only `chain` touches an entry, and only one without a place."""
    writing = {name for name, query in catalog.load().items() if "LedgerEntry" in query.text and query.header.mode == "write"}
    reading = {"payouts.draw", "payouts.pay_periods"}  # what entries say goes into payouts and periods
    assert writing == {"ledger.stage", "ledger.clear_staged", "ledger.chain"} | reading
    for name in reading:
        text = catalog.get(name).text
        assert set(re.findall(r"(\w+):LedgerEntry", text)) == {"e"}
        assert not re.search(r"(CREATE|MERGE) \(e?:LedgerEntry|SET e\b|(, |DELETE )e\.\w+ = |DELETE e\b", text)
    for name in ("ledger.clear_staged", "ledger.chain"):
        assert "WHERE e.sequence IS NULL" in catalog.get(name).text
