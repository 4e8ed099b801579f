"""`graphsvc hold …`: part of a line that is not paid out until somebody decides."""

from __future__ import annotations

import click

from graphsvc import earnings
from graphsvc.cli import console
from graphsvc.cli.terminal import who
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.errors import Code, Refused
from graphsvc.money import format_minor, parse
from graphsvc.payouts import holds
from graphsvc.plan import store

LISTED = (
    "id",
    "state",
    "month",
    "plan",
    "bonus",
    "level",
    "amount_minor",
    "currency",
    "public_reason",
    "placed_at",
    "released_at",
)


@click.group()
def hold() -> None:
    """Hold exactly part of a line back from being paid out."""


@hold.command()
@click.argument("hold_id", metavar="HOLD")
@click.argument("month_name", metavar="MONTH")
@click.argument("partner_id", metavar="PARTNER")
@click.option("--bonus", required=True, metavar="NAME", help="The bonus of the line.")
@click.option("--level", required=True, type=click.IntRange(0), help="The level of the line.")
@click.option("--class", "class_", default="", metavar="NAME", help="The class of the line, where its bonus has classes.")
@click.option("--source", default="", metavar="ID", help="The order of the line, where its bonus makes lines by order.")
@click.option("--amount", metavar="SUM", help="How much of it, such as 12.50; default all that is left.")
@click.option("--plan", "plan_name", metavar="NAME", help="The plan, where several closed this month.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, for the company only.")
@click.option("--public-reason", required=True, metavar="TEXT", help="Why, as the partner may read it.")
def place(
    hold_id: str,
    month_name: str,
    partner_id: str,
    bonus: str,
    level: int,
    class_: str,
    source: str,
    amount: str | None,
    plan_name: str | None,
    reason: str,
    public_reason: str,
) -> None:
    """Hold part of a line of a closed MONTH that was not paid out yet, under HOLD, an id of your choice."""
    with open_database(load(), progress=console.Bars()) as database:
        closed = earnings.closed_run(database, month_name, plan_name)
        currency = store.get(database, closed["plan"], closed["plan_version"]).currency
        try:
            amount_minor = None if amount is None else parse(amount, currency)
        except ValueError as error:
            raise Refused(Code.BAD_INPUT, f"--amount {amount!r} {error}.") from None
        line = holds.Line(partner_id, month_name, bonus, level, plan_name, class_, source)
        done = holds.place(database, hold_id, line, amount_minor, reason=reason, public_reason=public_reason, actor=who().actor)
    console.say(f"Hold {hold_id} is {done['state']}: {format_minor(done['amount_minor'], currency)} {currency} of {partner_id}.")


@hold.command()
@click.argument("hold_id", metavar="HOLD")
def release(hold_id: str) -> None:
    """Let what a hold held be paid out."""
    with open_database(load(), progress=console.Bars()) as database:
        done = holds.release(database, hold_id, actor=who().actor)
    console.say(f"Hold {hold_id} is {done['state']} since {done['released_at']:%Y-%m-%d %H:%M} UTC.")


@hold.command("list")
@click.argument("partner_id", metavar="PARTNER")
@console.format_option
def list_(partner_id: str, shape: str) -> None:
    """A partner's holds, newest first."""
    with open_database(load(), progress=console.Bars()) as database:
        console.rows(shape, LISTED, holds.of_partner(database, partner_id), right=("amount_minor",))
