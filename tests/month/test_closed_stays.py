"""R12: a closed month stays closed. Whatever comes later, not one byte of it or of its entries in the ledger changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graphsvc import earnings, ledger, month, network, payouts, rates
from graphsvc.errors import Code, Refused
from graphsvc.ledger import heads
from graphsvc.month import Approval
from graphsvc.payouts import destinations, holds
from graphsvc.people import Who
from graphsvc.plan import store
from graphsvc.query.runner import Database
from graphsvc.recalculation import of_refund, recalculate
from tests import chance
from tests.graphs import IDENTIFIER_KEY, build, draw
from tests.ledger import told
from tests.month import movers, small
from tests.month.conftest import Said
from tests.month.plans import VOLUMES
from tests.month.worlds import Move
from tests.records import Partner
from tests.server import Address

Cli = Callable[..., Said]
Act = Callable[["Closed"], None]
ANNA, BORIS = Who("cli:anna", "anna"), Who("cli:boris", "boris")
MONTHS = ("2025-01", "2025-02", "2025-03")


class Closed:
    """A company with three closed months, and the digest of all that they are."""

    def __init__(
        self, database: Database, driver: neo4j.Driver, endpoint: Address, cli: Cli, folder: Path, volumes: dict[str, Any]
    ) -> None:
        self.database, self.driver, self.endpoint, self.cli, self.folder = database, driver, endpoint, cli, folder
        self.volumes = volumes
        small.import_company(database, folder, document=small.plan(volumes=volumes))
        self.runs = {name: month.close(database, name, "small", actor="test", out_of_order=True).run_id for name in MONTHS}
        self.entries = len(list(told.rows(database)))
        self.said = {name: self.explained(name) for name in MONTHS}
        assert {code for code, *_ in self.said["2025-03"]} == {0}
        self.golden = self.digest()

    def digest(self) -> str:
        """One digest of every node that belongs to the closed runs, the runs, their lines as printed, and their entries."""
        found = hashlib.sha256()
        # A period becomes paid, and what is held of a line stands beside it.
        text = """MATCH (n) WHERE n.run_id IN $runs AND NOT n:Period AND NOT n:Hold OR n:Run AND n.id IN $runs
            WITH labels(n) AS labels, properties(n) AS fields RETURN labels, fields"""
        rows, _, _ = self.driver.execute_query(text, runs=list(self.runs.values()), database_=self.endpoint.database)
        nodes = sorted(json.dumps([row["labels"], row["fields"]], sort_keys=True, default=str) for row in rows)
        found.update("\n".join(nodes).encode())
        for name in MONTHS:
            found.update(self.cli("earnings", name, "--format", "csv").out.encode())
        for row in list(told.rows(self.database))[: self.entries]:
            found.update(json.dumps(row, sort_keys=True, default=str).encode())
        return found.hexdigest()

    def explained(self, name: str) -> list[tuple[int, list[dict[str, Any]], str]]:
        """What two partners are told of their lines, or that they have none; where the money is by now is told beside."""
        said = [self.cli("explain", name, partner, "--format", "ndjson") for partner in ("A", "B")]
        lines = [[json.loads(line) for line in one.out.splitlines()] for one in said]
        assert all(line.pop("paid") for one in lines for line in one)
        return [(one.code, told_of, one.sentence) for one, told_of in zip(said, lines, strict=True)]

    def assert_as_it_was(self, after: str) -> None:
        """Every byte of the closed months is where it was."""
        assert self.digest() == self.golden, f"{after} changed a closed month"
        status = {row["month"]: row["status"] for row in month.months(self.database, "small")}
        assert {status[name] for name in MONTHS} <= {"closed", "paid"}, after

    def file(self, name: str, *rows: str) -> str:
        """A CSV file of these rows; its path."""
        path = self.folder / name
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return str(path)


def late_orders(closed: Closed) -> None:
    """Orders and newcomers dated into the closed months."""
    late = draw("A : own 1000 @2025-03-06 as LATE, own 9 @2025-01-31 as LATE4\n  B : own 500 @2025-02-28 as LATE2\n    K : own 7")
    late.partners = [one for one in late.partners if one.id == "K"]
    assert sum(one.late for one in build(closed.database, late, closed.folder / "late").files) >= 3


def refunds(closed: Closed) -> None:
    """Money given back of orders that were counted, within their month and after it."""
    rows = ("R1,A-1,2025-01-30,5.00", "R2,C-1,2025-03-30,35.00", "R3,F-2,2025-05-02,10.00")
    said = closed.cli("import", "--refunds", closed.file("refunds.csv", "refund_id,order_id,refunded_at,amount", *rows))
    assert said.code == 0, said.err


def counted_rows(closed: Closed) -> None:
    """A counted order sent again with another amount, which is refused."""
    rows = ("order_id,partner_id,paid_at,amount,currency,qv,cv,kind,line", "A-1,A,2025-01-05,21.00,USD,,,own_use,1")
    said = closed.cli("import", "--orders", closed.file("orders.csv", *rows), "--update")
    assert (said.code, "A-1" in said.sentence) == (2, True), said.err


def re_sponsoring(closed: Closed) -> None:
    """B's whole branch goes under Z and C is terminated: the importer refuses who was counted, and past it they move."""
    rows = ("partner_id,sponsor_id,status,joined_at", "B,Z,active,2015-01-01", "C,A,terminated,2015-01-01")
    said = closed.cli("import", "--partners", closed.file("partners.csv", *rows), "--update")
    assert (said.code, "'B' was counted by the closed month 2025-01" in said.sentence) == (2, True), said.err
    moves = [Move(3, "B", sponsor="Z"), Move(3, "C", fields=(("status", "terminated"),))]
    movers.write(closed.database, moves, "sponsor", {"B": Partner("B", "Z"), "C": Partner("C", "A", status="terminated")})
    there = [network.visible(closed.database, partner) for partner in ("B", "C")]
    assert [row and (row["sponsor_id"], row["status"]) for row in there] == [("Z", "active"), ("A", "terminated")]


