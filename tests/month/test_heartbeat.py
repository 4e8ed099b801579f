"""A worker that lives keeps its run, however long it is silent; one that is dead loses it with its lease."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graphsvc import jobs, ledger, month, runs
from graphsvc.errors import Code, Refused
from graphsvc.month import Approval, RunReport
from graphsvc.month import service as saga
from graphsvc.progress import Advance
from tests.month import small
from tests.month.lives import ANNA, BORIS, MONTH, Company, approve, close, company
from tests.month.lives import database as database

__all__ = ["company", "database"]


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> int:
    seconds = 6
    monkeypatch.setattr(saga, "LEASE_SECONDS", seconds)
    monkeypatch.setattr("graphsvc.month.context.LEASE_SECONDS", seconds)
    return seconds


class Slow(small.Plug):
    """Progress that takes longer than a lease before the named step begins."""

    def __init__(self, label: str, seconds: float) -> None:
        super().__init__()
        self.label, self.seconds, self.there = label, seconds, threading.Event()

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        if label == self.label:
            self.there.set()
            time.sleep(self.seconds)
        with super().step(label, total) as advance:
            yield advance


@pytest.mark.parametrize("label", ["Digest and totals", "Entries of the ledger"])
def test_a_worker_that_is_silent_for_longer_than_its_lease_keeps_its_run(label: str, company: Company, short_lease: int) -> None:
    database, slow, done = company.database, Slow(label, 2 * short_lease), list[RunReport]()
    thread = threading.Thread(target=lambda: done.append(close(database, progress=slow)))
    thread.start()
    assert slow.there.wait(120)
    deadline = time.monotonic() + 1.5 * short_lease
    keeper = jobs.Worker(lambda: database)
    while time.monotonic() < deadline:
        assert keeper.resume() == []
        with pytest.raises(Refused) as refused:
            close(database, BORIS)
        assert refused.value.code is Code.MONTH_BUSY
        time.sleep(0.5)
    thread.join()
    assert [(report.state, report.digest) for report in done] == [("done", company.report.digest)]
    assert len(month.runs(database)) == 1
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("graphsvc-heart")]


def test_a_beat_renews_nothing_that_is_no_longer_the_workers(company: Company) -> None:
    database = company.database
    with pytest.raises(small.Interrupted):
        close(database, progress=small.Plug(3))
    run_id = month.runs(database)[0].run_id

    def beat(owner: str) -> bool:
        return database.one("month.renew_run", run_id=run_id, owner=owner, lease_seconds=20) is not None

    opened = {"plan": "small", "first_day": saga.parse_month(MONTH).first_day, "month": MONTH, "run_id": "run-x", "actor": "x"}
    database.run("month.open_run", **opened, owner="first", lease_seconds=0)
    assert beat("first")
    small.expire(company.driver, company.endpoint)
    database.run("month.open_run", **opened, owner="second", lease_seconds=0)
    assert (beat("first"), beat("second")) == (False, True)
    database.run("month.release_run", run_id=run_id, owner="second")
    assert not beat("second")
    close(database, approval=Approval.ANYBODY)
    owner = company.driver.execute_query("MATCH (r:Run) RETURN r.owner AS o", database_=company.endpoint.database).records[0]["o"]
    assert not beat(owner)
    approve(database, ANNA)
    assert not beat(owner)
    assert not beat("second")


_STUCK = f"""
import time
from graphsvc import config, connect, month
from graphsvc.month import context, service
context.LEASE_SECONDS = service.LEASE_SECONDS = 6
def stuck(*_):
    print("here", flush=True)
    time.sleep(300)
service._report = stuck
month.close(connect.open_database(config.load()), "{MONTH}", "small", actor="cli:anna", person="anna", out_of_order=True)
"""


def test_a_killed_worker_loses_its_run_with_its_lease_and_the_keeper_goes_on(company: Company, tmp_path: Path) -> None:
    database, endpoint = company.database, company.endpoint
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GRAPHSVC_", "NEO4J_"))}
    kept |= {"NEO4J_URI": endpoint.uri, "NEO4J_USER": endpoint.user, "GRAPHSVC_HOME": str(tmp_path)}
    kept |= {"NEO4J_PASSWORD": endpoint.password} if endpoint.password is not None else {}
    kept |= {"NEO4J_DATABASE": endpoint.database} if endpoint.database else {}
    process = subprocess.Popen([sys.executable, "-c", _STUCK], env=kept, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        [run] = month.runs(database)
        keeper = jobs.Worker(lambda: database)
        alive_until = time.monotonic() + 9
        while time.monotonic() < alive_until:
            assert keeper.resume() == [], "it is alive, and its heart beats"
            time.sleep(0.5)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        process.stdout.close()  # type: ignore[union-attr]
    killed_at = time.monotonic()
    while keeper.resume() != [run.run_id]:
        assert time.monotonic() < killed_at + 6 + 60
        time.sleep(0.5)
    assert runs.run(database, run.run_id).state == "done"
    view = runs.run(database, run.run_id)
    assert (view.person, view.report and view.report["digest"]) == ("anna", company.report.digest)
    assert ledger.verify(database).holds
