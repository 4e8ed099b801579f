"""What a refund would change is what it changes: shown before, then recorded, closed and compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graphsvc import earnings, month
from graphsvc.errors import Code, Refused
from graphsvc.imports import ImportFiles, import_files
from graphsvc.people import Who
from graphsvc.periods import parse_month
from graphsvc.plan import store
from graphsvc.progress import Silent
from graphsvc.query.runner import Database
from graphsvc.recalculation import Impact, of_refund
from graphsvc.recalculation.looking import looking
from tests.graphs import IDENTIFIER_KEY, build, draw
from tests.month import small
from tests.month.conftest import Said, cli
from tests.month.plans import VOLUMES
from tests.server import Address

__all__ = ["cli"]

Ask = Callable[..., list[dict[str, Any]]]
Cli = Callable[..., Said]
ANNA = Who("cli:anna", "anna")
TEXT = """
A : own 20 @2025-01-05, own 20 @2025-02-05
  B : own 12 @2025-01-06, own 12 @2025-02-03
    D : own 100 @2025-01-07 as BIG, own 25 @2025-02-07
  C : own 35 @2025-02-12
"""


def company(database: Database, folder: Path, **rules: str) -> None:
    build(database, draw(TEXT), folder)
    store.publish(database, small.plan(volumes=VOLUMES | rules))
    month.close(database, "2025-01", "small", actor="anna")


def shown(database: Database, order: str = "BIG", **more: Any) -> Impact:
    [found] = of_refund(database, order, who=ANNA, day=dt.date(2025, 2, 20), **more)
    return found


@pytest.mark.parametrize("refunds", ["net", "reverse"])
@pytest.mark.parametrize("amount_minor", [None, 3_333])
def test_what_is_shown_is_what_happens(database: Database, tmp_path: Path, refunds: str, amount_minor: int | None) -> None:
    company(database, tmp_path, refunds=refunds)
    before = {line[:4]: line[4] for line in _lines(database)}
    found = shown(database, amount_minor=amount_minor)
    assert (found.month, found.amount_minor) == ("2025-02", amount_minor or 10_000)
    file = tmp_path / "refunds.csv"
    amount = f"{(amount_minor or 10_000) / 100:.2f}"
    file.write_text(f"refund_id,order_id,refunded_at,amount\nR1,BIG,2025-02-20,{amount}\n", encoding="utf-8")
    import_files(database, ImportFiles(refunds=file), identifier_key=IDENTIFIER_KEY)
    month.close(database, "2025-02", "small", actor="anna")
    after = {line[:4]: line[4] for line in small.lines(database, "2025-02")}
    wanted = {k: (before.get(k, 0), after.get(k, 0)) for k in {*before, *after} if before.get(k, 0) != after.get(k, 0)}
    assert wanted, "the refund changes something"
    told = {(x.partner_id, x.bonus, x.level, x.source_id): (x.before_minor, x.after_minor) for x in found.lines}
    assert told == wanted
    # Net, all of it counts in February; reversed, the parts of January's lines do, and what follows from D's volume.
    assert ({line.closed for line in found.lines} == {""}) == (refunds == "net")
    assert ("2025-01" in {line.closed for line in found.lines}) == (refunds == "reverse")
    assert {one.partner_id for one in found.standings} >= {"D"}, "D is not active any more"


def _lines(database: Database) -> list[tuple[Any, ...]]:
    """The lines of February as they would be without the refund, told by a run that only looks."""
    rows: list[tuple[Any, ...]] = []
    with looking(database, store.get(database, "small"), parse_month("2025-02"), who=ANNA, progress=Silent()) as look:
        for row in earnings.of_run(database, look.context.run_id):
            rows.append((row["partner_id"], row["bonus"], row["level"], row["source_id"], row["amount_minor"]))
    return rows


def test_nothing_of_it_stays(database: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path) -> None:
    company(database, tmp_path)
    before = small.census(driver, endpoint)
    shown(database)
    assert small.census(driver, endpoint) == before


def test_more_than_is_left_and_unknown_orders_are_refused(database: Database, tmp_path: Path) -> None:
    company(database, tmp_path)
    for order, amount, code in (("BIG", 10_001, Code.BAD_INPUT), ("BIG", 0, Code.BAD_INPUT), ("none", None, Code.ORDER_UNKNOWN)):
        with pytest.raises(Refused) as refused:
            shown(database, order, amount_minor=amount)
        assert refused.value.code is code


def test_a_refund_that_is_only_supposed_is_no_refund_to_anybody_else(database: Database, ask: Ask, tmp_path: Path) -> None:
    company(database, tmp_path)
    supposed = "MATCH (o:Order {id: 'BIG'}) CREATE (r:Refund {id: 'x', amount_minor: 10000, refunded_at: date('2025-02-20'), "
    ask(supposed + "recorded_at: datetime('9000-01-01T00:00:00Z'), supposed: datetime('2025-01-01')}) CREATE (r)-[:REFUNDS]->(o)")
    file = tmp_path / "refunds.csv"
    file.write_text("refund_id,order_id,refunded_at,amount\nR1,BIG,2025-02-20,100.00\n", encoding="utf-8")
    import_files(database, ImportFiles(refunds=file), identifier_key=IDENTIFIER_KEY)
    with pytest.raises(Refused):
        shown(database)
    ask("MATCH (r:Refund {id: 'R1'}) DETACH DELETE r")
    shown(database)
    assert ask("MATCH (r:Refund) RETURN count(r) AS n") == [{"n": 0}], "one that a dead process left a day ago goes too"


def test_the_command_tells_it(database: Database, cli: Cli, tmp_path: Path) -> None:
    company(database, tmp_path)
    said = cli("order", "impact", "BIG", "--refund", "50", "--day", "2025-02-20")
    assert said.code == 0
    assert "Nothing was recorded" in said.out
    rows = [row.split(",") for row in cli("order", "impact", "BIG", "--day", "2025-02-20", "--format", "csv").out.splitlines()]
    assert rows[0][:4] == ["plan", "month", "closed", "partner_id"]
    assert len(rows) > 1
    assert cli("order", "impact", "nothing").code == 2
