"""R11: nothing of ours changes or deletes what was posted, neither the API nor the queries that write entries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api import create_app
from graphsvc import ledger, month
from graphsvc.errors import GraphsvcError
from graphsvc.ledger.entries import of_row
from graphsvc.query.runner import Database
from tests.ledger import told
from tests.month import small

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def posted(database: Database, tmp_path: Path) -> Database:
    small.import_company(database, tmp_path)
    month.close(database, "2025-01", "small", actor="anna")
    month.close(database, "2025-03", "small", actor="anna", out_of_order=True)
    return database


def test_the_queries_that_write_entries_do_nothing_to_one_that_is_posted(posted: Database) -> None:
    """Called as nobody calls them: with the ids and runs of entries that have their place."""
    before, head = told.whole(posted), posted.run("ledger.head")
    for row in told.rows(posted):
        with pytest.raises(GraphsvcError):  # the id is taken, by a constraint
            posted.run("ledger.stage", run_id=row["run_id"], entries=[of_row(row | {"actor": "mallory"}).stored()])
        assert posted.one("ledger.clear_staged", run_id=row["run_id"], limit=1000) == {"removed": 0}
        link = {"id": row["id"], "sequence": row["sequence"] + 100, "previous": "x", "digest": "y"}
        kept = {"sequence": head[0]["sequence"], "digest": head[0]["digest"]}
        assert posted.one("ledger.chain", links=[link], **kept) == {"chained": 0}
    assert told.whole(posted) == before
    assert posted.run("ledger.head") == head
    assert ledger.verify(posted).holds


def test_the_api_has_no_door_that_changes_what_was_posted() -> None:
    """Statements and balances are read; nothing is put, patched or deleted anywhere that names them."""
    rules = list(create_app(lambda _seconds: pytest.fail("nothing is asked")).url_map.iter_rules())
    read = {"GET", "HEAD", "OPTIONS"}
    named = [rule for rule in rules if any(word in rule.rule for word in ("statement", "balance", "ledger", "earnings"))]
    assert named
    for rule in named:
        assert (rule.methods or set()) <= read, f"{rule.rule} may change what was posted"
    for rule in rules:
        assert not {"PUT", "PATCH", "DELETE"} & (rule.methods or set()), f"{rule.rule} changes in place; post a correction"


def test_an_entry_without_a_place_counts_nowhere(posted: Database, ask: Ask) -> None:
    """What a run laid ready and never posted is no money: balances, statements and the proof pass it by."""
    row = next(row for row in told.rows(posted) if row["block"] == 0)
    before = [ledger.balances(posted, each=True), ledger.verify(posted)]
    posted.run("ledger.stage", run_id="run-ready", entries=[of_row(row | {"id": "run-ready/0000001"}).stored()])
    assert [ledger.balances(posted, each=True), ledger.verify(posted)] == before
    assert ask("MATCH (e:LedgerEntry) WHERE e.sequence IS NULL RETURN e.id AS id") == [{"id": "run-ready/0000001"}]
