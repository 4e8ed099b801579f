"""A company's closed months and its ledger, whatever happens to the Neo4j that holds them: killed, dumped, wiped, loaded.

R1 and R24 of the bars. The tests of this module run in order, on a server of their own.
"""

from __future__ import annotations

import os
import random
import signal
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import neo4j
import psutil
import pytest

from graphsvc import connect, earnings, embedded, explain, ledger, month
from graphsvc.config import Settings
from graphsvc.embedded import layout as layouts
from graphsvc.errors import Unavailable
from graphsvc.ledger import heads
from graphsvc.month import service as saga
from graphsvc.query import runner
from graphsvc.query.runner import Database
from tests import chance
from tests.ledger import told
from tests.month import small
from tests.month.lives import SMALL
from tests.server import REPLAN_SECONDS, Address

from .conftest import command, settings_of

MONTH = "2025-03"
KILLS = 5  # in each attempt, of which deep tests have ten
LEASE_SECONDS = 4
COMMAND_SECONDS_MAX = 1_500  # a server that was killed plans every query anew
CLOSE = ("month", "close", MONTH, "--plan", "small", "--out-of-order")


class Company:
    """A company on a server of its own, which may die."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def endpoint(self) -> Address:
        """Where its server answers; started if need be."""
        found = embedded.ensure_running(self.settings)
        return Address(found.uri, found.user, found.password)

    def database(self) -> Database:
        """Its database as the product opens it."""
        return connect.open_database(self.settings)

    def census(self) -> dict[str, int]:
        """What stands in the graph, counted."""
        with self._driver() as driver:
            return small.census(driver, self.endpoint)

    def forget(self) -> None:
        """Throw everything computed away."""
        with self._driver() as driver:
            small.forget(driver, self.endpoint)

    def _driver(self) -> neo4j.Driver:
        address = self.endpoint
        return neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password or ""))

    def kill(self) -> None:
        """End the server as a loss of power would."""
        pid = embedded.status(self.settings).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        gone(pid)

    def said(self, *words: str) -> tuple[int, str, str]:
        """What a command said: its exit code, stdout and stderr."""
        process = command(self.settings, *words)
        out, err = process.communicate(timeout=COMMAND_SECONDS_MAX)
        return process.returncode, out, " ".join(err.split())


def gone(pid: int) -> None:
    """Wait until a killed process is no more."""
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=60)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    # The graph grows and is thrown away all the time, and no server lives long here.
    home, brief = folder / "home", {"short_lived": True, "replan_seconds": REPLAN_SECONDS}
    made = Company(replace(settings_of(home), ledger_heads=home / "ledger.heads", **brief))
    try:
        with made.database() as database:
            small.import_company(database, folder / "files", document=SMALL)
        yield made
    finally:
        embedded.stop(made.settings)


class Killing(small.Plug):
    """Progress at whose n-th event the server is sentenced: it is killed a moment later, whatever it is at then."""

    def __init__(self, pid: int, at: int, delay_seconds: float) -> None:
        super().__init__()
        self.at, self.killer = at, threading.Timer(delay_seconds, os.kill, (pid, signal.SIGKILL))

    def _event(self) -> None:
        super()._event()
        if self.events == self.at:
            self.killer.start()


def state_of(database: Database) -> tuple[str, str, str]:
    """What a close leaves: the digest of its lines, the lines, and what it posted."""
    [run] = month.runs(database)
    assert run.state == "done"
    return run.digest, repr(list(earnings.lines(database, MONTH))), told.shared(database)


def killed_close(company: Company, rng: random.Random, events: int) -> bool:
    """Close the month on a server that is killed at a random moment of it; whether that cut the close off."""
    pid = embedded.status(company.settings).pid
    assert pid is not None
    plug = Killing(pid, rng.randrange(1, events + 1), rng.uniform(0.0, 0.15))
    try:
        with company.database() as database:
            month.close(database, MONTH, "small", actor="test", out_of_order=True, progress=plug)
    except Unavailable:
        return True
    finally:
        plug.killer.join()
        gone(pid)
    return False


@dataclass(frozen=True)
class Undisturbed:
    """The month closed once in peace: what that leaves, what stands in the graph then, and how many events it has."""

    state: tuple[str, str, str]
    census: dict[str, int]
    events: int


@pytest.fixture(scope="module")
def undisturbed(company: Company) -> Undisturbed:
    plug = small.Plug()
    with company.database() as database:
        month.close(database, MONTH, "small", actor="test", out_of_order=True, progress=plug)
        return Undisturbed(state_of(database), company.census(), plug.events)


@pytest.mark.parametrize("attempt", range(chance.either(1, 10)))
def test_a_neo4j_killed_in_the_middle_of_a_close_leaves_a_run_that_goes_on(
    attempt: int,
    company: Company,
    undisturbed: Undisturbed,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[..., None],
) -> None:
    """R1: kill -9 of the server at random moments; the same command starts it again and ends at the same bytes."""
    monkeypatch.setattr(runner, "RETRY_SECONDS_MAX", 0.5)
    monkeypatch.setattr(saga, "LEASE_SECONDS", LEASE_SECONDS)
    monkeypatch.setattr("graphsvc.month.context.LEASE_SECONDS", LEASE_SECONDS)
    rng, cut = chance.rng(f"killed servers {attempt}"), 0
    for number in range(KILLS):
        company.forget()
        interrupted = killed_close(company, rng, undisturbed.events)
        cut += interrupted
        if number:  # the first time the command itself has to start it
            embedded.ensure_running(company.settings)
        code, out, err = company.said(*CLOSE)
        if code:
            assert f"{MONTH} of plan small was closed by run" in err, (number, err)
        else:
            assert interrupted, out
        with company.database() as database:
            assert state_of(database) == undisturbed.state, number
            proved = ledger.verify(database, heads.read(company.settings.ledger_heads))
            assert (proved.holds, proved.uncleared, proved.entries) == (True, [], proved.head.sequence)
        assert company.census() == undisturbed.census, number
    with company.database() as database:
        assert explain.verify(database, MONTH, "small").holds
    assert cut > KILLS // 2, f"only {cut} of {KILLS} kills came before the close was over"
    assert company.said("month", "verify", MONTH)[0] == 0
    assert company.said("ledger", "verify")[0] == 0
    record_property(chance.TOLD, f"R1: Neo4j killed {KILLS} times, {cut} of them in the middle of a close")


def test_a_dump_is_loaded_with_every_digest_and_head(company: Company, tmp_path: Path) -> None:
    """R24: dump, wipe, load, check, verify. What was killed before is checked by Neo4j here too."""
    file = tmp_path / "company.dump"
    with company.database() as database:
        before = (told.whole(database), [run.digest for run in month.runs(database)], heads.present(database))
    census = company.census()

    code, _, err = company.said("db", "dump", str(file))
    assert (code, "`graphsvc db stop` first" in err) == (2, True)
    company.kill()
    code, _, err = company.said("db", "dump", str(file))
    assert (code, "`graphsvc db start` and `graphsvc db stop`" in err) == (2, True), err
    assert not list(tmp_path.iterdir())
    embedded.ensure_running(company.settings)
    embedded.stop(company.settings)
    code, out, err = company.said("db", "dump", str(file))
    assert (code, str(file) in out) == (0, True), err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert "overwrites nothing" in company.said("db", "dump", str(file))[2]
    code, _, err = company.said("db", "load", str(file))
    assert (code, "--overwrite" in err) == (2, True)

    assert company.said("db", "reset", "--yes")[0] == 0
    code, out, err = company.said("db", "load", str(file))
    assert code == 0, err
    assert "heads kept in" in out
    assert "none changed, dropped, swapped or inserted" in out
    with company.database() as database:
        assert (told.whole(database), [run.digest for run in month.runs(database)], heads.present(database)) == before
        assert ledger.verify(database, heads.read(company.settings.ledger_heads)).kept_outside > 0
        assert explain.verify(database, MONTH, "small").holds
    assert company.census() == census


def test_a_dump_older_than_the_heads_is_said_to_be(company: Company, tmp_path: Path) -> None:
    """R24: what was posted after the dump was made is missed, because the heads are kept outside the database."""
    file, damaged = tmp_path / "company.dump", tmp_path / "damaged.dump"
    with company.database() as database:
        before, head = told.whole(database), heads.present(database)
    embedded.stop(company.settings)
    assert company.said("db", "dump", str(file))[0] == 0
    assert company.said("month", "close", "2025-01", "--plan", "small")[0] == 0
    with company.database() as database:
        after, now = told.whole(database), heads.present(database)
    assert now.sequence > head.sequence
    embedded.stop(company.settings)

    damaged.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    code, out, err = company.said("db", "load", str(damaged), "--overwrite")
    assert (code, out) == (3, ""), err
    assert "Nothing that was there before was changed." in err
    with company.database() as database:
        assert told.whole(database) == after
    embedded.stop(company.settings)

    code, out, err = company.said("db", "load", str(file), "--overwrite")
    assert (code, out) == (2, "")
    assert f"entry {head.sequence + 1} of its ledger is missing" in err
    assert f"has seen {now.sequence} entries: what was posted after this dump was made is not in it" in err
    with company.database() as database:
        assert told.whole(database) == before
        assert ledger.verify(database).holds, "of itself it fits: that is why heads are kept outside"


@pytest.mark.parametrize("cut", ["before the old graph went", "after it"])
def test_a_load_cut_off_at_its_very_end_is_ended_by_the_next_start(cut: str, settings: Settings) -> None:
    layout = layouts.of(settings)
    for one, word in ((layout, "old"), (layout.loading, "new")):
        one.make()
        (one.data / "databases" / "neo4j").mkdir(parents=True)
        (one.data / "databases" / "neo4j" / "store").write_text(word)
    layout.sweep()
    store = layout.data / "databases" / "neo4j" / "store"
    assert store.read_text() == "old", "a load that is not whole takes no place"
    layouts.write_private(layout.root / "loaded", "")
    if cut == "after it":
        store.unlink()
    layout.make()
    layout.sweep()
    layout.sweep()
    assert store.read_text() == "new"
    assert not (layout.root / "loaded").exists()


def test_what_cannot_be_dumped_or_loaded_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    for words, wanted in (
        (("db", "dump", str(tmp_path / "no" / "file")), "is no folder"),
        (("db", "dump", str(tmp_path / "file")), "There is no graph in"),
        (("db", "load", str(tmp_path / "file")), "cannot be read: No such file"),
    ):
        process = command(settings, *words)
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out) == (2, ""), err
        assert wanted in " ".join(err.split())
        assert len(err.strip().splitlines()) == 1
