"""The given files side by side in a temporary SQLite file on disk, so that they can be checked as a whole in flat memory.

One table a file, `n` the line of the row, `bad` whether a fault was found in it, the columns as `columns` names them, parsed.
Beside it `stored_…` tables hold what the graph has of the same keys.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from graphsvc.errors import Code, Unavailable
from graphsvc.imports import values
from graphsvc.imports.columns import LAYOUTS

_CACHE_KB = 64_000

# What the graph is asked for of each noun; see cypher/imports/stored_*.cypher, which give the columns in this order.
STORED = {
    "partners": (
        "partner_id",
        "sponsor_id",
        "name",
        "type",
        "status",
        "joined_at",
        "country",
        "tags",
        "recorded_at",
        "level",
        "placement_id",
        "leg",
        "place_level",
    ),
    "customers": ("customer_id", "partner_id", "name", "joined_at", "recorded_at"),
    "orders": (
        "order_id",
        "line",
        "partner_id",
        "customer_id",
        "placed_at",
        "paid_at",
        "amount",
        "currency",
        "qv",
        "cv",
        "kind",
        "category",
        "recorded_at",
    ),
    "refunds": ("refund_id", "order_id", "refunded_at", "amount", "recorded_at"),
    "events": ("event_id", "partner_id", "kind", "happened_at", "accepted", "recorded_at"),
}
NUMBERS = {"level", "amount", "qv", "cv", "leg", "place_level"}
KEYS = {noun: LAYOUTS[noun].key for noun in STORED}


class Stage:
    """The temporary tables; used as a context manager, which removes them."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="graphsvc-import-", ignore_cleanup_errors=True)
        self._sql = sqlite3.connect(Path(self._folder.name) / "stage.sqlite", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", f"cache_size=-{_CACHE_KB}"):
            self.run(f"PRAGMA {pragma}")
        self._sql.create_function("refund_minor", 2, _refund_minor, deterministic=True)
        for noun, layout in LAYOUTS.items():
            self.run(f"CREATE TABLE {noun} (n INTEGER PRIMARY KEY, bad INTEGER NOT NULL, {', '.join(layout.names)})")
        for noun, columns in STORED.items():
            key = ", ".join(KEYS[noun])
            self.run(f"CREATE TABLE stored_{noun} ({', '.join(columns)}, PRIMARY KEY ({key})) WITHOUT ROWID")
        self.run("CREATE TABLE stored_identifiers (n INTEGER PRIMARY KEY, owners INTEGER, uses INTEGER, first_seen, last_seen)")
        self.run("BEGIN")

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._sql.close()
        self._folder.cleanup()

    def run(self, sql: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        try:
            return self._sql.execute(sql, params)
        except sqlite3.OperationalError as error:
            raise _full(error) from error

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        try:
            self._sql.executemany(sql, rows)
        except sqlite3.OperationalError as error:
            raise _full(error) from error

    def value(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """The one value of a statement."""
        return self.run(sql, params).fetchone()[0]

    def batches(self, sql: str, size: int, params: Sequence[Any] = ()) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a statement, some at a time."""
        cursor = self.run(sql, params)
        cursor.arraysize = size
        while rows := cursor.fetchmany():
            yield rows

    def insert(self, noun: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Add parsed rows: line, bad, then the columns."""
        marks = ", ".join("?" * (len(columns) + 2))
        self.many(f"INSERT INTO {noun} (n, bad, {', '.join(columns)}) VALUES ({marks})", rows)

    def insert_stored(self, noun: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of the graph; those already known are left."""
        marks = ", ".join("?" * len(STORED[noun]))
        self.many(f"INSERT OR IGNORE INTO stored_{noun} VALUES ({marks})", rows)

    def index(self) -> None:
        """Make the ways in, once all rows stand."""
        for noun, layout in LAYOUTS.items():
            self.run(f"CREATE INDEX {noun}_key ON {noun} ({', '.join(layout.key)})")
        self.run("CREATE INDEX partners_sponsor ON partners (sponsor_id) WHERE sponsor_id IS NOT NULL")
        self.run("CREATE INDEX refunds_order ON refunds (order_id)")
        self.run("CREATE INDEX stored_refunds_order ON stored_refunds (order_id)")


def _refund_minor(text: str | None, currency: str | None) -> int | None:
    """Money of a refund once the currency is known; none where it does not fit (the check says why)."""
    if text is None or currency is None:
        return None
    try:
        return values.refund_amount(text, currency)
    except values.Wrong:
        return None


def _full(error: sqlite3.OperationalError) -> Exception:
    if "full" in str(error) or "disk" in str(error):
        return Unavailable(
            Code.BAD_FILE,
            f"The files do not fit on the disk of {tempfile.gettempdir()} while they are checked; set TMPDIR to a larger one.",
        )
    return error
