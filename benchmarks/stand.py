"""A generated network imported into an empty embedded Neo4j of its own, for as long as something is measured on it."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import generate_network
from benchmarks.month import ROOT, SEED, TREE, Peak
from graphsvc import embedded
from graphsvc.config import Settings, load
from graphsvc.connect import open_database
from graphsvc.imports import ImportFiles, import_files, load_key
from graphsvc.query.runner import Database


@contextmanager
def stand(name: str, partners: int, found: dict[str, float]) -> Iterator[tuple[Database, Settings, Path]]:
    """The database, its settings and the folder of the files imported into it; `found` gets the server's peak memory."""
    home = ROOT / ".graphsvc" / "bench" / f"{partners}-{name}"
    shutil.rmtree(home, ignore_errors=True)
    data = home / "data"
    generate_network.write(data, partners, "mixed", SEED)
    settings = dataclasses.replace(load(), home=home, neo4j_uri=None)
    try:
        with open_database(settings) as database:
            server = Peak(embedded.status(settings).pid or 0)
            server.start()
            files = ImportFiles(partners=data / "partners.csv", orders=data / "orders.csv")
            import_files(database, files, identifier_key=load_key(settings), placement_tree=TREE)
            yield database, settings, data
            server.done.set()
            server.join()
    finally:
        embedded.stop(settings)
    found["server MB"] = server.bytes / 2**20
    shutil.rmtree(home, ignore_errors=True)
