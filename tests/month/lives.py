"""A company whose month is closed, approved and discarded again and again, and ways to do that as somebody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

from graphsvc import ledger, month, runs
from graphsvc.month import Approval, RunReport
from graphsvc.people import Who
from graphsvc.query.runner import Database
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
    return str(runs.month_of(database, "small", MONTH)["status"])


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
