"""`graphsvc rate …`: exchange rates of a month, fixed before it is closed."""

from __future__ import annotations

import click

from graphsvc import config, rates
from graphsvc.cli import console
from graphsvc.connect import open_database


@click.group()
def rate() -> None:
    """Exchange rates: what an order's money is worth in a plan's currency, month by month."""


@rate.command()
@click.argument("month")
@click.argument("source")
@click.argument("target")
@click.argument("value", metavar="RATE")
@click.option("--replace", is_flag=True, help="Put another value in place of a published one, while the month is open.")
def publish(month: str, source: str, target: str, value: str, replace: bool) -> None:
    """Fix what 1 SOURCE is in TARGET in MONTH, for example: 1997-01 EUR USD 1.0843."""
    wanted = rates.exact(month, source, target, value)  # a fault is told before a database is started
    with open_database(config.load(), console.Bars()) as database:
        new = rates.publish(database, month, source, target, value, replace=replace)
    said = f"1 {source} = {wanted.rate} {target} in {month}"
    console.say(f"Published: {said}." if new else f"Already published: {said}; nothing changed.")


@rate.command()
@click.argument("month")
@console.format_option
def show(month: str, shape: str) -> None:
    """Show every rate published for MONTH."""
    with open_database(config.load(), console.Bars()) as database:
        found = rates.in_month(database, month)
    columns = ("month", "source", "target", "rate")
    rows = [(one.month, one.source, one.target, one.rate) for one in found]
    if shape == "csv":
        console.write_csv(columns, rows)
    elif shape == "ndjson":
        console.write_ndjson(dict(zip(columns, row, strict=True)) for row in rows)
    elif rows:
        console.table("", columns, rows, right=("rate",))
    else:
        console.say(f"No rate is published for {month}; `graphsvc rate publish {month} SOURCE TARGET RATE` does it.")
