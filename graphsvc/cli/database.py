"""`graphsvc db`: the embedded Neo4j, by hand. Other commands start it by themselves when they need it."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from graphsvc import config
from graphsvc.cli import console
from graphsvc.embedded import admin as admin_tool
from graphsvc.embedded import server

LABELS = {
    "state": "state",
    "home": "home",
    "uri": "address",
    "pid": "process",
    "started_at": "started at",
    "heap_mb": "heap, MB",
    "page_cache_mb": "page cache, MB",
    "data_bytes": "data, bytes",
    "neo4j_version": "Neo4j",
    "jars": "jars",
}


@click.group()
def db() -> None:
    """Start, stop and look at the embedded Neo4j."""


@db.command()
def start() -> None:
    """Start it (the first time it is fetched) and print its address."""
    settings = config.load()
    endpoint = server.ensure_running(settings, console.Bars())
    console.say(f"Neo4j runs at {endpoint.uri}, user {endpoint.user}.")
    console.say(f"Its password is in {server.password_file(settings)}.")


@db.command()
def stop() -> None:
    """Stop it cleanly; the graph stays."""
    console.say("Neo4j is stopped." if server.stop(config.load(), console.Bars()) else "Neo4j was not running.")


@db.command()
@console.format_option
@click.option("--verify", is_flag=True, help="Hash every jar again and compare with the pinned hashes.")
def status(shape: str, verify: bool) -> None:
    """Say whether it runs, where, and how large its graph is."""
    told = asdict(server.status(config.load(), console.Bars(), verify=verify))
    if shape == "ndjson":
        console.write_ndjson([told])
    elif shape == "csv":
        console.write_csv(list(told), [list(told.values())])
    else:
        rows = [(LABELS[name], value) for name, value in told.items() if value not in (None, "")]
        console.table("Embedded Neo4j", ["what", "value"], rows)


@db.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(yes: bool) -> None:
    """Wipe the graph: every partner, order and closed month in it."""
    settings = config.load()
    server.refuse_if_given(settings)
    if not yes:
        click.confirm(f"Wipe the whole graph in {settings.home}? This cannot be undone", abort=True)
    server.reset(settings, console.Bars())
    console.say("The graph is wiped.")


@db.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}, add_help_option=False)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def admin(args: tuple[str, ...]) -> None:
    """Run Neo4j's own neo4j-admin on this home, such as `database dump neo4j --to-path=backups`."""
    sys.exit(admin_tool.run(config.load(), list(args), console.Bars()))
