"""Lock before you look: whoever waited for a lock sees what was committed meanwhile, and puts nothing back.

Neo4j reads the right side of `SET x.p = x.p` before it takes the lock that the assignment waits for, and then writes what it
read: a lost update. A property that never changes cannot be lost, so locks are taken with one of those.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import neo4j
import pytest

from graphsvc.query import catalog
from graphsvc.query.runner import Database
from tests.server import Address

NEVER_CHANGE = {"id", "key", "kind", "month", "name"}
ONTO_ITSELF = re.compile(r"\b(\w+)\.(\w+) = \1\.\2\b(?! *[+*-])")
QUERIES = catalog.load()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_a_lock_is_taken_with_a_property_that_never_changes(name: str) -> None:
    sets = re.findall(r"\bSET\b(.*?)(?=\b(?:WITH|MATCH|RETURN|CALL|MERGE|UNWIND|FOREACH)\b|\Z)", QUERIES[name].text, re.S)
    found = {match[2] for text in sets for match in ONTO_ITSELF.finditer(text)}
    assert found <= NEVER_CHANGE, f"{found - NEVER_CHANGE} may be lost; lock with one of {sorted(NEVER_CHANGE)}"


SETUP = (
    "MERGE (l:Ledger {name: 'ledger'}) SET l.sequence = 5",
    "MERGE (c:Counter {name: 'partner'}) SET c.value = 5",
    "MERGE (p:Period {plan: 'locked', month: '2025-03'}) SET p.status = 'closing', p.run_id = 'locked'",
    "MERGE (r:Run {id: 'locked'}) SET r.kind = 'official', r.plan = 'locked', r.plan_version = 1, r.month = '2025-03', "
    "r.state = 'running', r.step = 1, r.progress = '', r.owner = 'x', r.lease_until = datetime.realtime()",
)
CHANGED = "SET l.sequence = 6, c.value = 6, p.status = 'closed', r.state = 'done', r.progress = 'more'"
ALL = "MATCH (l:Ledger {name: 'ledger'}), (c:Counter {name: 'partner'}), (p:Period {plan: 'locked'}), (r:Run {id: 'locked'})"
STANDS = f"{ALL} RETURN l.sequence AS sequence, c.value AS value, p.status AS status, r.state AS state, r.progress AS progress"


@pytest.mark.parametrize(
    ("query", "given", "seen"),
    [
        ("ledger.lock", {}, {"sequence": 6}),
        ("network.intake", {}, {"value": 6}),
        ("month.lock_month", {"plan": "locked", "month": "2025-03"}, {"status": "closed", "state": "done"}),
        ("month.renew_run", {"run_id": "locked", "owner": "x", "lease_seconds": 5}, None),
        ("ranks.take", {"plan": "locked", "month": "2025-03", "partner_id": "A"}, {"status": "closed"}),
        ("month.hold_run", {"run_id": "locked", "owner": "x", "progress": "", "lease_seconds": 5}, None),
    ],
)
def test_who_waited_for_a_lock_sees_what_was_committed_and_puts_nothing_back(
    query: str,
    given: dict[str, Any],
    seen: dict[str, Any] | None,
    database: Database,
    driver: neo4j.Driver,
    endpoint: Address,
    ask: Callable[..., list[dict[str, Any]]],
) -> None:
    for text in SETUP:
        ask(text)
    database.run(query, **given)  # planned by now, so that the next one does wait
    for text in SETUP:
        ask(text)
    rows: list[dict[str, Any]] = []
    with driver.session(database=endpoint.database) as session:
        first = session.begin_transaction()
        first.run(f"{ALL} {CHANGED}").consume()
        thread = threading.Thread(target=lambda: rows.extend(database.run(query, **given)))
        thread.start()
        time.sleep(1)
        assert thread.is_alive(), "it does not wait for the lock"
        first.commit()
        thread.join(60)
    assert [{name: row[name] for name in seen or ()} for row in rows] == ([] if seen is None else [seen])
    after = {"sequence": 6, "value": 6, "status": "closed", "state": "done", "progress": "more"}
    assert ask(STANDS) == [after]
