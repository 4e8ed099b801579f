"""R2: kill -9 of the process that closes a month, in its steps and between them; the next one goes on, to the same ledger."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from graphsvc import jobs, ledger, month
from graphsvc.ledger import heads
from tests import chance
from tests.ledger import told
from tests.month import small
from tests.month.lives import MONTH, Company, close, company
from tests.month.lives import database as database

__all__ = ["company", "database"]

KILLS = chance.either(5, 50)
LEASE_SECONDS = 4
RESUMED_SECONDS_MAX = 60

# Closes the month as a process of its own, and says when a step begins and when one is done.
WORKER = f"""
from contextlib import contextmanager
from graphsvc import config, connect, month
from graphsvc.month import context, service
context.LEASE_SECONDS = service.LEASE_SECONDS = {LEASE_SECONDS}
class Said:
    @contextmanager
    def step(self, label, total=None):
        print("begins", flush=True)
        yield lambda _: None
        print("done", flush=True)
database = connect.open_database(config.load())
month.close(database, "{MONTH}", "small", actor="cli:anna", person="anna", out_of_order=True, progress=Said())
"""


def environment_of(company: Company, home: Path) -> dict[str, str]:
    """The environment in which a process finds the company's database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GRAPHSVC_", "NEO4J_"))}
    endpoint = company.endpoint
    kept |= {"NEO4J_URI": endpoint.uri, "NEO4J_USER": endpoint.user, "GRAPHSVC_HOME": str(home)}
    kept |= {"NEO4J_PASSWORD": endpoint.password} if endpoint.password is not None else {}
    return kept | ({"NEO4J_DATABASE": endpoint.database} if endpoint.database else {})


def killed(environment: dict[str, str], rng: random.Random, said_max: int) -> str:
    """Close the month in a process that is killed at a random word of it, or a moment after; what it said last."""
    between, at = rng.random() < 0.5, rng.randrange(1, said_max + 1)
    process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = ""
    for number, line in enumerate(process.stdout, 1):
        last = line.strip()
        if number == at:
            time.sleep(0 if between else rng.uniform(0.0, 0.2))
            process.send_signal(signal.SIGKILL)
            break
    process.wait(60)
    process.stdout.close()
    return last


def lease_until(company: Company) -> dt.datetime:
    """When the lease of the one run ends."""
    text = "MATCH (r:Run) RETURN r.lease_until AS until"
    rows, _, _ = company.driver.execute_query(text, database_=company.endpoint.database)
    [row] = rows
    until: dt.datetime = row["until"].to_native()
    return until


def test_a_killed_worker_leaves_a_run_that_the_next_takes_up_in_time(
    company: Company, tmp_path: Path, record_property: Callable[..., None]
) -> None:
    """The keeper of another process has it within a minute of the lease's end, and never before."""
    database, file = company.database, tmp_path / "heads"
    close(database)
    undisturbed = told.shared(database)
    small.forget(company.driver, company.endpoint)
    environment, rng = environment_of(company, tmp_path), chance.rng("killed workers")
    said_max, cut, last, slowest = 2 * len(company.plug.labels), 0, set[str](), 0.0
    for number in range(KILLS):
        last.add(killed(environment, rng, said_max))
        [run] = month.runs(database)
        if run.state == "running":
            cut += 1
            keeper, until = jobs.Worker(lambda: database, file), lease_until(company)
            deadline = time.monotonic() + LEASE_SECONDS + RESUMED_SECONDS_MAX
            asked_at = dt.datetime.now(dt.UTC)
            while keeper.resume() != [run.run_id]:
                assert time.monotonic() < deadline, f"kill {number}: nobody took the run up"
                time.sleep(0.2)
                asked_at = dt.datetime.now(dt.UTC)
            slowest = max(slowest, (asked_at - until).total_seconds())
            assert slowest < RESUMED_SECONDS_MAX
            [run] = month.runs(database)
        assert (run.state, run.digest, run.breakage) == ("done", company.report.digest, company.report.breakage), number
        assert told.shared(database) == undisturbed, number
        assert small.census(company.driver, company.endpoint) == company.closed, number
        proved = ledger.verify(database, [heads.note(database, file)])
        assert (proved.holds, proved.uncleared, proved.kept_outside) == (True, [], 1)
        small.forget(company.driver, company.endpoint)
    assert cut > KILLS // 2, f"only {cut} of {KILLS} kills came before the close was over"
    assert last == {"begins", "done"}, "no kill came between two steps, or none in a step"
    record_property(
        chance.TOLD, f"R2: a worker killed {KILLS} times, {cut} of them in the middle of a close; {slowest:.1f} s after its lease"
    )
