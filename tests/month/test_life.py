"""The life of a run besides its work: its heartbeat, who approves it, and that it can be thrown away whole at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import neo4j
import pytest

from graphsvc import earnings, jobs, ledger, month, rates
from graphsvc.errors import Code, Refused
from graphsvc.month import Approval, RunReport, life
from graphsvc.month import service as saga
from graphsvc.people import Who
from graphsvc.progress import Advance
from graphsvc.query.runner import Database
from tests import chance
from tests.month import small
from tests.server import Address

MONTH = "2025-03"
SMALL = small.plan(bonuses=small.PLAN["bonuses"][:1])
STEPS = 10  # of this plan; a test says if that is no longer so
ANNA, BORIS, VERA = Who("cli:anna", "anna"), Who("cli:boris", "boris"), Who("4be0643f1d98", "vera")
MACHINE = Who("0a1b2c3d4e5f", "")


def close(
    database: Database, who: Who = ANNA, approval: Approval = Approval.NONE, progress: small.Plug | None = None
) -> RunReport:
    """Close the month of these tests as somebody."""
    asked = {"out_of_order": True, "progress": progress, "wait": False}
    return month.close(database, MONTH, "small", actor=who.actor, person=who.person, approval=approval, **asked)  # type: ignore[arg-type]


def approve(database: Database, who: Who, approval: Approval = Approval.NONE, run_id: str | None = None) -> str:
    """Approve the month of these tests as somebody."""
    return month.approve(database, MONTH, "small", who=who, approval=approval, run_id=run_id)


def discard(database: Database, who: Who = VERA) -> str:
    """Throw the run of these tests' month away as somebody."""
    return month.discard(database, MONTH, "small", who=who)


def status(database: Database) -> str:
    """What stands of the month."""
    return str(jobs.month_of(database, "small", MONTH)["status"])


class Company:
    """A company whose month can be closed again and again, and what an undisturbed close gives."""

    def __init__(self, database: Database, driver: neo4j.Driver, endpoint: Address, folder: Path) -> None:
        small.import_company(database, folder, document=SMALL)
        self.database, self.driver, self.endpoint = database, driver, endpoint
        self.empty = small.census(driver, endpoint)
        self.plug = small.Plug()
        self.report = close(database, progress=self.plug)
        self.closed = small.census(driver, endpoint)
        small.forget(driver, endpoint)

    def assert_open(self) -> None:
        """Nothing is left but the period, which is open."""
        found = small.census(self.driver, self.endpoint)
        assert found == self.empty | {"Period": 1}
        assert status(self.database) == "open"

    def assert_closes_undisturbed(self) -> None:
        """The month closes as if nothing had happened."""
        report = close(self.database)
        assert (report.state, report.digest, report.breakage) == ("done", self.report.digest, self.report.breakage)
        assert small.census(self.driver, self.endpoint) == self.closed
        assert ledger.verify(self.database).holds


@pytest.fixture(scope="module")
def company(kept: Database, driver: neo4j.Driver, endpoint: Address, tmp_path_factory: pytest.TempPathFactory) -> Company:
    return Company(kept, driver, endpoint, tmp_path_factory.mktemp("company"))


@pytest.fixture(autouse=True)
def database(company: Company) -> Iterator[Database]:
    """The company's database, with nothing computed."""
    yield company.database
    small.forget(company.driver, company.endpoint)


# --- approval


def test_a_close_to_be_reviewed_stops_before_it_is_posted_and_anybody_may_approve_it(company: Company) -> None:
    database = company.database
    ready = close(database, approval=Approval.ANYBODY)
    assert (ready.state, ready.digest, ready.finished_at) == ("ready", company.report.digest, "")
    assert ready.payout_minor == company.report.payout_minor > 0
    assert status(database) == "closing"
    with pytest.raises(Refused) as refused:
        earnings.lines(database, MONTH)
    assert ledger.verify(database).entries == 0
    assert jobs.Worker(lambda: database).resume() == []
    with pytest.raises(Refused) as refused:
        close(database)
    assert refused.value.code is Code.MONTH_READY
    assert refused.value.detail == {"run_id": ready.run_id}
    assert f"`graphsvc month approve {MONTH} --plan small`" in refused.value.sentence
    assert f"`graphsvc month discard {MONTH} --plan small`" in refused.value.sentence
    assert ready.run_id in refused.value.sentence

    assert approve(database, ANNA) == ready.run_id
    done = month.run(database, ready.run_id)
    assert (done.state, done.digest, status(database)) == ("done", company.report.digest, "closed")
    assert small.census(company.driver, company.endpoint) == company.closed
    assert ledger.verify(database).holds
    view = jobs.run(database, ready.run_id)
    assert (view.actor, view.person, view.approved_by, view.approver) == ("cli:anna", "anna", "cli:anna", "anna")
    assert (view.approval, view.step, view.steps) == ("anybody", STEPS, STEPS)


