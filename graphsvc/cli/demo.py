"""`graphsvc demo`: a network to look at, a month computed and explained, and the API over it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graphsvc import embedded, serving
from graphsvc.cli import console
from graphsvc.cli.explain import show, show_why_not
from graphsvc.cli.serve import announce
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.demo import MONTHS, OPEN_MONTH, service
from graphsvc.money import format_minor, format_rate


@click.command("demo")
@click.option("--once", is_flag=True, help="Print the report and stop, instead of serving the API (or GRAPHSVC_DEMO_ONCE=1).")
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False), help="Also save what is printed as an SVG.")
def demo(once: bool, picture: Path | None) -> None:
    """Load an invented network of 2 000 partners, close two months, explain a line, and serve the API."""
    settings = load()
    bars = console.Bars()
    if picture is not None:
        console.start_picture()
    was_running = embedded.status(settings).state != "stopped"
    try:
        with open_database(settings, progress=bars) as database:
            service.load(database, settings, bars)
            found = service.findings(database)
            _report(found)
            if picture is not None:
                console.save_picture(picture, "make demo")
            keys = service.demo_keys(database, settings, found.explained.partner_id)
        _print_keys(keys, found.explained.partner_id)
        if not (once or settings.demo_once):
            sys.exit(serving.serve(settings, announce, bars))
    finally:
        if not was_running:
            embedded.stop(settings)


def _report(found: service.Findings) -> None:
    """What a month looks like: totals, top earners, a line hop by hop, a why-not."""
    report = found.report

    def money(amount_minor: int) -> str:
        return f"{format_minor(amount_minor, report.currency)} {report.currency}"

    breakage = sum(level.breakage_minor for level in report.breakage)
    console.say(f"{report.month}: {report.partners} partners, {report.active} active, sold {money(report.sold_minor)}")
    console.say(
        f"paid {money(report.payout_minor)} in {report.lines} lines, {format_rate(report.payout_ratio_ppm)} of sales; "
        f"breakage {money(breakage)}"
    )
    console.table(
        "Top earners",
        ("partner", "name", "lines", "earned"),
        [(row["partner_id"], row["name"], row["lines"], money(row["amount_minor"])) for row in found.top],
        right=("lines", "earned"),
    )
    console.heading("One line explained")
    show(found.explained)
    console.heading("One line that was not paid")
    show_why_not(found.why_not)
    console.say()
    console.say(f"{' and '.join(MONTHS)} are closed, {OPEN_MONTH} is open. Try:")
    for command in (
        f"explain {report.month} {found.explained.partner_id}",
        f"earnings {report.month}",
        f"month verify {report.month}",
        f"month preview {OPEN_MONTH} --plan {service.PLAN}",
        f"payout balance {found.explained.partner_id}",
        "ledger verify",
    ):
        console.say(f"  .venv/bin/graphsvc {command}")


def _print_keys(keys: dict[str, str], cabinet_of: str) -> None:
    console.heading("Demo keys")
    for role, text in keys.items():
        whose = f" of {cabinet_of}" if role == "cabinet" else ""
        console.say(f"  {role + whose:<18} {text}")
