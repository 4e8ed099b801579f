"""`graphsvc import`: files in, a table of what became of their rows out."""

from __future__ import annotations

from pathlib import Path

import click

from graphsvc import config
from graphsvc.cli import console
from graphsvc.connect import open_database
from graphsvc.imports import PLACEMENT_TREE, ImportFiles, ImportReport, import_files, load_key

_FILE = click.Path(path_type=Path)


@click.command("import")
@click.option(
    "--partners",
    type=_FILE,
    help="CSV of partners: partner_id, sponsor_id, name, type, status, joined_at, country, tags, placement_id, leg.",
)
@click.option("--customers", type=_FILE, help="CSV of customers: customer_id, partner_id, name, joined_at.")
@click.option(
    "--orders",
    type=_FILE,
    help="CSV of orders: order_id, partner_id, customer_id, placed_at, paid_at, amount, currency, qv, cv, kind, line, category.",
)
@click.option("--refunds", type=_FILE, help="CSV of refunds: refund_id, order_id, refunded_at, amount.")
@click.option("--events", type=_FILE, help="CSV of events: event_id, partner_id, kind, happened_at, accepted.")
@click.option("--identifiers", type=_FILE, help="CSV of identifiers: owner_type, owner_id, kind, value, seen_at.")
@click.option(
    "--placement-tree",
    default=PLACEMENT_TREE,
    show_default=True,
    metavar="NAME",
    help="The placement tree that placement_id and leg are of.",
)
@click.option("--update", is_flag=True, help="Change stored rows that differ, except those that a closed month counted.")
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
def import_(
    partners: Path | None,
    customers: Path | None,
    orders: Path | None,
    refunds: Path | None,
    events: Path | None,
    identifiers: Path | None,
    placement_tree: str,
    update: bool,
    dry_run: bool,
) -> None:
    """Take in files of partners, customers, orders, refunds, events and identifiers.

    All given files, plain or gzipped, are checked together before anything is written. The same file twice changes nothing; a
    row that differs from what is stored is an error, unless --update is given. A stopped import goes on when it is run again.
    """
    files = ImportFiles(partners, customers, orders, refunds, events, identifiers)
    settings = config.load()
    bars = console.Bars()
    key = load_key(settings) if identifiers is not None else b""
    with open_database(settings, bars) as database:
        report = import_files(
            database,
            files,
            update=update,
            identifier_key=key,
            placement_tree=placement_tree,
            progress=bars,
            dry_run=dry_run,
        )
    _show(report)


def _show(report: ImportReport) -> None:
    columns = ("file", "rows", "new", "unchanged", "updated", "late")
    console.table(
        "",
        columns,
        [(Path(f.path).name, f.rows, f.new, f.unchanged, f.updated, f.late) for f in report.files],
        right=columns[1:],
    )
    if any(f.late for f in report.files):
        console.say("Late rows are dated into a month that is closed; they do not change it.")
    verb = "Checked, nothing written" if report.dry_run else "Imported"
    console.say(f"{verb} in {report.seconds:.1f} s.")