def test_where_two_people_are_asked_for_the_second_is_another_person(company: Company) -> None:
    database, second = company.database, Approval.SECOND_PERSON
    with pytest.raises(Refused) as refused:
        close(database, MACHINE, second)
    assert refused.value.code is Code.PERSON_MISSING
    assert month.runs(database) == []
    ready = close(database, Who("1111aaaa2222", "anna"), second)
    for who, code in (
        (Who("1111aaaa2222", "anna"), Code.SECOND_PERSON),
        (Who("3333bbbb4444", "anna"), Code.SECOND_PERSON),
        (ANNA, Code.SECOND_PERSON),
        (MACHINE, Code.PERSON_MISSING),
    ):
        for asked in (second, Approval.NONE):  # the policy that the run was closed under counts, whatever it is by now
            with pytest.raises(Refused) as refused:
                approve(database, who, asked)
            assert refused.value.code is code
    with pytest.raises(Refused) as refused:
        approve(database, BORIS, second, run_id="run-other")
    assert (refused.value.code, refused.value.detail) == (Code.MONTH_NOT_READY, {"run_id": ready.run_id})
    assert month.run(database, ready.run_id).state == "ready"
    assert approve(database, BORIS, second, run_id=ready.run_id) == ready.run_id
    with pytest.raises(Refused) as refused:
        approve(database, VERA, second)
    assert (refused.value.code, refused.value.detail) == (Code.MONTH_CLOSED, {"run_id": ready.run_id})


def test_the_stricter_policy_counts_whenever_it_was_set(company: Company) -> None:
    database, second = company.database, Approval.SECOND_PERSON
    close(database, approval=Approval.ANYBODY)
    with pytest.raises(Refused) as refused:
        approve(database, ANNA, second)
    assert refused.value.code is Code.SECOND_PERSON
    discard(database)
    for before, after in (
        (Approval.NONE, second),
        (second, Approval.NONE),
        (Approval.ANYBODY, second),
        (second, Approval.ANYBODY),
    ):
        with pytest.raises(small.Interrupted):
            close(database, ANNA, before, small.Plug(3))
        assert close(database, BORIS, after).state == "ready"
        view = jobs.runs(database, limit=1)[0]
        assert (view.approval, view.person) == ("second-person", "anna")
        with pytest.raises(Refused) as refused:
            approve(database, ANNA)
        assert refused.value.code is Code.SECOND_PERSON
        discard(database)


def test_a_run_that_nobody_known_closed_has_no_second_person(company: Company) -> None:
    close(company.database, MACHINE, Approval.ANYBODY)
    with pytest.raises(Refused) as refused:
        approve(company.database, BORIS, Approval.SECOND_PERSON)
    assert refused.value.code is Code.PERSON_MISSING
    assert "graphsvc month discard" in refused.value.sentence
    assert approve(company.database, MACHINE)


def test_what_is_not_ready_is_not_approved(company: Company) -> None:
    database = company.database
    for name in (MONTH, "2025-04"):
        with pytest.raises(Refused) as refused:
            month.approve(database, name, "small", who=BORIS)
        assert refused.value.code is Code.MONTH_NOT_READY
    with pytest.raises(Refused) as refused:
        month.approve(database, MONTH, "smal", who=BORIS)
    assert refused.value.code is Code.PLAN_UNKNOWN
    with pytest.raises(small.Interrupted):
        close(database, approval=Approval.ANYBODY, progress=small.Plug(3))
    with pytest.raises(Refused) as refused:
        approve(database, BORIS)
    assert refused.value.code is Code.MONTH_BUSY
    discard(database)
    with pytest.raises(Refused) as refused:
        approve(database, BORIS)
    assert refused.value.code is Code.MONTH_NOT_READY


