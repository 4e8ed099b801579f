"""A preview changes nothing, whatever becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import neo4j
import pytest

from graphsvc import month
from graphsvc.errors import Code, Refused
from graphsvc.month import service as saga
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.conftest import Said
from tests.server import Address


@pytest.fixture
def company(database: Database, tmp_path: Path) -> Database:
    small.import_company(database, tmp_path)
    return database


def preview(database: Database, progress: small.Plug | None = None) -> month.RunReport:
    return month.preview(database, "2025-03", "small", actor="test", progress=progress)


def test_a_preview_is_the_close_to_be_and_changes_nothing(
    company: Database, driver: neo4j.Driver, endpoint: Address, cli: Callable[..., Said]
) -> None:
    before = small.census(driver, endpoint)
    report = preview(company)
    assert (report.kind, report.state) == ("preview", "done")
    assert small.census(driver, endpoint) == before
    said = cli("month", "preview", "2025-03", "--plan", "small")
    assert said.code == 0
    assert said.out.startswith("2025-03 previewed by plan small version 1, run preview-")
    assert small.census(driver, endpoint) == before
    assert month.months(company, "small") == []
    closed = month.close(company, "2025-03", "small", actor="test", out_of_order=True)
    assert (closed.digest, closed.breakage, closed.unpaid) == (report.digest, report.breakage, report.unpaid)
    # Of a closed month too: it shows the same, and touches nothing of it.
    before = small.census(driver, endpoint)
    assert preview(company).digest == closed.digest
    assert small.census(driver, endpoint) == before
    assert cli("month", "verify", "2025-03").code == 0


def test_what_a_killed_preview_left_is_swept_by_the_next(company: Database, driver: neo4j.Driver, endpoint: Address) -> None:
    before = small.census(driver, endpoint)
    with small.Dying(endpoint) as dying:
        dying.left = 16
        with pytest.raises(small.Interrupted):
            preview(dying)
    left = small.census(driver, endpoint)
    assert left["FrozenTree"] > 0
    # As long as its lease holds it may be alive, and is left alone.
    preview(company)
    assert small.census(driver, endpoint) == left
    small.expire(driver, endpoint)
    preview(company)
    assert small.census(driver, endpoint) == before
    assert sorted(run.state for run in month.runs(company)) == ["discarded", "done", "done"]


def test_a_preview_that_is_interrupted_is_swept_at_once(company: Database, driver: neo4j.Driver, endpoint: Address) -> None:
    before = small.census(driver, endpoint)
    for pulled_at in (3, 9, 15):
        with pytest.raises(small.Interrupted):
            preview(company, small.Plug(pulled_at))
    preview(company)
    assert small.census(driver, endpoint) == before


def test_two_sweeps_of_one_dead_preview_do_not_disturb_each_other(
    company: Database, driver: neo4j.Driver, endpoint: Address
) -> None:
    with pytest.raises(small.Interrupted):
        preview(company, small.Plug(9))
    [dead] = [run.run_id for run in month.runs(company)]
    adopted = company.one("month.adopt", run_id=dead, owner="another", lease_seconds=60)
    assert adopted == {"run_id": dead, "plan": "small", "plan_version": 1, "month": "2025-03"}
    assert company.one("month.adopt", run_id=dead, owner="late", lease_seconds=60) is None
    saga.sweep(company)
    assert saga.state(company, dead)["state"] == "discarding"
    small.expire(driver, endpoint)
    saga.sweep(company)
    assert saga.state(company, dead)["state"] == "discarded"


def test_a_preview_taken_for_dead_tells_nothing(company: Database, driver: neo4j.Driver, endpoint: Address) -> None:
    class TakenOver(small.Plug):
        def _event(self) -> None:
            super()._event()
            if self.events == 7:
                small.expire(driver, endpoint)
                saga.sweep(company)

    before = small.census(driver, endpoint)
    with pytest.raises(Refused) as refused:
        preview(company, TakenOver())
    assert refused.value.code is Code.RUN_LOST
    assert small.census(driver, endpoint) == before


def test_the_current_month_can_be_previewed(company: Database, driver: neo4j.Driver, endpoint: Address) -> None:
    before = small.census(driver, endpoint)
    now = f"{dt.datetime.now(dt.UTC):%Y-%m}"
    report = month.preview(company, now, "small", actor="test")
    assert (report.month, report.orders, report.partners, report.state) == (now, 0, 12, "done")
    assert small.census(driver, endpoint) == before
