"""Import and close of generated networks under the hybrid plan: seconds a step, peak memory, growth with size.

    python -m benchmarks.month [PARTNERS[:SHAPE] ...]        (default 10000 100000 1000000 100000:line 100000:star)

Each gets an empty embedded Neo4j of its own below .graphsvc/bench: three orders a partner a month, sold by everybody in the
first month and by a fifth in the second; both months are closed and verified. Growth is told over the mixed networks.
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

from benchmarks.generate_network import MONTHS, SELLERS_ONE_IN
from graphsvc import embedded, explain, month
from graphsvc.cli import console
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.imports import ImportFiles, import_files, load_key
from graphsvc.plan import document, store
from graphsvc.progress import Advance

ROOT = Path(__file__).parents[1]
CASES = ("10000", "100000", "1000000", "100000:line", "100000:star")
PLAN = "hybrid"
TREE = "legs"
SEED = 7
# Steps slower than this are told as they end: a million takes long enough to want to know where it is.
SLOW_SECONDS = 2


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
            took = time.monotonic() - started
            self.seconds[label] = self.seconds.get(label, 0.0) + took
            if took > SLOW_SECONDS:
                print(f"  {label}: {took:.1f} s", file=sys.stderr, flush=True)


class Peak(threading.Thread):
    """Watches the resident memory of a process."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process, self.bytes, self.done = psutil.Process(pid), 0, threading.Event()

    def run(self) -> None:
        """Look twice a second until told to stop."""
        while not self.done.wait(0.5):
            self.bytes = max(self.bytes, self.process.memory_info().rss)


def measure(partners: int, shape: str) -> dict[str, float]:
    """One network: generate, import, close, verify; seconds by step, memory in megabytes."""
    home = ROOT / ".graphsvc" / "bench" / f"{partners}-{shape}"
    shutil.rmtree(home, ignore_errors=True)
    data = home / "data"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.generate_network", "--partners", str(partners), "--shape", shape, "--seed", str(SEED),
         "--out", str(data)],
        check=True,
        cwd=ROOT,
    )  # fmt: skip
    settings = dataclasses.replace(load(), home=home, neo4j_uri=None)
    found: dict[str, float] = {}
    try:
        with open_database(settings) as database:
            server = Peak(embedded.status(settings).pid or 0)
            server.start()
            started = time.monotonic()
            files = ImportFiles(partners=data / "partners.csv", orders=data / "orders.csv")
            import_files(database, files, identifier_key=load_key(settings), placement_tree=TREE)
            found["import"] = time.monotonic() - started
            store.publish(database, document.load(ROOT / "examples" / "plans" / f"{PLAN}.yaml"))
            for name, one_in in zip(MONTHS, SELLERS_ONE_IN, strict=True):
                watch, started = Stopwatch(), time.monotonic()
                report = month.close(database, name, PLAN, actor="bench", progress=watch)
                found[f"close, 1 in {one_in} sells"] = time.monotonic() - started
                assert report.lines > 0, f"{name} has no lines; the generator must draw orders in it"
                found |= {f"  {label}": seconds for label, seconds in watch.seconds.items()} if one_in == 1 else {}
                started = time.monotonic()
                assert explain.verify(database, name, PLAN).holds
                found[f"verify, 1 in {one_in} sells"] = time.monotonic() - started
                found[f"lines, 1 in {one_in} sells"] = report.lines
            server.done.set()
            server.join()
    finally:
        embedded.stop(settings)
    found["server MB"] = server.bytes / 2**20
    found["client MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shutil.rmtree(home, ignore_errors=True)
    return found


def main() -> None:
    """Measure every case and print one table."""
    cases = sys.argv[1:] or list(CASES)
    found = {}
    for case in cases:
        partners, _, shape = case.partition(":")
        found[case] = measure(int(partners), shape or "mixed")
        console.say(f"{case}: closed in {found[case]['close, 1 in 1 sells']:.1f} s")
    mixed = [case for case in cases if ":" not in case]
    rows = []
    for label in found[cases[0]]:
        cells = [f"{found[case].get(label, 0):.1f}" for case in cases]
        growth = ""
        if len(mixed) > 1 and found[mixed[0]].get(label, 0) > 0 and found[mixed[-1]].get(label, 0) > 0:
            growth = (
                f"{math.log(found[mixed[-1]][label] / found[mixed[0]][label]) / math.log(int(mixed[-1]) / int(mixed[0])):.2f}"
            )
        rows.append((label, *cells, growth))
    columns = ("step", *cases, "exponent")
    console.table("Seconds a step", columns, rows, right=columns[1:])


if __name__ == "__main__":
    main()
