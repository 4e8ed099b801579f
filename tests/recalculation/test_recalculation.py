"""A closed month computed again: what differs is what changed, with the order or rule behind it; nothing is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graphsvc import earnings, ledger, month
from graphsvc.errors import Code, Refused
from graphsvc.imports import ImportFiles, import_files
from graphsvc.people import Who
from graphsvc.plan import store
from graphsvc.query.runner import Database
from graphsvc.recalculation import Difference, recalculate
from tests.graphs import IDENTIFIER_KEY, build, draw
from tests.month import small
from tests.month.conftest import Said, cli
from tests.records import Network
from tests.server import Address

__all__ = ["cli"]

ANNA = Who("cli:anna", "anna")
Cli = Callable[..., Said]
LATE = """
A : own 20 @2025-01-05
  B : own 30 @2025-01-06
    D : own 25 @2025-01-07
      F : own 100 @2025-01-07, own 40 @2025-01-09 as LATE after 1
  C : own 35 @2025-01-12, refund 10 @2025-01-20 after 1
    I : own 11 @2025-01-13
"""


def send(database: Database, network: Network, closed: int, folder: Path) -> None:
    files = ImportFiles(**network.sent(closed).write(folder / f"{closed}"))
    assert files != ImportFiles()
    import_files(database, files, update=False, identifier_key=IDENTIFIER_KEY)


def again(database: Database, name: str = "2025-01", version: int | None = None) -> Difference:
    return recalculate(database, name, "small", who=ANNA, version=version)


def lines(database: Database, plan: str, name: str = "2025-01") -> dict[tuple[Any, ...], int]:
    return {line[:4]: line[4] for line in small.lines(database, name, plan)}


def told(found: Difference) -> dict[tuple[Any, ...], tuple[int, int]]:
    return {(x.partner_id, x.bonus, x.level, x.source_id): (x.old_minor, x.new_minor) for x in found.lines}


def test_a_month_of_which_nothing_changed_is_equal_and_leaves_nothing(
    database: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path
) -> None:
    small.import_company(database, tmp_path)
    month.close(database, "2025-03", "small", actor="anna", out_of_order=True)
    before = small.census(driver, endpoint), list(earnings.lines(database, "2025-03")), ledger.verify(database).head
    found = again(database, "2025-03")
    assert (found.lines, found.equal, found.difference_minor) == ([], len(before[1]), 0)
    assert (small.census(driver, endpoint), list(earnings.lines(database, "2025-03")), ledger.verify(database).head) == before


def test_late_records_differ_exactly_as_if_they_had_come_in_time_and_are_named(database: Database, tmp_path: Path) -> None:
    """The judge is another plan of the same rules, which closes the month when everything is known."""
    network = draw(LATE)
    build(database, network.known(0), tmp_path)
    store.publish(database, small.plan())
    month.close(database, "2025-01", "small", actor="anna")
    old = lines(database, "small")
    send(database, network, 1, tmp_path)
    store.publish(database, small.plan("judge"))
    month.close(database, "2025-01", "judge", actor="anna")
    new = lines(database, "judge")
    wanted = {key: (old.get(key, 0), new.get(key, 0)) for key in {*old, *new} if old.get(key, 0) != new.get(key, 0)}
    found = again(database)
    assert wanted
    assert told(found) == wanted
    assert found.difference_minor == sum(new.values()) - sum(old.values())
    by_payee = {line.partner_id: " ".join(line.causes) for line in found.lines}
    assert "order LATE (40.00 USD) of F" in by_payee["F"]
    assert "of C" not in by_payee["F"], "what C sold is nothing to F"
    assert "refund" in by_payee["C"]
    assert "LATE" not in by_payee["C"]
    assert "LATE" in by_payee["A"]
    assert "refund" in by_payee["A"]
    assert lines(database, "small") == old, "the closed month is as it was"


def test_what_a_later_month_took_late_counts_where_it_is_dated(database: Database, tmp_path: Path) -> None:
    network = draw(LATE)
    build(database, network.known(0), tmp_path)
    store.publish(database, small.plan())
    month.close(database, "2025-01", "small", actor="anna")
    send(database, network, 1, tmp_path)
    before = told(again(database))
    month.close(database, "2025-02", "small", actor="anna")
    assert told(again(database)) == before
    february = again(database, "2025-02")
    assert february.new_minor == february.old_minor, "February's own run knew all that there is"


def test_another_version_of_the_plan_is_the_cause_of_what_it_changes(database: Database, tmp_path: Path) -> None:
    small.import_company(database, tmp_path)
    month.close(database, "2025-03", "small", actor="anna", out_of_order=True)
    team, orders = small.PLAN["bonuses"]
    raised = team | {"levels": [team["levels"][0] | {"rate": "6%"}, *team["levels"][1:]]}
    store.publish(database, small.plan(version=2, valid_from="2026-01-01", bonuses=[raised, orders]))
    found = again(database, "2025-03", version=2)
    assert (found.closed_version, found.version) == (1, 2)
    assert {(line.bonus, line.level) for line in found.lines} == {("team", 1)}
    assert all("version 2 of the plan instead of 1" in line.causes for line in found.lines)
    for line in found.lines:
        assert line.new_minor in range(line.old_minor * 6 // 5 - 1, line.old_minor * 6 // 5 + 2)


def test_open_months_and_unknown_versions_are_refused(database: Database, tmp_path: Path) -> None:
    small.import_company(database, tmp_path)
    with pytest.raises(Refused) as refused:
        again(database, "2025-03")
    assert refused.value.code is Code.MONTH_NOT_CLOSED
    month.close(database, "2025-03", "small", actor="anna", out_of_order=True)
    with pytest.raises(Refused) as refused:
        again(database, "2025-03", version=9)
    assert refused.value.code is Code.PLAN_UNKNOWN


def test_the_command_tells_old_new_difference_and_causes(database: Database, cli: Cli, tmp_path: Path) -> None:
    network = draw(LATE)
    build(database, network.known(0), tmp_path)
    store.publish(database, small.plan())
    month.close(database, "2025-01", "small", actor="anna")
    send(database, network, 1, tmp_path)
    said = cli("recalculate", "2025-01", "--plan", "small")
    assert said.code == 0
    assert "LATE" in said.out
    rows = [row.split(",", 8) for row in cli("recalculate", "2025-01", "--plan", "small", "--format", "csv").out.splitlines()]
    assert rows[0][:8] == ["partner_id", "bonus", "level", "class", "source_id", "old_minor", "new_minor", "difference_minor"]
    assert all(int(row[6]) - int(row[5]) == int(row[7]) for row in rows[1:])