def plan_edits(closed: Closed) -> None:
    """A new version with other rates, from the next month on; one that would reach into a closed month is refused."""
    bonuses = [bonus | {"levels": [{"rate": "50%", "opens": "active"}]} for bonus in small.PLAN["bonuses"]]
    changed = small.plan(volumes=closed.volumes, bonuses=bonuses, version=2)
    with pytest.raises(Refused) as refused:
        store.publish(closed.database, changed | {"valid_from": "2025-03-01"})
    assert refused.value.code is Code.MONTH_CLOSED
    store.publish(closed.database, changed | {"valid_from": "2025-04-01"})


def exchange_rates(closed: Closed) -> None:
    """Rates of a closed month, and of the next."""
    for name in MONTHS:
        with pytest.raises(Refused) as refused:
            rates.publish(closed.database, name, "JPY", "USD", "0.01")
        assert refused.value.code is Code.MONTH_CLOSED
    rates.publish(closed.database, "2025-04", "JPY", "USD", "0.01")


def looks(closed: Closed) -> None:
    """Previews, a closed month computed again, and what a refund would change: all of them only look."""
    month.preview(closed.database, "2025-04", "small", actor="test")
    recalculate(closed.database, "2025-01", "small", who=ANNA)
    of_refund(closed.database, "H-1", who=ANNA, amount_minor=None, day=None, plan_name="small")


def every_door(closed: Closed) -> None:
    """Closing, approving and discarding a closed month are refused by its run."""
    for name, run_id in closed.runs.items():
        for act in (
            lambda name=name: month.close(closed.database, name, "small", actor="test", out_of_order=True),
            lambda name=name: month.approve(closed.database, name, "small", who=BORIS, approval=Approval.NONE),
            lambda name=name: month.discard(closed.database, name, "small", who=ANNA),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert (refused.value.code, refused.value.detail) == (Code.MONTH_CLOSED, {"run_id": run_id})


def holds_and_payouts(closed: Closed) -> None:
    """A line is held, the rest is paid; a payout fails and another comes back."""
    database = closed.database
    for partner in ("A", "B", "F"):
        destinations.set_destination(
            database, partner, "bank_account", f"DE00 {partner}000", "tok", key=IDENTIFIER_KEY, actor="cli:anna"
        )
    line = next(one for one in earnings.lines(database, "2025-03") if one["partner_id"] == "A" and one["amount_minor"] > 1)
    named = holds.Line("A", "2025-03", line["bonus"], line["level"], "small", line["class"], line["source_id"])
    holds.place(database, "case", named, 1, reason="a card", public_reason="An order.", actor="cli:anna")
    payouts.make(database, "batch", "USD", who=ANNA)
    payouts.approve(database, "batch", who=BORIS)
    payouts.send(database, "batch", who=ANNA)
    rows = payouts.payouts(database, "batch")
    payouts.fail(database, rows[0]["id"], reason="account closed", who=ANNA)
    payouts.settle(database, "batch", who=ANNA)
    payouts.take_back(database, rows[1]["id"], reason="unknown payee", who=ANNA)


def the_next_month(closed: Closed) -> None:
    """What came late is counted where it belongs: in the next month."""
    month.close(closed.database, "2025-04", "small", actor="test")


ACTS: tuple[Act, ...] = (
    late_orders,
    refunds,
    counted_rows,
    re_sponsoring,
    exchange_rates,
    looks,
    every_door,
    holds_and_payouts,
)


@pytest.mark.parametrize("attempt", range(chance.either(2, 20)))
def test_nothing_that_comes_later_changes_a_byte_of_a_closed_month(
    attempt: int, database: Database, driver: neo4j.Driver, endpoint: Address, cli: Cli, tmp_path: Path
) -> None:
    """Every act there is, in any order; then the next month under another version of the plan, and all of them again."""
    rng = chance.rng(f"closed stays {attempt}")
    how = {"refunds": ("reverse", "net")[attempt % 2], "late_orders": rng.choice(("now", "then"))}
    closed = Closed(database, driver, endpoint, cli, tmp_path, VOLUMES | how)
    acts = [*rng.sample(ACTS, len(ACTS)), plan_edits, the_next_month, looks, every_door]
    for act in acts:
        act(closed)
        closed.assert_as_it_was(act.__name__)
    assert month.run(database, month.months(database, "small")[0]["run_id"]).plan_version == 2
    proved = ledger.verify(database, [heads.present(database)])
    assert proved.holds
    assert proved.entries > closed.entries
    for name in MONTHS:
        assert cli("month", "verify", name).code == 0
        assert closed.explained(name) == closed.said[name]
