"""A month of a large network paid out: seconds of each act from the close to the proof of the ledger.

    python -m benchmarks.payouts [PARTNERS ...]        (default 10000 100000)

The hybrid plan closes one month; every partner has a destination, written past the commands, which set one at a time. Then one
person makes the batch, another approves it, it is exported, sent and settled, and the ledger is verified.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import Any

import neo4j

from benchmarks.generate_network import MONTHS
from benchmarks.month import PLAN, ROOT, Stopwatch
from benchmarks.stand import stand
from graphsvc import embedded, ledger, month, payouts
from graphsvc.cli import console
from graphsvc.payouts import trace
from graphsvc.payouts.export import exported
from graphsvc.people import Who
from graphsvc.plan import document, store

CASES = ("10000", "100000")
TRACED = 100
ANNA, BORIS = Who("bench:anna", "anna"), Who("bench:boris", "boris")
DAY = dt.date(2030, 1, 1)  # hold days are over
DESTINATIONS = """
MATCH (p:Partner) WHERE p.seq >= 0
CALL (p) {
  CREATE (:Destination {partner_id: p.id, number: 1, current_of: p.id, kind: 'bank_account', token: 'tok_' + p.id, digest: p.id,
    shown: '0001', set_at: datetime(), actor: 'bench'})
} IN TRANSACTIONS OF 10000 ROWS
"""


def measure(partners: int) -> dict[str, float]:
    """One network: seconds by act, how much there is of it, memory in megabytes."""
    found: dict[str, float] = {}

    def timed(label: str, act: Callable[[], Any]) -> Any:
        started = time.monotonic()
        done = act()
        found[label] = time.monotonic() - started
        return done

    with stand("payouts", partners, found) as (database, settings, _):
        store.publish(database, dict(document.load(ROOT / "examples" / "plans" / f"{PLAN}.yaml")))
        watch = Stopwatch()
        report = timed("close", lambda: month.close(database, MONTHS[0], PLAN, actor="bench", progress=watch))
        found["lines"] = report.lines
        there = embedded.ensure_running(settings)
        with (
            neo4j.GraphDatabase.driver(there.uri, auth=(there.user, there.password or "")) as driver,
            driver.session() as past,
        ):
            past.run(DESTINATIONS).consume()
        made = timed("make", lambda: payouts.make(database, "bench", "USD", day=DAY, who=ANNA))
        found["payouts"] = made["payouts"]
        timed("approve", lambda: payouts.approve(database, "bench", who=BORIS))
        assert timed("export", lambda: sum(1 for _ in exported(database, "bench"))) == made["payouts"] > 0
        timed("send", lambda: payouts.send(database, "bench", who=ANNA))
        timed("settle", lambda: payouts.settle(database, "bench", who=ANNA))
        some = [row["id"] for row in payouts.payouts(database, "bench", limit=TRACED)]
        timed(f"trace of {len(some)}", lambda: [trace.of_payout(database, one) for one in some])
        proved = timed("ledger verify", lambda: ledger.verify(database))
        assert proved.holds
        found["entries"] = proved.entries
    return found


def main() -> None:
    """Measure every case and print one table."""
    cases = sys.argv[1:] or list(CASES)
    measured = {case: measure(int(case)) for case in cases}
    labels = dict.fromkeys(label for one in measured.values() for label in one)
    rows = [(label, *(f"{measured[case].get(label, 0):.1f}" for case in cases)) for label in labels]
    console.table("Seconds an act", ("act", *cases), rows, right=cases)


if __name__ == "__main__":
    main()
