"""`graphsvc correction …`: the difference of a closed month, proposed by one person and posted by another."""

from __future__ import annotations

from collections.abc import Callable

import click

from graphsvc import corrections
from graphsvc.cli import console
from graphsvc.cli.terminal import who
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.ledger import heads
from graphsvc.money import format_minor
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from graphsvc.recalculation.causes import said

LISTED = (
    "id",
    "state",
    "plan",
    "month",
    "plan_version",
    "lines",
    "amount_minor",
    "currency",
    "person",
    "approver_person",
    "reason",
)
LINES = ("number", "partner_id", "bonus", "level", "class", "source_id", "old_minor", "new_minor", "difference_minor", "causes")
NUMBERS = ("number", "level", "old_minor", "new_minor", "difference_minor")
correction_argument = click.argument("correction_id", metavar="CORRECTION")


@click.group()
def correction() -> None:
    """Post what a closed month would differ by: one person proposes it, another approves it."""


@correction.command()
@correction_argument
@click.argument("month_name", metavar="MONTH")
@click.option("--plan", "plan_name", required=True, metavar="NAME", help="The plan whose closed month it is.")
@click.option("--version", type=click.IntRange(1), help="Another version of the plan; default the one it was closed by.")
@click.option(
    "--partner", "partners", multiple=True, metavar="ID", help="Correct the lines of this partner alone; may be repeated."
)
@click.option("--reason", required=True, metavar="TEXT", help="Why, as partners may read it.")
def propose(
    correction_id: str, month_name: str, plan_name: str, version: int | None, partners: tuple[str, ...], reason: str
) -> None:
    """Propose CORRECTION, an id of your choice: what the closed MONTH would differ by, as things are known today.

    Orders and refunds count as the month knew them: what came later counts in later months already. The same id again goes on
    with what was interrupted. Nothing is posted before another person approves it.
    """
    with open_database(load(), progress=console.Bars()) as database:
        found = corrections.propose(
            database,
            correction_id,
            month_name,
            plan_name,
            reason=reason,
            who=who(),
            version=version,
            partners=partners,
            progress=console.Bars(),
        )
    _show(found)


@correction.command()
@correction_argument
def approve(correction_id: str) -> None:
    """Post a correction that another person proposed, if it still is what the month would differ by."""
    _act(lambda database: corrections.approve(database, correction_id, who=who(), progress=console.Bars()))


@correction.command()
@correction_argument
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
def withdraw(correction_id: str, reason: str) -> None:
    """Give a correction up that was not posted."""
    _act(lambda database: corrections.withdraw(database, correction_id, reason=reason, who=who()))


@correction.command("list")
@console.format_option
def list_(shape: str) -> None:
    """The newest corrections, newest first."""
    with open_database(load(), progress=console.Bars()) as database:
        console.rows(shape, LISTED, corrections.corrections(database), right=("plan_version", "lines", "amount_minor"))


@correction.command()
@correction_argument
@click.option("--after", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Lines after this number.")
@click.option("--limit", type=click.IntRange(1, 20_000), default=100, show_default=True, help="How many lines.")
@console.format_option
def show(correction_id: str, after: int, limit: int, shape: str) -> None:
    """A correction: who proposed and approved it, why, and each line that it changes, with what is behind it."""
    with open_database(load(), progress=console.Bars()) as database:
        found = corrections.correction(database, correction_id)
        if found["state"] == "posted":
            corrections.verify(database, correction_id)
        lines = corrections.lines(database, correction_id, after=after, limit=limit)
    if shape == "table":
        _show(found)
    told = {"currency": found["currency"]}
    rows = (line | told | {"causes": "; ".join(said(line["causes"]))} for line in lines)
    console.rows(shape, LINES, rows, right=NUMBERS)


def _act(act: Callable[[Database], Row]) -> None:
    settings = load()
    with open_database(settings, progress=console.Bars()) as database:
        found = act(database)
        heads.note(database, settings.ledger_heads)
    _show(found)


def _show(found: Row) -> None:
    currency, whose = found["currency"], f" of {', '.join(found['partners'])}" if found["partners"] else ""
    by = f"plan {found['plan']}, version {found['plan_version']}"
    amount = format_minor(found["amount_minor"] or 0, currency)
    console.say(
        f"Correction {found['id']}, {found['state']}: {found['lines'] or 0} lines{whose} in {found['month']} of {by}; "
        f"{amount} {currency} in all"
    )
    approved = f", approved by {found['approver_person']}" if found["approver_person"] else ""
    console.say(f"proposed by {found['person']}{approved}: {found['reason']}")
    if found["withdrawn_person"]:
        console.say(f"withdrawn by {found['withdrawn_person']}: {found['withdrawn_reason']}")
    if found["failure"]:
        console.say(found["failure"])
    if found["state"] == "proposed":
        console.say(f"Another person posts it: graphsvc correction approve {found['id']}")
