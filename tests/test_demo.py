"""`graphsvc demo`: the README's first command, on a database of the tests."""

from __future__ import annotations

from collections.abc import Callable

from graphsvc import month, payouts
from graphsvc.people import Who
from graphsvc.query.runner import Database
from tests.month.conftest import Said, cli

__all__ = ["cli"]

ANNA, BORIS = Who("cli:anna", "anna"), Who("cli:boris", "boris")


def test_the_demo_reports_a_month_and_does_so_again_once_it_is_paid(cli: Callable[..., Said], database: Database) -> None:
    first = cli("demo", "--once")
    assert first.code == 0, first.err
    for told in ("Top earners", "One line explained", "equal to the stored amount", "Demo keys", "graphsvc ledger verify"):
        assert told in first.out
    verified = cli("ledger", "verify")
    assert (verified.code, "No head of this ledger" in verified.out) == (0, False)
    payouts.make(database, "all", "RUB", who=ANNA)
    payouts.approve(database, "all", who=BORIS)
    payouts.send(database, "all", who=ANNA)
    payouts.settle(database, "all", who=ANNA)
    assert {row["status"] for row in month.months(database, "three-level")} == {"paid"}
    again = cli("demo", "--once")
    assert (again.code, again.out) == (0, first.out)
