"""`graphsvc db`: the embedded Neo4j, by hand. Other commands start it by themselves when they need it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from graphsvc import config
from graphsvc.cli import console
from graphsvc.embedded import admin as admin_tool
from graphsvc.embedded import backup, server
from graphsvc.errors import Code, Refused

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


@db.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def dump(file: Path) -> None:
    """Write the whole graph into a new FILE; its server has to be stopped.

    Beside it keep the file with the heads of the ledger (GRAPHSVC_LEDGER_HEADS), in another place: a dump is held against it when
    it is loaded. GRAPHSVC_IDENTIFIER_KEY, or the key in GRAPHSVC_HOME, is not in the dump.
    """
    settings = config.load()
    size_bytes = backup.dump(settings, file, console.Bars())
    console.say(f"The graph in {settings.home} is in {file}, {size_bytes} bytes.")


@db.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Give the graph that is there up for the one in FILE, once that is whole.")
def load(file: Path, overwrite: bool) -> None:
    """Make a dump the graph of this home, then start it and prove its ledger; its server has to be stopped before.

    Neo4j checks the graph before it takes the place of another. Exit code 2 if the ledger is not what the heads kept outside it
    (GRAPHSVC_LEDGER_HEADS) have seen, as where the dump is older than they are; the graph is loaded then all the same.
    """
    from graphsvc.connect import open_database  # here, so that `graphsvc db stop` need not load them
    from graphsvc.ledger import heads, proof

    settings = config.load()
    backup.load(settings, file, console.Bars(), overwrite=overwrite)
    kept = heads.read(settings.ledger_heads)
    with open_database(settings, progress=console.Bars()) as database, console.Bars().step("Read the ledger"):
        found = proof.verify(database, kept)
    if found.fault is not None:
        named = f" ({found.fault.id})" if found.fault.id else ""
        seen = max((one.sequence for one in kept if one.ledger_id == found.head.ledger_id), default=0)
        older = f" {settings.ledger_heads} has seen {seen} entries: what was posted after this dump was made is not in it."
        raise Refused(
            Code.LEDGER_BROKEN,
            f"{file} is loaded, but entry {found.fault.sequence}{named} of its ledger {found.fault.what}."
            + (older if seen > found.head.sequence else ""),
        )
    if found.unbalanced:
        sums = ", ".join(found.unbalanced)
        raise Refused(Code.LEDGER_BROKEN, f"{file} is loaded, but the accounts of its ledger in {sums} do not sum to zero.")
    console.say(
        f"{file} is the graph in {settings.home} now; {found.entries} entries in its ledger, none changed, dropped, swapped or "
        f"inserted; {found.kept_outside} heads kept in {settings.ledger_heads} agree."
    )
    if found.entries and not found.kept_outside:
        console.say("No head of this ledger was kept there, so entries that are missing at its end would not have been found.")


@db.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}, add_help_option=False)
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def admin(args: tuple[str, ...]) -> None:
    """Run Neo4j's own neo4j-admin on this home, such as `database dump neo4j --to-path=backups`."""
    sys.exit(admin_tool.run(config.load(), list(args), console.Bars()))