@pytest.mark.parametrize("state", ["running", "ready"])
def test_while_a_run_is_ready_rates_stand_as_while_it_is_computed(state: str, company: Company) -> None:
    rates.publish(company.database, MONTH, "EUR", "USD", "1.1")
    try:
        with suppress(small.Interrupted):
            close(company.database, approval=Approval.ANYBODY, progress=small.Plug(5 if state == "running" else None))
        assert month.runs(company.database)[0].state == state
        with pytest.raises(Refused) as refused:
            rates.publish(company.database, MONTH, "EUR", "USD", "1.2", replace=True)
        assert (refused.value.code, status(company.database)) == (Code.MONTH_CLOSED, "closing")
    finally:
        company.driver.execute_query("MATCH (r:ExchangeRate) DELETE r", database_=company.endpoint.database)


@pytest.mark.parametrize("attempt", range(chance.cases(8)))
def test_of_many_approvals_at_once_exactly_one_posts(attempt: int, company: Company) -> None:
    """Half of them by the one who closed, and if there is a moment in which a person may pass as another, they find it."""
    rng, database = chance.rng(f"approvals {attempt}"), company.database
    ready = close(database, approval=Approval.SECOND_PERSON)
    people = [Who(f"key{n}", "anna" if n % 2 else f"person{n}") for n in range(16)]
    rng.shuffle(people)
    gate, outcomes = threading.Barrier(16, timeout=60), list[tuple[Who, str]]()

    def run(who: Who) -> None:
        gate.wait()
        try:
            outcomes.append((who, approve(database, who, Approval.SECOND_PERSON)))
        except Refused as refused:
            outcomes.append((who, refused.code))

    threads = [threading.Thread(target=run, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 16, "a thread ended with another error"
    [posted] = [who for who, outcome in outcomes if outcome == ready.run_id]
    assert posted.person != "anna"
    for who, outcome in outcomes:
        allowed = {Code.MONTH_CLOSED, Code.SECOND_PERSON} if who.person == "anna" else {Code.MONTH_CLOSED, ready.run_id}
        assert outcome in allowed, (who, outcome)
    assert jobs.run(database, ready.run_id).approver == posted.person
    assert small.census(company.driver, company.endpoint) == company.closed
    assert ledger.verify(database).holds


@pytest.mark.parametrize("attempt", range(chance.cases(3)))
def test_of_approving_and_discarding_at_once_one_happens_whole(attempt: int, company: Company) -> None:
    database, rng = company.database, chance.rng(f"approve or discard {attempt}")
    ready = close(database, approval=Approval.ANYBODY)
    gate, outcomes = threading.Barrier(2, timeout=60), dict[str, str]()

    def run(name: str, act: object, delay_seconds: float) -> None:
        gate.wait()
        time.sleep(delay_seconds)
        try:
            outcomes[name] = act(database, BORIS)  # type: ignore[operator]
        except Refused as refused:
            outcomes[name] = refused.code

    acts = {"approve": approve, "discard": discard}
    threads = [threading.Thread(target=run, args=(name, act, rng.uniform(0, 0.05))) for name, act in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if outcomes["approve"] == ready.run_id:
        assert outcomes["discard"] == Code.MONTH_CLOSED
        assert small.census(company.driver, company.endpoint) == company.closed
    else:
        assert outcomes == {"approve": Code.MONTH_NOT_READY, "discard": ready.run_id}
        company.assert_open()


# --- discarding


@pytest.mark.parametrize("step", range(STEPS + 1))
def test_a_run_discarded_after_any_step_leaves_nothing(step: int, company: Company) -> None:
    """The last one is a run whose steps are all done, staged entries too, but for the digest."""
    database = company.database
    assert len(company.plug.labels) == STEPS + 1, "the plan of this test has another number of steps: change STEPS"

    class Pulled(small.Plug):
        @contextmanager
        def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
            if len(self.labels) == step:
                raise small.Interrupted
            with super().step(label, total) as advance:
                yield advance

    with pytest.raises(small.Interrupted):
        close(database, progress=Pulled())
    stopped = saga.state(database, month.runs(database)[0].run_id)
    assert (stopped["step"], stopped["state"]) == (step, "running")
    assert discard(database) == stopped["run_id"]
    company.assert_open()
    view = jobs.run(database, stopped["run_id"])
    assert (view.state, view.failure, view.discarder) == ("discarded", "Discarded by vera (4be0643f1d98).", "vera")
    assert discard(database, BORIS) == stopped["run_id"]
    assert jobs.run(database, stopped["run_id"]) == view
    company.assert_closes_undisturbed()


def test_a_ready_run_is_discarded_and_a_closed_one_is_not(company: Company) -> None:
    database = company.database
    ready = close(database, approval=Approval.SECOND_PERSON)
    assert discard(database) == ready.run_id
    company.assert_open()
    assert jobs.run(database, ready.run_id).report is None
    company.assert_closes_undisturbed()
    with pytest.raises(Refused) as refused:
        discard(database)
    assert refused.value.code is Code.MONTH_CLOSED
    assert status(database) == "closed"


def test_a_preview_is_discarded_too_and_what_is_not_there_is_named(company: Company) -> None:
    database = company.database
    for pulled_at in (8, None):
        with suppress(small.Interrupted):
            month.preview(database, MONTH, "small", actor="test", progress=small.Plug(pulled_at))
        run_id = month.runs(database)[0].run_id
        life.discard_run(database, run_id, who=VERA)
        assert jobs.run(database, run_id).state == "discarded"
        assert small.census(company.driver, company.endpoint) == company.empty
    with pytest.raises(Refused, match="the nearest are preview-") as refused:
        life.discard_run(database, "preview-0", who=VERA)
    assert refused.value.code is Code.RUN_UNKNOWN
    with pytest.raises(Refused, match="no run of 2025-04 of plan small"):
        month.discard(database, "2025-04", "small", who=VERA)


class Halted(small.Plug):
    """Progress that stops at its n-th event until it may go on."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at, self.there, self.go_on = at, threading.Event(), threading.Event()

    def _event(self) -> None:
        super()._event()
        if self.events == self.at:
            self.there.set()
            assert self.go_on.wait(120)


@pytest.mark.parametrize("at", [2, 7, 12])
def test_a_run_is_discarded_under_its_worker_who_is_told_by_whom(at: int, company: Company) -> None:
    database, halted, told = company.database, Halted(at), list[Refused]()

    def work() -> None:
        try:
            close(database, progress=halted)
        except Refused as refused:
            told.append(refused)

    thread = threading.Thread(target=work)
    thread.start()
    assert halted.there.wait(120)
    run_id = discard(database)
    company.assert_open()
    halted.go_on.set()
    thread.join()
    [refused] = told
    assert refused.code is Code.RUN_LOST
    assert f"Run {run_id} was discarded by vera (4be0643f1d98)" in refused.sentence
    company.assert_open()
    company.assert_closes_undisturbed()


@pytest.mark.parametrize("left", [2, 4, 9, 16])
@pytest.mark.parametrize("finisher", ["keeper", "close"])
def test_a_discarding_that_died_is_finished_and_never_computed_on(left: int, finisher: str, company: Company) -> None:
    database = company.database
    ready = close(database, approval=Approval.ANYBODY)
    with small.Dying(company.endpoint) as dying:
        dying.left, dying.committed = left + 2, True  # the first two look the plan and the month up
        with pytest.raises(small.Interrupted):
            discard(dying)
    assert jobs.run(database, ready.run_id).state == "discarding"
    with pytest.raises(Refused) as refused:
        close(database)
    assert (refused.value.code, "thrown away" in refused.value.sentence) == (Code.MONTH_BUSY, True)
    with pytest.raises(Refused) as refused:
        approve(database, BORIS)
    assert refused.value.code is Code.MONTH_NOT_READY
    small.expire(company.driver, company.endpoint)
    if finisher == "keeper":
        assert jobs.Worker(lambda: database).resume() == []
        company.assert_open()
    company.assert_closes_undisturbed()
    view = jobs.run(database, ready.run_id)
    assert (view.state, view.failure, view.step) == ("discarded", "Discarded by vera (4be0643f1d98).", 0)
    assert status(database) == "closed"


def test_a_keeper_that_comes_late_begins_no_run_of_its_own(company: Company) -> None:
    with pytest.raises(small.Interrupted):
        close(company.database, progress=small.Plug(5))
    run_id = discard(company.database)
    with pytest.raises(Refused) as refused:
        month.close(company.database, MONTH, "small", actor="test", out_of_order=True, expected=run_id)
    assert refused.value.code is Code.RUN_LOST
    company.assert_open()


# --- the heartbeat


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
    assert jobs.run(database, run.run_id).state == "done"
    view = jobs.run(database, run.run_id)
    assert (view.person, view.report and view.report["digest"]) == ("anna", company.report.digest)
    assert ledger.verify(database).holds
