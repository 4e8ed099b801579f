"""`graphsvc payout …`: batches that one person makes and another approves, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import click

from graphsvc import payouts
from graphsvc.cli import console
from graphsvc.cli.terminal import who
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.ledger import heads
from graphsvc.ledger.accounts import MAIN
from graphsvc.money import format_minor
from graphsvc.payouts import standing, trace
from graphsvc.payouts.export import COLUMNS, exported
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

LISTED = ("id", "state", "currency", "balance", "day", "payouts", "amount_minor", "person", "approver_person", "made_at")
PAID = ("id", "amount_minor", "currency", "state", "destination_kind", "destination", "reason")
BALANCE = ("currency", "balance", "owed_minor", "waiting_minor", "next_on", "held_minor", "available_minor")
WHY = {
    "negative": "owe more than they have",
    "held": "are held by compliance",
    "minimum": "have less than the minimum",
    "destination": "have no destination (`graphsvc destination set`)",
}
batch_argument = click.argument("batch_id", metavar="BATCH")
payout_argument = click.argument("payout_id", metavar="BATCH/PARTNER")
reason_option = click.option("--reason", required=True, metavar="TEXT", help="Why, in the words of the bank or your own.")


@click.group()
def payout() -> None:
    """Pay out what partners are owed: one person makes a batch, another approves it."""


@payout.command()
@click.argument("batch_id", metavar="BATCH")
@click.option("--currency", required=True, metavar="CODE", help="Which currency is paid out.")
@click.option("--balance", default=MAIN, show_default=True, metavar="NAME", help="Which balance: one that a plan splits off.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="What is available on this day; default today (UTC).")
def make(batch_id: str, currency: str, balance: str, day: dt.datetime | None) -> None:
    """Draw the batch BATCH, an id of your choice: everything that is available, a partner a payout.

    The same id again goes on with what was interrupted. Nothing is paid before another person approves it.
    """
    with open_database(load(), progress=console.Bars()) as database:
        on = None if day is None else day.date()
        made = payouts.make(database, batch_id, currency, balance=balance, day=on, who=who(), progress=console.Bars())
        _show(made)


@payout.command()
@batch_argument
def approve(batch_id: str) -> None:
    """Approve a draft that another person made; from here on its money has left what partners are owed."""
    _act(lambda database: payouts.approve(database, batch_id, who=who()))


@payout.command()
@batch_argument
def discard(batch_id: str) -> None:
    """Give a draft up."""
    _act(lambda database: payouts.discard(database, batch_id))


@payout.command()
@batch_argument
@console.format_option
def export(batch_id: str, shape: str) -> None:
    """The payouts of an approved batch for the bank or payment provider; failed ones are left out."""
    with open_database(load(), progress=console.Bars()) as database:
        console.rows(shape, COLUMNS, exported(database, batch_id), right=("amount",))


@payout.command()
@batch_argument
def sent(batch_id: str) -> None:
    """Say that an approved batch was handed over."""
    _act(lambda database: payouts.send(database, batch_id, who=who()))


@payout.command()
@payout_argument
@reason_option
def failed(payout_id: str, reason: str) -> None:
    """Say that a payout of a sent batch did not go through; its money is owed again."""
    _act(lambda database: payouts.fail(database, payout_id, reason=reason, who=who()))


@payout.command()
@batch_argument
def settled(batch_id: str) -> None:
    """Say that all of a sent batch that did not fail has arrived."""
    _act(lambda database: payouts.settle(database, batch_id, who=who()))


@payout.command()
@payout_argument
@reason_option
def returned(payout_id: str, reason: str) -> None:
    """Say that a settled payout came back; its money is owed again."""
    _act(lambda database: payouts.take_back(database, payout_id, reason=reason, who=who()))


@payout.command("list")
@console.format_option
def list_(shape: str) -> None:
    """The newest batches, newest first."""
    with open_database(load(), progress=console.Bars()) as database:
        found = payouts.batches(database)
    only_main = shape == "table" and all(row["balance"] == MAIN for row in found)
    columns = tuple(name for name in LISTED if name != "balance" or not only_main)
    console.rows(shape, columns, found, right=("payouts", "amount_minor"))


@payout.command()
@batch_argument
@click.option("--after", default="", metavar="PARTNER", help="Payouts of partners after this one.")
@click.option("--limit", type=click.IntRange(1, 20_000), default=100, show_default=True, help="How many payouts.")
@console.format_option
def show(batch_id: str, after: str, limit: int, shape: str) -> None:
    """A batch: who made and approved it, what it comes to, who is left out, and its payouts."""
    with open_database(load(), progress=console.Bars()) as database:
        found, rows = payouts.batch(database, batch_id), payouts.payouts(database, batch_id, after=after, limit=limit)
    if shape == "table":
        _show(found)
    console.rows(shape, PAID, rows, right=("amount_minor",))


@payout.command()
@click.argument("partner_id", metavar="PARTNER")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="As it is on this day; default today (UTC).")
@console.format_option
def balance(partner_id: str, day: dt.datetime | None, shape: str) -> None:
    """What a partner is owed: in all, waiting for its hold days, held, and available."""
    with open_database(load(), progress=console.Bars()) as database:
        found = standing.balance(database, partner_id, day=None if day is None else day.date())
    console.rows(shape, BALANCE, found, right=("owed_minor", "waiting_minor", "held_minor", "available_minor"))


@payout.command()
@payout_argument
@console.format_option
def explain(payout_id: str, shape: str) -> None:
    """What a payout pays: each posting it takes, and each line behind it; the sum is the payout."""
    with open_database(load(), progress=console.Bars()) as database:
        found = trace.of_payout(database, payout_id)
    console.rows(shape, trace.COLUMNS, found.rows, right=("amount_minor",))
    if shape == "table":
        amount = format_minor(found.amount_minor, found.currency)
        console.say(f"{payout_id}: {amount} {found.currency}; every posting and every line behind it adds up.")


def _act(act: Callable[[Database], Row]) -> None:
    settings = load()
    with open_database(settings, progress=console.Bars()) as database:
        found = act(database)
        heads.note(database, settings.ledger_heads)
    if "batch_id" in found:
        amount = format_minor(found["amount_minor"], found["currency"])
        console.say(f"Payout {found['id']} of {amount} {found['currency']} is {found['state']}.")
    else:
        _show(found)


def _show(found: Row) -> None:
    if found["state"] == "discarded":
        console.say(f"Batch {found['id']} was discarded; nothing of it is paid.")
        return
    currency = found["currency"]
    amount = format_minor(found["amount_minor"] or 0, currency)
    which = "" if found["balance"] == MAIN else f" from balance {found['balance']}"
    paid = f"{found['payouts']} payouts of {amount} {currency}{which}"
    console.say(f"Batch {found['id']}, {found['state']}: {paid}, available on {found['day']}")
    approved = f", approved by {found['approver_person']}" if found["approver_person"] else ""
    console.say(f"made by {found['person']}{approved}")
    for name, told in found["left_out"].items():
        has = format_minor(told["amount_minor"], currency)
        console.say(f"left out: {told['partners']} partners with {has} {currency} {WHY[name]}")
    if found["state"] == "draft":
        console.say(f"Another person approves it: graphsvc payout approve {found['id']}")
