"""A small company whose months are closed, and people who pay it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc import month, payouts
from graphsvc.ledger.accounts import MAIN
from graphsvc.payouts import destinations
from graphsvc.people import Who
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.conftest import cli

__all__ = ["cli"]

ANNA, BORIS = Who("cli:anna", "anna"), Who("cli:boris", "boris")
KEY = b"a key of the tests, long enough for anybody"
PARTNERS = ("A", "B", "C", "F", "H", "Z")


def close(
    database: Database, folder: Path, *months: str, document: dict[str, Any] | None = None, text: str | None = None
) -> None:
    """Import the small company (or a drawing) and close some of its months."""
    small.import_company(database, folder, text or small.COMPANY, document)
    for name in months:
        month.close(database, name, "small", actor="anna", out_of_order=True)


def give_destinations(database: Database, *partners: str) -> None:
    """A bank account for each of the partners."""
    for partner in partners:
        account = f"DE00 1000 {partner.rjust(4, '0')}"
        destinations.set_destination(database, partner, "bank_account", account, f"tok_{partner}", key=KEY, actor="cli:anna")


def pay(database: Database, batch_id: str, balance: str = MAIN) -> None:
    """Make a batch as one person, approve it as another, and send it."""
    payouts.make(database, batch_id, "USD", balance=balance, who=ANNA)
    payouts.approve(database, batch_id, who=BORIS)
    payouts.send(database, batch_id, who=ANNA)


@pytest.fixture
def owed(database: Database, tmp_path: Path) -> Database:
    """January and March are closed; everybody has a destination."""
    close(database, tmp_path, "2025-01", "2025-03")
    give_destinations(database, *PARTNERS)
    return database
