"""Writes a random network as files for `graphsvc import`: the same bytes for the same seed.

    python -m benchmarks.generate_network --partners 1000000 --shape mixed --seed 1 --out DIR

Shapes: `mixed` (three partners in ten under one of the last hundred, three in ten under one of a thousand leaders, the rest
anywhere: deep lines and stars both), `line` (everybody under the one before), `star` (everybody under the first). Partners
stand in a full binary placement tree beside it. Orders, three a partner a month: in the first month everybody sells, in the
second a fifth. Rows are written as they are drawn, so memory holds nothing but the buffer.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

FIRST_DAYS = 28
MONTHS = ("2025-01", "2025-02")
SELLERS_ONE_IN = (1, 5)
ORDERS_A_PARTNER = 3
LEADERS = 1_000
SHAPES = ("mixed", "line", "star")


def sponsor(draw: random.Random, partner: int, shape: str) -> int:
    """Whom partner number `partner` hangs under; everybody but the first has a sponsor."""
    if shape == "line":
        return partner - 1
    if shape == "star":
        return 0
    chance = draw.random()
    if chance < 0.3:
        return draw.randrange(max(0, partner - 100), partner)
    if chance < 0.6:
        return draw.randrange(min(partner, LEADERS))
    return draw.randrange(partner)


def write(folder: Path, partners: int, shape: str, seed: int) -> None:
    """Write partners.csv and orders.csv into the folder."""
    draw = random.Random(f"network {seed}")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "partners.csv").open("w", encoding="ascii", newline="\n") as file:
        file.write("partner_id,sponsor_id,joined_at,placement_id,leg\n")
        for number in range(partners):
            above = f"P{sponsor(draw, number, shape):07d}" if number else ""
            placed = f"P{(number - 1) // 2:07d},{'left' if number % 2 else 'right'}" if number else ","
            file.write(f"P{number:07d},{above},2024-{draw.randint(1, 12):02d}-{draw.randint(1, FIRST_DAYS):02d},{placed}\n")
    with (folder / "orders.csv").open("w", encoding="ascii", newline="\n") as file:
        file.write("order_id,partner_id,paid_at,amount,currency,kind\n")
        for month, one_in in zip(MONTHS, SELLERS_ONE_IN, strict=True):
            for number in range(partners * ORDERS_A_PARTNER):
                paid = f"{month}-{draw.randint(1, FIRST_DAYS):02d}T{draw.randint(0, 23):02d}:00:00Z"
                cents = draw.randint(500, 25_000)
                seller = draw.randrange(max(1, partners // one_in)) * one_in
                money = f"{cents // 100}.{cents % 100:02d}"
                file.write(f"O{month}-{number:08d},P{min(seller, partners - 1):07d},{paid},{money},USD,own_use\n")


def main() -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(description="Write a random network as files for `graphsvc import`.")
    parser.add_argument("--partners", type=int, default=1_000_000)
    parser.add_argument("--shape", choices=SHAPES, default="mixed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    write(given.out, given.partners, given.shape, given.seed)


if __name__ == "__main__":
    main()
