"""A company small enough to read, with three months of orders, and a plan with two bonuses; and ways to disturb its months."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import neo4j

from graphsvc import earnings
from graphsvc.plan import store
from graphsvc.progress import Advance
from graphsvc.query.runner import Database
from tests import server
from tests.graphs import build, draw
from tests.month.plans import VOLUMES
from tests.server import Address

# January and March have orders, February has only refunds; T joined late, D is suspended.
COMPANY = """
A : own 20 @2025-01-05, own 40 @2025-03-05, own 15 @2025-04-02
  B : own 30 @2025-01-06, own 60 @2025-03-06, refund 12.34 @2025-03-20
    D suspended : own 25 @2025-03-07
      F : own 100 @2025-01-07, refund 33.33 @2025-02-11, own 70.01 @2025-03-08
        G : retail 55.55 by g1 @2025-03-09T20:00:00Z, own 12 @2025-01-31
    E : own 5 @2025-03-10
      H : own 200 @2025-03-11, also 45.50 category tea
  C : own 35 @2025-03-12, own 99 placed 2025-03-13 unpaid as LATER
    I : own 11.11 @2025-03-13, own 18 @2025-01-20
    J : own 9.99 @2025-03-14, retail 0.33 by j1 @2025-03-15, retail 0.33 by j1 @2025-03-16, retail 0.33 by j2 @2025-03-17
  T joined 2025-04-01 : own 50 @2025-03-18
Z : own 10 @2025-03-19
"""

PLAN: dict[str, Any] = {
    "plan": "small",
    "version": 1,
    "valid_from": "2025-01-01",
    "title": {"en": "Small", "ru": "Малый"},
    "currency": "USD",
    "time_zone": "UTC",
    "calendar": "month",
    "volumes": VOLUMES,
    "active": {"conditions": [{"metric": "pv", "window": "period", "at_least": 10}], "grace_periods": 0},
    "bonuses": [
        {
            "name": "team",
            "kind": "unilevel",
            "tree": "sponsor",
            "base": "cv",
            "sources": {"kinds": "all", "categories": "all"},
            "first_level": "sponsor",
            "compression": "dynamic",
            "lines": "step",
            "levels": [
                {"rate": "5%", "opens": "active"},
                {"rate": "3%", "opens": [{"metric": "active_frontline", "at_least": 2}]},
                {
                    "rate": "1%",
                    "opens": [
                        {"metric": "active_frontline", "at_least": 3},
                        {"metric": "tv", "window": "period", "at_least": 200},
                    ],
                },
            ],
        },
        {
            "name": "orders",
            "kind": "unilevel",
            "tree": "sponsor",
            "base": "money",
            "sources": {"kinds": "all", "categories": "all"},
            "first_level": "seller",
            "compression": "roll_up",
            "lines": "order",
            "levels": [{"rate": "2%", "opens": "active"}, {"rate": "1%", "opens": "active"}],
        },
    ],
    "rounding": {"rule": "half_up", "to": "minor"},
}


def plan(name: str = "small", **changes: Any) -> dict[str, Any]:
    """The plan with other values for some of its keys."""
    return copy.deepcopy(PLAN) | {"plan": name} | changes


def import_company(database: Database, folder: Path, text: str = COMPANY, document: dict[str, Any] | None = None) -> None:
    """Import a drawing and publish a plan."""
    build(database, draw(text), folder)
    store.publish(database, document or plan())


def lines(database: Database, month: str, plan_name: str = "small") -> list[tuple[Any, ...]]:
    """The lines of a closed month as (partner, bonus, level, source, amount)."""
    return [
        (r["partner_id"], r["bonus"], r["level"], r["source_id"], r["amount_minor"])
        for r in earnings.lines(database, month, plan_name)
    ]


class Interrupted(Exception):
    """The plug was pulled."""


class Plug:
    """Progress that is pulled at its n-th event: a step that opens, or a batch that is done."""

    def __init__(self, pulled_at: int | None = None) -> None:
        self.pulled_at, self.events, self.labels = pulled_at, 0, list[str]()

    def _event(self) -> None:
        self.events += 1
        if self.events == self.pulled_at:
            raise Interrupted

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        self.labels.append(label)
        self._event()
        yield lambda _: self._event()


class Dying(Database):
    """A database whose n-th transaction is the last: it fails before it began, or after it was committed."""

    def __init__(self, endpoint: Address) -> None:
        super().__init__(endpoint.uri, endpoint.user, endpoint.password, database=endpoint.database, timeout_seconds=300)
        self.left: int | None = None
        self.committed = False
        self.transactions = 0

    def transact(self, work: Any, **options: Any) -> Any:
        self.transactions += 1
        if self.left is not None:
            self.left -= 1
            if self.left == 0 and not self.committed:
                raise Interrupted
            if self.left < 0:  # whoever tidies up after the death finds the database gone as well
                raise Interrupted
        done = super().transact(work, **options)
        if self.left == 0:
            raise Interrupted
        return done


def expire(driver: neo4j.Driver, endpoint: Address) -> None:
    """Let every lease run out now, as if its worker had been dead for long."""
    driver.execute_query("MATCH (r:Run) SET r.lease_until = datetime.realtime()", database_=endpoint.database)


def forget(driver: neo4j.Driver, endpoint: Address) -> None:
    """Throw every period and everything computed away, so that the same months can be closed again."""
    driver.execute_query(
        "MATCH (n:Period|Run|Earning|Strata|Rungs|FrozenTree|Late|Due|Adjustment|FrozenVolume|FrozenCount|Standing|Source|Moves"
        "|Fold|PayeeChain|Carried|LedgerEntry) DETACH DELETE n",
        database_=endpoint.database,
    )
    driver.execute_query(server.RESET_LEDGER, database_=endpoint.database)


def census(driver: neo4j.Driver, endpoint: Address) -> dict[str, int]:
    """How many nodes and relationships of each kind there are; runs and the marks of the tests left out."""
    counts: dict[str, int] = {}
    for text in (
        "MATCH (n) UNWIND labels(n) AS kind RETURN kind, count(*) AS found",
        "MATCH ()-[r]->() RETURN type(r) AS kind, count(*) AS found",
    ):
        rows, _, _ = driver.execute_query(text, database_=endpoint.database)
        counts |= {row["kind"]: row["found"] for row in rows}
    counts.pop("Run", None)
    return counts
