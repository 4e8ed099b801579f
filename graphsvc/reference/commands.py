"""The page of the command line, from the commands' own help."""

from __future__ import annotations

from collections.abc import Iterator

import click

from graphsvc import cli
from graphsvc.reference.markdown import cell, code, sections, table


def commands() -> Iterator[tuple[click.Context, click.Command]]:
    """Every command in order, each with the context it is called in."""

    def below(context: click.Context, command: click.Command) -> Iterator[tuple[click.Context, click.Command]]:
        yield context, command
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                if inner is not None and not inner.hidden:
                    yield from below(click.Context(inner, info_name=name, parent=context), inner)

    return below(click.Context(cli.group, info_name="graphsvc"), cli.group)


def page() -> str:
    """Usage, help and options of every command."""
    parts = ["Exit codes: 0 done, 2 refused (the sentence says why and what to do), 3 the database or the machine failed."]
    for context, command in commands():
        usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
        records = [p.get_help_record(context) for p in command.get_params(context) if isinstance(p, click.Option)]
        options = [(code(r[0]), r[1]) for r in records if r is not None and not r[0].startswith("-h, ")]
        about = "\n\n".join(cell(p) for p in (command.help or "").replace("\b", "").split("\n\n"))
        inner = command.list_commands(context) if isinstance(command, click.Group) else []
        below = "Commands: " + ", ".join(code(name) for name in inner) if inner else ""
        parts += [f"## {context.command_path}", about, f"    {usage}", below, table(("option", "meaning"), options)]
    return sections(parts)
