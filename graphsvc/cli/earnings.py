"""`graphsvc earnings`: the lines of a closed month, for people and for machines."""

from __future__ import annotations

from typing import Any

import click

from graphsvc import earnings as service
from graphsvc import network
from graphsvc.cli import console
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.money import format_minor, format_rate

TABLE_ROWS = 200


@click.command("earnings")
@click.argument("month_name", metavar="MONTH")
@click.option("--plan", "plan_name", metavar="NAME", help="The plan, where several closed this month.")
@click.option("--partner", "partner_id", metavar="ID", help="Only this partner's lines.")
@click.option(
    "--list",
    "what",
    type=click.Choice(["lines", *service.BESIDE]),
    default="lines",
    show_default=True,
    help="The lines, or what stands beside them: prizes that are not money, balances, lines that wait.",
)
@console.format_option
def earnings(month_name: str, plan_name: str | None, partner_id: str | None, what: str, shape: str) -> None:
    """Who is owed what: one row a line, by partner, bonus and level. Amounts in minor units, rates in parts per million."""
    with open_database(load(), progress=console.Bars()) as database:
        if what != "lines":
            beside = service.beside(database, month_name, what, plan_name)
            found = [row for row in beside if partner_id in (None, row["partner_id"])]
            console.rows(shape, service.BESIDE[what], found, right=("place", "level", "left", "amount_minor"))
            return
        if partner_id is None:
            rows = service.lines(database, month_name, plan_name)
        else:
            found = service.of_partner(database, month_name, partner_id, plan_name)
            if not found and network.visible(database, partner_id) is None:
                raise network.unknown(database, partner_id)
            rows = iter(found)
        if shape == "csv":
            console.write_csv(service.COLUMNS, (service.csv_row(row) for row in rows))
        elif shape == "ndjson":
            console.write_ndjson({column: row[column] for column in (*service.COLUMNS, "class", "source_id")} for row in rows)
        else:
            _table(month_name, [row for row, _ in zip(rows, range(TABLE_ROWS + 1), strict=False)])


def _table(month_name: str, rows: list[dict[str, Any]]) -> None:
    """The first lines as people read them."""
    cells = [
        (
            row["partner_id"],
            row["bonus"],
            row["level"],
            row["source_id"],
            format_minor(row["base_minor"], row["currency"]),
            "" if row["rate_ppm"] is None else format_rate(row["rate_ppm"]),
            format_minor(row["amount_minor"], row["currency"]),
            row["currency"],
        )
        for row in rows[:TABLE_ROWS]
    ]
    columns = ("partner", "bonus", "level", "order", "base", "rate", "amount", "")
    console.table(f"Earnings of {month_name}", columns, cells, right=("level", "base", "rate", "amount"))
    if len(rows) > TABLE_ROWS:
        console.say(f"… the first {TABLE_ROWS} lines; --format csv gives all of them, --partner ID those of one partner.")
