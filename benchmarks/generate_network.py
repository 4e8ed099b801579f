"""Writes a random network as files for `graphsvc import`: stars and deep lines both, the same bytes for the same seed.

    python -m benchmarks.generate_network --partners 1000000 --orders 3000000 --seed 1 --out DIR

Three partners in ten hang under one of the last hundred (deep lines), three in ten under one of a thousand leaders (stars),
the rest anywhere. Rows are written as they are drawn, so memory holds nothing but the buffer.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

FIRST_DAYS = 28
MONTHS = ("2025-01", "2025-02", "2025-03")
LEADERS = 1_000


def sponsor(draw: random.Random, partner: int) -> int:
    """Whom partner number `partner` hangs under; everybody but the first has a sponsor."""
    shape = draw.random()
    if shape < 0.3:
        return draw.randrange(max(0, partner - 100), partner)
    if shape < 0.6:
        return draw.randrange(min(partner, LEADERS))
    return draw.randrange(partner)


def write(folder: Path, partners: int, orders: int, seed: int) -> None:
    """Write partners.csv and orders.csv into the folder."""
    draw = random.Random(f"network {seed}")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "partners.csv").open("w", encoding="ascii", newline="\n") as file:
        file.write("partner_id,sponsor_id,joined_at\n")
        for number in range(partners):
            above = f"P{sponsor(draw, number):07d}" if number else ""
            file.write(f"P{number:07d},{above},2024-{draw.randint(1, 12):02d}-{draw.randint(1, FIRST_DAYS):02d}\n")
    with (folder / "orders.csv").open("w", encoding="ascii", newline="\n") as file:
        file.write("order_id,partner_id,paid_at,amount,currency,kind\n")
        for number in range(orders):
            paid = f"{draw.choice(MONTHS)}-{draw.randint(1, FIRST_DAYS):02d}T{draw.randint(0, 23):02d}:00:00Z"
            cents = draw.randint(500, 25_000)
            seller = draw.randrange(partners)
            file.write(f"O{number:08d},P{seller:07d},{paid},{cents // 100}.{cents % 100:02d},USD,own_use\n")


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Write a random network as files for `graphsvc import`.")
    parser.add_argument("--partners", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=3_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    write(given.out, given.partners, given.orders, given.seed)


if __name__ == "__main__":
    main()
