"""`graphsvc plan …`: check a plan, publish it for good, read it as a page, list what is published."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import click

from graphsvc import config, money
from graphsvc.cli import console
from graphsvc.connect import at_hand, open_database
from graphsvc.errors import Code, Refused
from graphsvc.plan import canonical, compiler, describe, document, last_closed, store
from graphsvc.plan import diff as comparing
from graphsvc.plan.checks import worst_case
from graphsvc.plan.checks.view import View
from graphsvc.plan.phrases import LANGUAGES
from graphsvc.query.runner import Database

FILES = (".yaml", ".yml", ".json")


@click.group()
def plan() -> None:
    """Compensation plans: versioned documents, in force from a day."""


@plan.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Say everything that is wrong with the plan in FILE, or that nothing is; publishes nothing.

    Needs no database. Where one runs, or NEO4J_URI names one, caps are held against the last closed period of the plan.
    """
    read = document.load(file)
    compiled = compiler.compile_plan(read)
    console.say(
        f"{compiled.name} version {compiled.version} is sound: {len(compiled.bonuses)} bonus{'es' * (len(compiled.bonuses) > 1)},"
        f" {len(compiled.conditions)} conditions, digest {compiled.digest[:12]}."
    )
    _worst(read)
    database = at_hand(config.load()) if last_closed.has_caps(compiled) else None
    if database is not None:
        with database:
            _caps(database, read)


def _caps(database: Database, read: dict[str, Any]) -> None:
    """Warn of caps that would have cut nothing in the last closed period of the plan of that name."""
    looked = last_closed.look(database, read)
    if looked is not None and looked.caps:
        console.say(f"These caps would have cut nothing in {looked.month}, the last closed period of {read['plan']}:")
        rows = [(one.where, one.cap, one.of, one.came_to) for one in looked.caps]
        console.table("", ("cap", "is", "of", "came to"), rows, right=("is", "came to"))


def _worst(read: dict[str, Any]) -> None:
    """What an order pays at most, and apart from it what only the network bounds and what is no share of an order."""
    worst = worst_case.worst_of(View(read, []))
    if worst.shares:
        console.say(f"On the worst chain of partners {worst.order} pays at most {money.format_rate(worst.total)} of its base:")
        rows = [(name, step, money.format_rate(ppm)) for name, shares in worst.shares.items() for step, ppm in shares]
        console.table("", ("bonus", "step", "at most"), rows, right=("at most",))
    if worst.unbounded:
        console.say("Unbounded, because each further partner above may be paid on the same order:")
        console.table("", ("bonus", "why"), worst.unbounded)
    if worst.apart:
        console.say("Fixed sums and pools, which are no share of an order:")
        console.table("", ("bonus", "what"), worst.apart)


@plan.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
def publish(files: tuple[Path, ...]) -> None:
    """Check the plan in FILE and keep this version for good; the same file again changes nothing. Of several files, for plans
    that read each other, all are published or none."""
    read = [document.load(file) for file in files]
    for one in read:
        compiler.compile_plan(one)  # a fault is told before a database is started
    with open_database(config.load(), console.Bars()) as database:
        published = store.publish_all(database, read)
        for done in published:
            _told(done)
        for one in read:
            _caps(database, one)


def _told(done: store.Published) -> None:
    named = f"{done.plan.name} version {done.plan.version}"
    if done.is_new:
        console.say(f"Published {named}, valid from {done.valid_from}, digest {done.plan.digest[:12]}.")
    else:
        console.say(f"{named} is already published with this very content; nothing changed.")


def _read(source: str, version: int | None) -> dict[str, Any]:
    """A plan by file, name or NAME@VERSION: what ends like a file or holds a slash is one."""
    if source.endswith(FILES) or "/" in source:
        if version is not None:
            raise Refused(Code.BAD_INPUT, f"{source} is a file, which is one version; leave --version out.")
        return document.load(Path(source))
    name, at, number = source.partition("@")
    if at and version is None:
        if not number.isdecimal() or len(number) > 7:
            raise Refused(Code.BAD_INPUT, f"{source!r} names no version; write it as NAME@2.")
        source, version = name, int(number)
    with open_database(config.load(), console.Bars()) as database:
        return store.document(database, source, version)


@plan.command()
@click.argument("source", metavar="NAME|FILE")
@click.option("--version", type=click.IntRange(1), help="Which published version; default the newest.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the page.")
@click.option(
    "--format", "shape", type=click.Choice(["page", "yaml", "json"]), default="page", show_default=True, help="How to print."
)
def show(source: str, version: int | None, lang: str, shape: str) -> None:
    """Show a plan, published or in a file: as a page to read, or as the document."""
    read = _read(source, version)
    if shape == "page":
        click.echo(describe.page(read, lang), nl=False)
        return
    compiler.compile_plan(read)
    if shape == "yaml":
        click.echo(canonical.to_yaml(read), nl=False)
    else:
        click.echo(json.dumps(canonical.ordered(canonical.normal(read)), ensure_ascii=False, indent=2))


@plan.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@console.format_option
def diff(before: str, after: str, shape: str) -> None:
    """Say what differs between two plans A and B, each a FILE, a NAME (its newest version) or a NAME@VERSION."""
    old, new = _read(before, None), _read(after, None)
    for read in (old, new):
        compiler.compile_plan(read)
    changes = comparing.compare(old, new)
    if not changes and shape == "table":
        console.say("The two plans say the same.")
        return
    console.rows(shape, comparing.COLUMNS, map(dataclasses.asdict, changes))


@plan.command("list")
@console.format_option
def list_(shape: str) -> None:
    """List every published version."""
    with open_database(config.load(), console.Bars()) as database:
        versions = store.versions(database)
    columns = ("plan", "version", "valid_from", "currency", "digest", "published_at")
    rows = [(v.name, v.version, v.valid_from.isoformat(), v.currency, v.digest, v.published_at.isoformat()) for v in versions]
    if shape == "csv":
        console.write_csv(columns, rows)
    elif shape == "ndjson":
        console.write_ndjson(dict(zip(columns, row, strict=True)) for row in rows)
    elif rows:
        console.table("", columns, [(*row[:4], row[4][:12], row[5][:19]) for row in rows], right=("version",))
    else:
        console.say("No plan is published yet; `graphsvc plan publish FILE` does it.")
