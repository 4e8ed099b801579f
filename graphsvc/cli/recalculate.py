"""`graphsvc recalculate`: a closed month computed again and compared, without touching it."""

from __future__ import annotations

import click

from graphsvc.cli import console
from graphsvc.cli.terminal import who
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.money import format_minor
from graphsvc.recalculation import recalculate as compute
from graphsvc.recalculation.causes import said

COLUMNS = ("partner_id", "bonus", "level", "class", "source_id", "old_minor", "new_minor", "difference_minor", "causes")
NUMBERS = ("level", "old_minor", "new_minor", "difference_minor")


@click.command("recalculate")
@click.argument("month_name", metavar="MONTH")
@click.option("--plan", "plan_name", required=True, metavar="NAME", help="The plan whose closed month it is.")
@click.option("--version", type=click.IntRange(1), help="Another version of the plan; default the one it was closed by.")
@console.format_option
def recalculate(month_name: str, plan_name: str, version: int | None, shape: str) -> None:
    """Compute a closed MONTH again from what is known today, and show every line that would be another, and why.

    What came late counts where it is dated. The closed month, its lines and its postings stay as they are.
    """
    with open_database(load(), progress=console.Bars()) as database:
        found = compute(database, month_name, plan_name, who=who(), version=version, progress=console.Bars())
    rows = (line.row() | {"causes": "; ".join(said(line.causes)), "currency": found.currency} for line in found.lines)
    console.rows(shape, COLUMNS, rows, right=NUMBERS)
    if shape == "table":
        old, new, more = (format_minor(x, found.currency) for x in (found.old_minor, found.new_minor, found.difference_minor))
        console.say(
            f"{found.month} of plan {found.plan}, closed by version {found.closed_version}, computed by version "
            f"{found.version}: {found.equal} lines equal, {len(found.lines)} differ; {old} {found.currency} posted, "
            f"{new} computed, difference {more}. "
            "Nothing was changed."
        )
