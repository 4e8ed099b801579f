"""What comes late to a large closed month: seconds a step of the month that takes parts of its lines.

    python -m benchmarks.late [PARTNERS ...]        (default 10000 100000)

The hybrid plan with `refunds: reverse`, `late_orders: then`, reversals that cascade into its matches and into a pool that
everybody shares. The first month is closed; then half of one order in a hundred is refunded, and as many orders of that month are
recorded late; the second month, in which a fifth sells, takes parts of the closed lines, and is verified.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.generate_network import FIRST_DAYS, MONTHS
from benchmarks.month import PLAN, ROOT, SEED, Stopwatch
from benchmarks.stand import stand
from graphsvc import explain, month
from graphsvc.cli import console
from graphsvc.imports import ImportFiles, import_files, load_key
from graphsvc.plan import document, store

CASES = ("10000", "100000")
ONE_IN = 100
STEPS = ("Orders of closed periods", "Parts of closed lines")


def plan() -> dict[str, Any]:
    """The hybrid plan, taking back what was refunded."""
    made = dict(document.load(ROOT / "examples" / "plans" / f"{PLAN}.yaml"))
    made["volumes"] = {**made["volumes"], "refunds": "reverse", "late_orders": "then"}
    made["bonuses"] = [_cascading(bonus) for bonus in made["bonuses"]]
    return made


def _cascading(bonus: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {"reversals": "cascade"} if "reversals" in bonus else {}
    if bonus["kind"] == "pool":
        changes |= {"shares": "equal", "qualified": "active"}
        return {key: value for key, value in bonus.items() if key != "unqualified"} | changes
    return {**bonus, **changes}


def late_files(folder: Path, partners: int) -> ImportFiles:
    """Refunds in the second month of half of one order in a hundred of the first, and as many orders that come late."""
    draw = random.Random(f"late {SEED}")
    first, second = MONTHS
    with (folder / "orders.csv").open(encoding="ascii") as file:
        sold = [line.rstrip("\n").split(",") for line in file if line.startswith(f"O{first}")]
    few = draw.sample(sold, len(sold) // ONE_IN)
    with (folder / "refunds.csv").open("w", encoding="ascii", newline="\n") as file:
        file.write("refund_id,order_id,refunded_at,amount\n")
        for number, (order, _, _, money, _, _) in enumerate(few):
            cents = int(money.replace(".", "")) // 2
            file.write(f"R{number:08d},{order},{second}-{draw.randint(1, FIRST_DAYS):02d},{cents // 100}.{cents % 100:02d}\n")
    with (folder / "late.csv").open("w", encoding="ascii", newline="\n") as file:
        file.write("order_id,partner_id,paid_at,amount,currency,kind\n")
        for number in range(len(few)):
            paid = f"{first}-{draw.randint(1, FIRST_DAYS):02d}T12:00:00Z"
            file.write(f"L{number:08d},P{draw.randrange(partners):07d},{paid},{draw.randint(5, 250)}.00,USD,own_use\n")
    return ImportFiles(orders=folder / "late.csv", refunds=folder / "refunds.csv")


def measure(partners: int) -> dict[str, float]:
    """One network: seconds by step, memory in megabytes."""
    found: dict[str, float] = {}
    with stand("late", partners, found) as (database, settings, data):
        store.publish(database, plan())
        first, second = MONTHS
        started = time.monotonic()
        month.close(database, first, PLAN, actor="bench", progress=Stopwatch())
        found["close of the first month"] = time.monotonic() - started
        import_files(database, late_files(data, partners), identifier_key=load_key(settings))
        watch, started = Stopwatch(), time.monotonic()
        report = month.close(database, second, PLAN, actor="bench", progress=watch)
        found["close of the second month"] = time.monotonic() - started
        found |= {f"  {label}": watch.seconds.get(label, 0.0) for label in STEPS}
        found["lines of the second month"] = report.lines
        started = time.monotonic()
        assert explain.verify(database, second, PLAN).holds
        found["verify"] = time.monotonic() - started
    return found


def main() -> None:
    """Measure every case and print one table."""
    cases = sys.argv[1:] or list(CASES)
    found = {case: measure(int(case)) for case in cases}
    rows = [(label, *(f"{found[case][label]:.1f}" for case in cases)) for label in found[cases[0]]]
    console.table("Seconds a step", ("step", *cases), rows, right=cases)


if __name__ == "__main__":
    main()
