"""A run that is disturbed ends as one that was not: whatever stops a worker, the same command goes on, to the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import neo4j
import pytest

from graphsvc import explain, month
from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.month import service as saga
from graphsvc.month.context import Batches
from graphsvc.month.layers import Layers
from graphsvc.progress import Advance
from graphsvc.query import runner
from graphsvc.query.runner import Database
from tests import chance
from tests.month import small
from tests.month.conftest import Said
from tests.proxy import Proxy
from tests.server import Address

MONTH = "2025-03"
TINY = Batches(fold_partners=1, layers=Layers(thin=0))
TRIES_MAX = 60
COMMAND = [sys.executable, "-c", "from graphsvc.cli import main; main()"]
CLOSE = ["month", "close", MONTH, "--plan", "small", "--out-of-order"]


def close(database: Database, progress: small.Plug | None = None, batches: Batches = TINY) -> month.RunReport:
    """Close the month of these tests, in the smallest batches."""
    return month.close(database, MONTH, "small", actor="test", out_of_order=True, progress=progress, batches=batches)


class Company:
    """A company whose month can be closed again and again, and what an undisturbed close gives."""

    def __init__(self, database: Database, driver: neo4j.Driver, endpoint: Address, folder: Path) -> None:
        small.import_company(database, folder)
        self.database, self.driver, self.endpoint = database, driver, endpoint
        self.plug = small.Plug()
        self.report = close(database, self.plug)
        # a run keeps the strata that it began with, the small ones of these tests or those of the command line
        self.censuses = [small.census(driver, endpoint)]
        small.forget(driver, endpoint)
        close(database, batches=Batches())
        self.censuses.append(small.census(driver, endpoint))
        small.forget(driver, endpoint)

    def assert_undisturbed(self) -> None:
        """The month stands closed as if nothing had happened: same bytes, same blocks, every line explained, one run."""
        [run] = month.runs(self.database)
        assert (run.state, run.digest) == ("done", self.report.digest)
        assert run.breakage == self.report.breakage
        assert small.census(self.driver, self.endpoint) in self.censuses
        assert explain.verify(self.database, MONTH, "small").holds
        small.forget(self.driver, self.endpoint)


@pytest.fixture(scope="module")
def company(kept: Database, driver: neo4j.Driver, endpoint: Address, tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(kept, driver, endpoint, tmp_path_factory.mktemp("company"))


@pytest.fixture(autouse=True)
def _forget(company: Company) -> Iterator[None]:
    yield
    small.forget(company.driver, company.endpoint)


@pytest.fixture
def environment(endpoint: Address, tmp_path: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GRAPHSVC_", "NEO4J_"))}
    kept |= {"NEO4J_URI": endpoint.uri, "NEO4J_USER": endpoint.user, "GRAPHSVC_HOME": str(tmp_path)}
    kept |= {"NEO4J_PASSWORD": endpoint.password} if endpoint.password is not None else {}
    return kept | ({"NEO4J_DATABASE": endpoint.database} if endpoint.database else {})


def test_a_run_interrupted_at_every_event_ends_as_one_that_was_not(company: Company) -> None:
    """Each attempt gets one event further into a step than the one before, until the step is done: every event is a cut."""
    cut, events, pulled_at, done = set[str](), 0, 1, 0
    while events < 500:
        plug = small.Plug(pulled_at)
        try:
            close(company.database, plug)
        except small.Interrupted:
            events += 1
            cut.add(plug.labels[-1])
            step = saga.state(company.database, month.runs(company.database)[0].run_id)["step"]
            pulled_at, done = (1 if step > done else pulled_at + 1), step
        else:
            break
    assert cut == set(company.plug.labels), f"not every step was interrupted: {set(company.plug.labels) - cut}"
    assert events >= company.plug.events
    company.assert_undisturbed()


def test_a_run_interrupted_late_in_each_step_begins_that_step_again(company: Company) -> None:
    for number, label in enumerate(company.plug.labels):
        plug = _PlugAt(label)
        with pytest.raises(small.Interrupted):
            close(company.database, plug)
        stored = saga.state(company.database, month.runs(company.database)[0].run_id)
        assert stored["step"] == number
    close(company.database)
    company.assert_undisturbed()


class _PlugAt(small.Plug):
    """Pulled when the named step has done all its work, and is about to be called done."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        yield lambda _: None
        if label == self.label:
            raise small.Interrupted


