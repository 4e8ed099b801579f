"""Import and close of generated networks: seconds a step, peak memory of client and server, growth with size.

    python -m benchmarks.month [PARTNERS ...]        (default 10000 100000)

Each size gets an empty embedded Neo4j of its own below .graphsvc/bench: three orders a partner over three months, of which one
is closed; dynamic compression.
"""

from __future__ import annotations

import dataclasses
import math
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from graphsvc import embedded, explain, month
from graphsvc.cli import console
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.imports import ImportFiles, import_files, load_key
from graphsvc.plan import document, store
from graphsvc.progress import Advance

ROOT = Path(__file__).parents[1]
SIZES = (10_000, 100_000)
MONTH = "2025-02"  # one of the three that the generator draws
SEED = 7
ORDERS_A_PARTNER = 3


class Stopwatch:
    """Remembers how long each step took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 - the protocol's names
        """Time one step; steps of one label add up."""
        started = time.monotonic()
        try:
            yield lambda _: None
        finally:
            self.seconds[label] = self.seconds.get(label, 0.0) + time.monotonic() - started


class Peak(threading.Thread):
    """Watches the resident memory of a process."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process, self.bytes, self.done = psutil.Process(pid), 0, threading.Event()

    def run(self) -> None:
        """Look twice a second until told to stop."""
        while not self.done.wait(0.5):
            self.bytes = max(self.bytes, self.process.memory_info().rss)


def measure(partners: int) -> dict[str, float]:
    """One size: generate, import, close, verify; seconds by step, memory in megabytes."""
    home = ROOT / ".graphsvc" / "bench" / str(partners)
    shutil.rmtree(home, ignore_errors=True)
    data = home / "data"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.generate_network", "--partners", str(partners), "--orders",
         str(partners * ORDERS_A_PARTNER), "--seed", str(SEED), "--out", str(data)],
        check=True,
        cwd=ROOT,
    )  # fmt: skip
    settings = dataclasses.replace(load(), home=home, neo4j_uri=None)
    watch = Stopwatch()
    try:
        with open_database(settings) as database:
            server = Peak(embedded.status(settings).pid or 0)
            server.start()
            started = time.monotonic()
            files = ImportFiles(partners=data / "partners.csv", orders=data / "orders.csv")
            import_files(database, files, identifier_key=load_key(settings))
            watch.seconds["import"] = time.monotonic() - started
            store.publish(database, document.load(ROOT / "examples" / "plans" / "cdnow.yaml"))
            started = time.monotonic()
            report = month.close(database, MONTH, "cdnow", actor="bench", out_of_order=True, progress=watch)
            watch.seconds["close"] = time.monotonic() - started
            assert report.lines > 0, f"{MONTH} has no lines; the generator must draw orders in it"
            started = time.monotonic()
            assert explain.verify(database, MONTH).holds
            watch.seconds["verify"] = time.monotonic() - started
            server.done.set()
            server.join()
    finally:
        embedded.stop(settings)
    watch.seconds["lines"] = report.lines
    watch.seconds["server MB"] = server.bytes / 2**20
    watch.seconds["client MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shutil.rmtree(home, ignore_errors=True)
    return watch.seconds


def main() -> None:
    """Measure every size and print one table."""
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    found = [measure(size) for size in sizes]
    rows = []
    for label in found[-1]:
        cells = [f"{one.get(label, 0):.1f}" for one in found]
        growth = ""
        if len(found) > 1 and found[0].get(label, 0) > 0 and found[-1][label] > 0:
            growth = f"{math.log(found[-1][label] / found[0][label]) / math.log(sizes[-1] / sizes[0]):.2f}"
        rows.append((label, *cells, growth))
    columns = ("step", *(f"{size:,}" for size in sizes), "exponent")
    console.table("Seconds a step", columns, rows, right=columns[1:])


if __name__ == "__main__":
    main()
