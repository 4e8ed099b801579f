"""`graphsvc key …`: make, list and revoke API keys."""

from __future__ import annotations

import click

from graphsvc import config, keys
from graphsvc.cli import console
from graphsvc.connect import open_database


@click.group()
def key() -> None:
    """API keys: who may call the API, and as what."""


@key.command()
@click.option("--role", required=True, type=click.Choice([role.value for role in keys.Role]), help="What the key is for.")
@click.option("--partner", "partner_id", metavar="ID", help="Whose subtree a cabinet key opens.")
@click.option("--person", metavar="NAME", help="Whose key it is; asked for where money takes two people.")
def create(role: str, partner_id: str | None, person: str | None) -> None:
    """Make a key and show it, once; only a digest of it is kept."""
    with open_database(config.load(), console.Bars()) as database:
        made = keys.create(database, role, partner_id, person)
    console.complain(f"Key {made.id}, role {made.role}. This is the only time it is shown; keep it safe.")
    click.echo(made.text)


@key.command("list")
@console.format_option
def list_(shape: str) -> None:
    """List every key, without its secret."""
    with open_database(config.load(), console.Bars()) as database:
        found = keys.listed(database)
    columns = ("id", "role", "partner_id", "person", "created_at", "revoked_at")
    console.rows(shape, columns, ({name: getattr(row, name) for name in columns} for row in found))


@key.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """Make the key KEY_ID worthless at once."""
    with open_database(config.load(), console.Bars()) as database:
        since = keys.revoke(database, key_id)
    console.say(f"Key {key_id} is revoked since {since.isoformat()}.")
