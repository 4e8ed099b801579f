"""`graphsvc destination …`: where a partner's money goes."""

from __future__ import annotations

import click

from graphsvc.cli import console
from graphsvc.cli.terminal import who
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.imports import load_key
from graphsvc.payouts import destinations


@click.group()
def destination() -> None:
    """Where a partner's money goes: a provider's token, and of the account itself only a digest and its last characters."""


@destination.command("set")
@click.argument("partner_id", metavar="PARTNER")
@click.option(
    "--kind", required=True, type=click.Choice(list(destinations.KINDS)), help="What it is; a wallet is an e-mail address."
)
@click.option("--token", required=True, metavar="TOKEN", help="The payment provider's reference for it.")
@click.option(
    "--value", prompt="Account (not shown, not kept)", hide_input=True, help="The account itself; asked for if left out."
)
def set_(partner_id: str, kind: str, token: str, value: str) -> None:
    """Set where a partner's money goes from the next batch on."""
    settings = load()
    with open_database(settings, progress=console.Bars()) as database:
        done = destinations.set_destination(database, partner_id, kind, value, token, key=load_key(settings), actor=who().actor)
    said = "now goes" if done["changed"] else "goes, as before,"
    console.say(f"Money of {partner_id} {said} to {kind} {done['destination']}.")


@destination.command("list")
@click.argument("partner_id", metavar="PARTNER")
@console.format_option
def list_(partner_id: str, shape: str) -> None:
    """Where a partner's money goes and went, newest first."""
    columns = ("number", "kind", "destination", "set_at", "actor", "current")
    with open_database(load(), progress=console.Bars()) as database:
        console.rows(shape, columns, destinations.destinations(database, partner_id))