@pytest.mark.parametrize("attempt", range(chance.cases(2)))
def test_a_worker_that_dies_at_any_transaction_leaves_a_run_that_goes_on(attempt: int, company: Company) -> None:
    rng = chance.rng(f"dying {attempt}")
    with small.Dying(company.endpoint) as dying:
        deaths = 0
        for _ in range(TRIES_MAX):
            dying.left, dying.committed = rng.randrange(1, 40), rng.random() < 0.5
            try:
                close(dying)
            except small.Interrupted:
                deaths += 1
                small.expire(company.driver, company.endpoint)
            except Refused as refused:
                if refused.code is Code.MONTH_CLOSED:
                    break  # the answer to the last commit was lost: the month is closed, and the command says so
                raise
            else:
                break
        dying.left = None
    assert deaths > 0
    company.assert_undisturbed()


def _wait_for_run(company: Company, process: subprocess.Popen[str]) -> bool:
    """Until the process has opened its run; False if it ended before."""
    while process.poll() is None:
        rows, _, _ = company.driver.execute_query("MATCH (r:Run) RETURN count(r) AS n", database_=company.endpoint.database)
        if rows[0]["n"]:
            return True
        time.sleep(0.01)
    return False


def _disturbed(company: Company, environment: dict[str, str], number: int, rng: random.Random) -> tuple[int, str]:
    """A real process that closes the month and is sent a signal at some moment; its exit code and stderr."""
    process = subprocess.Popen([*COMMAND, *CLOSE], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if _wait_for_run(company, process):
        time.sleep(rng.uniform(0.0, 0.4))
        if process.poll() is None:
            process.send_signal(number)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


@pytest.mark.parametrize("attempt", range(chance.cases(2)))
def test_a_killed_process_leaves_a_run_that_goes_on(attempt: int, company: Company, environment: dict[str, str]) -> None:
    code, _ = _disturbed(company, environment, signal.SIGKILL, chance.rng(f"kill {attempt}"))
    assert code in (-signal.SIGKILL, 0)
    small.expire(company.driver, company.endpoint)
    if month.runs(company.database)[0].state == "running":
        close(company.database)
    company.assert_undisturbed()


@pytest.mark.parametrize("attempt", range(chance.cases(1)))
def test_ctrl_c_leaves_nothing_half_and_the_same_command_goes_on_at_once(
    attempt: int, company: Company, environment: dict[str, str]
) -> None:
    code, said = _disturbed(company, environment, signal.SIGINT, chance.rng(f"interrupt {attempt}"))
    # 0, or the signal itself, where it came when the month was closed and Python was on its way out
    assert code in (130, 0, -signal.SIGINT), said
    assert "Traceback" not in said or code == -signal.SIGINT
    if code == 130:
        assert said.strip().endswith("Stopped. Nothing is half done; the same command goes on from here.")
        began = time.monotonic()
        again = subprocess.run([*COMMAND, *CLOSE], env=environment, capture_output=True, text=True, timeout=200, check=False)
        assert again.returncode == 0, again.stderr
        assert time.monotonic() - began < 200
    company.assert_undisturbed()


def _open(company: Company, owner: str, lease_seconds: int) -> str:
    """Open or take up the run as a worker of another process would."""
    opened = company.database.run(
        "month.open_run",
        plan="small",
        first_day=saga.parse_month(MONTH).first_day,
        month=MONTH,
        run_id=f"run-{owner}",
        owner=owner,
        actor="test",
        lease_seconds=lease_seconds,
    )[0]
    assert opened["outcome"] in ("opened", "resumed")
    return str(opened["run_id"])


def test_the_lease_of_a_dead_worker_is_waited_for(company: Company) -> None:
    run_id = _open(company, "dead", 4)
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        month.close(company.database, MONTH, "small", actor="test", out_of_order=True, wait=False)
    assert refused.value.code is Code.MONTH_BUSY
    assert run_id in refused.value.sentence
    report = close(company.database)
    assert time.monotonic() - began > 3.5
    assert report.run_id == run_id
    company.assert_undisturbed()


def test_a_worker_that_lost_its_run_writes_nothing_more(company: Company) -> None:
    """At every step in turn: another worker takes the run over, and the first one is stopped by its next batch."""

    class TakenOver(small.Plug):
        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

        def _event(self) -> None:
            super()._event()
            if self.events == self.at:
                small.expire(company.driver, company.endpoint)
                _open(company, "thief", 60)

    for at in (2, 5, 9, 14, 20):
        with pytest.raises(Refused) as refused:
            close(company.database, TakenOver(at))
        assert refused.value.code is Code.RUN_LOST
        [run] = month.runs(company.database)
        stored = saga.state(company.database, run.run_id)
        assert run.run_id in refused.value.sentence
        before = small.census(company.driver, company.endpoint)
        assert saga.state(company.database, run.run_id) == stored
        assert small.census(company.driver, company.endpoint) == before
        small.expire(company.driver, company.endpoint)
    close(company.database)
    company.assert_undisturbed()


def test_a_step_is_not_called_done_by_a_worker_that_lost_its_run(company: Company) -> None:
    run_id = _open(company, "first", 0)
    _open(company, "second", 60)
    assert company.database.run("month.finish_step", run_id=run_id, owner="first", step=7) == []
    assert saga.state(company.database, run_id)["step"] == 0
    window = saga.bounds(saga.parse_month(MONTH), "UTC").parameters()
    posted = company.database.one(
        "month.post_run", run_id=run_id, owner="first", digest="", report="{}", counted_by="paid_at", **window
    )
    assert posted is None
    assert [period["status"] for period in month.months(company.database, "small")] == ["closing"]


def test_a_worker_that_lost_its_run_at_the_very_end_does_not_post(company: Company) -> None:
    class TakenOver(small.Plug):
        @contextmanager
        def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
            yield lambda _: None
            if label == "Digest and totals":
                small.expire(company.driver, company.endpoint)
                _open(company, "thief", 60)

    with pytest.raises(Refused) as refused:
        close(company.database, TakenOver())
    assert refused.value.code is Code.RUN_LOST
    assert month.runs(company.database)[0].state == "running"
    small.expire(company.driver, company.endpoint)
    close(company.database)
    company.assert_undisturbed()


def test_a_neo4j_that_goes_away_in_the_middle_is_one_sentence_and_the_same_command_goes_on(
    company: Company, cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "RETRY_SECONDS_MAX", 0.5)
    rng = chance.rng("proxy")
    with Proxy(company.endpoint.uri) as proxy:
        monkeypatch.setattr(saga, "LEASE_SECONDS", 1)
        monkeypatch.setattr("graphsvc.month.context.LEASE_SECONDS", 1)
        for share in (rng.uniform(0.3, 0.6), rng.uniform(0.6, 0.95)):
            proxy.mend()
            whole = _bytes_of_a_close(company, cli, proxy, monkeypatch)
            small.forget(company.driver, company.endpoint)
            proxy.mend(cut_after=int(whole * share))
            said = cli(*CLOSE)
            assert said.code == 3, said
            sentences = [line for line in said.err.splitlines() if not line.endswith(" s")]
            assert len(sentences) == 1, said.err
            assert sentences[0].startswith("Neo4j ")
            assert "run the same command again" in sentences[0]
            proxy.mend()
            small.expire(company.driver, company.endpoint)
            assert cli(*CLOSE).code == 0
            company.assert_undisturbed()


def _bytes_of_a_close(company: Company, cli: Callable[..., Said], proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("NEO4J_URI", proxy.uri)
    assert cli(*CLOSE).code == 0
    return proxy.sent


def test_a_neo4j_that_is_not_there_is_one_sentence(
    company: Company, cli: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "RETRY_SECONDS_MAX", 0.5)
    with Proxy(company.endpoint.uri) as proxy:
        proxy.cut()
        monkeypatch.setenv("NEO4J_URI", proxy.uri)
        said = cli(*CLOSE)
    assert (said.code, said.out) == (3, "")
    assert len(said.err.splitlines()) == 1
    with Proxy(company.endpoint.uri) as proxy:
        broken = Database(proxy.uri, company.endpoint.user, company.endpoint.password, database=company.endpoint.database)
        broken.verify()

        class Cut(small.Plug):
            def _event(self) -> None:
                super()._event()
                if self.events == 6:
                    proxy.cut()

        with broken, pytest.raises(Unavailable) as unavailable:
            close(broken, Cut())
    assert unavailable.value.code is Code.DATABASE_UNAVAILABLE
    small.expire(company.driver, company.endpoint)
    close(company.database)
    company.assert_undisturbed()
