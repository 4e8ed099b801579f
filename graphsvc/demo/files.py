"""The demo's rows as the importer's files, and the list of what was planted beside them."""

from __future__ import annotations

import csv
from pathlib import Path

from graphsvc.demo.planted import Planted
from graphsvc.demo.world import Row, World
from graphsvc.imports import ImportFiles

NAMES = ("partners", "customers", "orders", "refunds", "identifiers")


def write(world: World, planted: list[Planted], folder: Path) -> ImportFiles:
    """Write the five files and `planted.csv` into a folder; the same world gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.csv" for name in NAMES}
    for name, path in paths.items():
        _write(path, getattr(world, name))
    _write(
        folder / "planted.csv",
        [{"pattern": p.pattern, "partner_ids": " ".join(p.partner_ids)} for p in planted],
    )
    return ImportFiles(**paths)


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
