"""Shared by the tests of intake: files from text, and the graph as plain values."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import neo4j

from graphsvc.imports import ImportFiles, ImportReport, import_files
from graphsvc.progress import Progress
from graphsvc.query.runner import Database

KEY = b"a key of the tests, long enough for them"

PARTNERS = """partner_id,sponsor_id,name,joined_at
A,,Anna,2024-01-01
B,A,Boris,2024-01-02T10:00:00+03:00
C,B,,2024-01-03
"""
CUSTOMERS = """customer_id,partner_id,name,joined_at
c1,B,Clara,2024-02-01
"""
ORDERS = """order_id,line,partner_id,customer_id,paid_at,amount,currency,qv
O1,1,A,,2024-03-01T12:00:00Z,11.77,USD,
O1,2,A,,2024-03-01T12:00:00Z,8.23,USD,2.5
O2,1,,c1,2024-03-02,100,USD,
"""
REFUNDS = """refund_id,order_id,refunded_at,amount
R1,O1,2024-03-05,12.00
"""
IDENTIFIERS = """owner_type,owner_id,kind,value,seen_at
partner,A,email,Anna@Example.com,2024-03-01
partner,B,email,anna@example.com,
order,O1,card,4111 1111 1111 1234,2024-03-01T12:00:00Z
"""
ALL = {
    "partners": PARTNERS,
    "customers": CUSTOMERS,
    "orders": ORDERS,
    "refunds": REFUNDS,
    "identifiers": IDENTIFIERS,
}


def files(folder: Path, *, zipped: bool = False, **texts: str | bytes) -> ImportFiles:
    """Files of these texts, by noun."""
    paths = {}
    for noun, text in texts.items():
        raw = text.encode() if isinstance(text, str) else text
        paths[noun] = folder / (f"{noun}.csv" + ".gz" * zipped)
        paths[noun].write_bytes(gzip.compress(raw) if zipped else raw)
    return ImportFiles(**paths)


def take(
    database: Database, folder: Path, *, update: bool = False, progress: Progress | None = None, **texts: str | bytes
) -> ImportReport:
    """Import these texts."""
    return import_files(database, files(folder, **texts), update=update, identifier_key=KEY, progress=progress)


def counts(report: ImportReport) -> dict[str, tuple[int, int, int, int]]:
    """New, unchanged, updated and late rows by noun."""
    return {f.noun: (f.new, f.unchanged, f.updated, f.late) for f in report.files}


def graph(driver: neo4j.Driver, *, hidden: tuple[str, ...] = ("recorded_at", "seq")) -> tuple[list[Any], list[Any]]:
    """All that was taken in, as sorted text; without what differs from one intake to the next."""
    nodes = "MATCH (n:Partner|Customer|Order|Refund|Identifier) RETURN labels(n)[0] AS label, properties(n) AS p"
    edges = """MATCH (a)-[r:SPONSORED_BY|REFERRED_BY|CREDITED_TO|PLACED_BY|REFUNDS|USES]->(b)
        RETURN type(r) AS label, properties(r) AS p, coalesce(a.id, a.digest) + coalesce(a.line, '') AS start,
        coalesce(b.id, b.digest) + coalesce(b.line, '') AS end"""

    def shown(query: str) -> list[Any]:
        rows, _, _ = driver.execute_query(query)
        return sorted(
            str([row["label"], *row.values()[2:], *sorted((k, str(v)) for k, v in row["p"].items() if k not in hidden)])
            for row in rows
        )

    return shown(nodes), shown(edges)


def one(driver: neo4j.Driver, query: str, **params: Any) -> Any:
    """The one value of a query."""
    rows, _, _ = driver.execute_query(query, params)
    return rows[0][0]
