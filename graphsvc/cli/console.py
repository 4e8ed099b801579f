"""What a person at a terminal sees: tables that fit, progress for anything over two seconds, sentences on stderr."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from graphsvc.cli import tables
from graphsvc.errors import BadInput, GraphsvcError
from graphsvc.progress import Advance

# No emoji: an id such as a:cat:b must be printed as it is.
out = Console(highlight=False, soft_wrap=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)

SHOWN_AFTER_SECONDS = 2.0
_FONT_FACE = re.compile(r"@font-face \{\{.*?\}\}", re.DOTALL)

format_option = click.option(
    "--format",
    "shape",
    type=click.Choice(["table", "csv", "ndjson"]),
    default="table",
    show_default=True,
    help="How to print.",
)


def say(text: str = "") -> None:
    """A line for the person on stdout, wrapped to the terminal."""
    out.print(text, markup=False, soft_wrap=True)


def heading(text: str) -> None:
    """A heading with a line of air above it."""
    out.print()
    out.print(text, markup=False, style="bold")


def start_picture() -> None:
    """Remember from here on what is said on stdout."""
    out.record = True


def save_picture(path: Path, title: str) -> None:
    """What was said since `start_picture`, as an SVG that looks like a terminal and fetches no font from anywhere."""
    out.save_svg(str(path), title=title, clear=True, code_format=_FONT_FACE.sub("", CONSOLE_SVG_FORMAT))


def complain(text: str) -> None:
    """A line on stderr."""
    err.print(text, markup=False, soft_wrap=True)


def complain_of(error: GraphsvcError) -> None:
    """An error as its sentence, with each finding on a line of its own."""
    complain(error.sentence)
    if isinstance(error, BadInput):
        for finding in error.findings:
            complain(f"  {finding.sentence()}")
        if error.count > len(error.findings):
            complain(f"  … and {error.count - len(error.findings)} more")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """A table that fits the terminal; `right` names the columns of numbers."""
    out.print(tables.drawn(title, columns, rows, right, out.width))


def _for_machines() -> TextIO:
    """stdout in UTF-8, whatever the locale of the person: the same month is the same bytes everywhere."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")
    return sys.stdout


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows as CSV on stdout, for machines: header, commas, LF."""
    writer = csv.writer(_for_machines(), lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow("" if cell is None else cell for cell in row)


def write_ndjson(rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows as one JSON object a line on stdout."""
    printed = _for_machines()
    for row in rows:
        printed.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def rows(shape: str, columns: Sequence[str], found: Iterable[Mapping[str, Any]], *, right: Sequence[str] = ()) -> None:
    """The named columns of rows in the shape the person chose: csv and ndjson as they are, a table as people read them."""
    if shape == "csv":
        write_csv(columns, ([_exact(row[column]) for column in columns] for row in found))
    elif shape == "ndjson":
        write_ndjson({column: _exact(row[column]) for column in columns} for row in found)
    else:
        tables.show(out, tables.Told.of(columns, found, right))


def _exact(value: object) -> object:
    """An instant as machines read it; anything else as it is."""
    return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, dt.datetime) else value


class Bars:
    """Progress on stderr: bars on a terminal, a line a step elsewhere, and only for what takes more than two seconds."""

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        """Show one step while the block runs."""
        started = time.monotonic()
        if not err.is_terminal:
            yield lambda _: None
            took = time.monotonic() - started
            if took > SHOWN_AFTER_SECONDS:
                complain(f"{label}: {took:.1f} s")
            return
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
            transient=True,
        )
        task = bar.add_task(label, total=total)
        shown = False

        def advance(units: int) -> None:
            nonlocal shown
            bar.advance(task, units)
            if not shown and time.monotonic() - started > SHOWN_AFTER_SECONDS:
                bar.start()
                shown = True

        try:
            yield advance
        finally:
            if shown:
                bar.stop()
