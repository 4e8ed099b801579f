"""A run can be thrown away whole at any moment, under its worker too, and nothing is left of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from graphsvc import jobs, month, runs
from graphsvc.errors import Code, Refused
from graphsvc.month import Approval, life
from graphsvc.month import service as saga
from graphsvc.progress import Advance
from tests.month import small
from tests.month.lives import BORIS, MONTH, STEPS, VERA, Company, approve, close, company, discard, status
from tests.month.lives import database as database

__all__ = ["company", "database"]


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
    view = runs.run(database, stopped["run_id"])
    assert (view.state, view.failure, view.discarder) == ("discarded", "Discarded by vera (4be0643f1d98).", "vera")
    assert discard(database, BORIS) == stopped["run_id"]
    assert runs.run(database, stopped["run_id"]) == view
    company.assert_closes_undisturbed()


def test_a_ready_run_is_discarded_and_a_closed_one_is_not(company: Company) -> None:
    database = company.database
    ready = close(database, approval=Approval.SECOND_PERSON)
    assert discard(database) == ready.run_id
    company.assert_open()
    assert runs.run(database, ready.run_id).report is None
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
        assert runs.run(database, run_id).state == "discarded"
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
    assert runs.run(database, ready.run_id).state == "discarding"
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
    view = runs.run(database, ready.run_id)
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
