"""Fetches what the graph has of the keys in the given files, and of what they refer to, into the stage.

Only those keys are asked for, sorted, some thousands at a time; nothing at all where the graph has no such noun yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphsvc.imports.staging import NUMBERS, STORED, Stage
from graphsvc.progress import Progress
from graphsvc.query.runner import Database

BATCH_KEYS = 5_000
CELL = "\x1f"

_PARTNERS = """
    SELECT partner_id FROM partners UNION SELECT sponsor_id FROM partners UNION SELECT partner_id FROM customers
    UNION SELECT partner_id FROM orders UNION SELECT partner_id FROM events UNION SELECT placement_id FROM partners"""
_CUSTOMERS = "SELECT customer_id FROM customers UNION SELECT customer_id FROM orders"
_ORDERS = "SELECT order_id FROM orders UNION SELECT order_id FROM refunds"
_REFUNDS = "SELECT refund_id FROM refunds"
_OWNER = " UNION SELECT owner_id FROM identifiers WHERE owner_type = "

# noun -> query and the ids it is asked for, in an order in which later ones may use what earlier ones brought.
_READS = (
    ("customers", "imports.stored_customers", f"{_CUSTOMERS}{_OWNER}'customer'"),
    ("partners", "imports.stored_partners", f"{_PARTNERS}{_OWNER}'partner'"),
    ("orders", "imports.stored_orders", f"{_ORDERS}{_OWNER}'order'"),
    ("refunds", "imports.stored_refunds", _REFUNDS),
    ("refunds", "imports.stored_refunds_of_orders", _ORDERS),
    ("events", "imports.stored_events", "SELECT event_id FROM events"),
)


def load(database: Database, stage: Stage, progress: Progress, tree: str) -> None:
    """Fill the `stored_…` tables of the stage; places are those of one placement tree."""
    counts = database.one("imports.counts") or {}
    for noun, query, ids in _READS:
        if not counts[noun]:
            continue
        total = stage.value(f"SELECT count(*) FROM ({ids})")
        with progress.step(f"Comparing {noun}", total) as advance:
            for batch in stage.batches(ids, BATCH_KEYS):
                keys = [id_ for (id_,) in batch if id_ is not None]
                rows = database.run(query, ids=keys, **({"tree": tree} if noun == "partners" else {}))
                stage.insert_stored(noun, _cells(noun, rows))
                advance(len(batch))
    if counts["identifiers"] and stage.value("SELECT count(*) FROM identifiers"):
        _load_identifiers(database, stage, progress)


def _cells(noun: str, rows: list[dict[str, Any]]) -> Iterator[list[Any]]:
    columns = STORED[noun]
    numbers = [i for i, name in enumerate(columns) if name in NUMBERS]
    instants = [i for i, name in enumerate(columns) if name.endswith("_at")]
    for row in rows:
        cells: list[Any] = [cell or None for cell in row["row"].split(CELL)]
        for i in numbers:
            cells[i] = None if cells[i] is None else int(cells[i])
        for i in instants:
            cells[i] = cells[i] and cells[i].removesuffix("Z")
        yield cells


def _load_identifiers(database: Database, stage: Stage, progress: Progress) -> None:
    rows = "SELECT n, owner_type, owner_id, kind, value FROM identifiers WHERE NOT bad"
    with progress.step("Comparing identifiers", stage.value("SELECT count(*) FROM identifiers")) as advance:
        for batch in stage.batches(rows, BATCH_KEYS):
            found = database.run("imports.stored_identifiers", keys=[list(row[1:]) for row in batch])
            stage.many(
                "INSERT INTO stored_identifiers VALUES (?, ?, ?, ?, ?)",
                ((batch[f["place"]][0], f["owners"], f["uses"], _bare(f["first_seen"]), _bare(f["last_seen"])) for f in found),
            )
            advance(len(batch))


def _bare(instant: str | None) -> str | None:
    return instant.removesuffix("Z") if instant else instant


def load_ancestors(database: Database, stage: Stage) -> None:
    """Fetch everybody above the stored sponsors that the files name, into the table `above`; for re-hanging."""
    stage.run("CREATE TABLE above (partner_id PRIMARY KEY, sponsor_id) WITHOUT ROWID")
    starts = "SELECT DISTINCT p.sponsor_id FROM partners p JOIN stored_partners s ON s.partner_id = p.sponsor_id WHERE NOT p.bad"
    for batch in list(stage.batches(starts, BATCH_KEYS)):
        rows = database.run("imports.ancestors", ids=[id_ for (id_,) in batch])
        stage.many("INSERT OR IGNORE INTO above VALUES (?, ?)", ((r["partner_id"], r["sponsor_id"]) for r in rows))
