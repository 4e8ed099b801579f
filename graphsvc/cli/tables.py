"""Rows as people read them: sums in their currency, moments to the minute, names in words, no column that is empty everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from graphsvc.money import format_minor

_MINOR = "_minor"


@dataclass(frozen=True, slots=True)
class Told:
    """Rows ready to be drawn: headers, cells, and which headers are of numbers."""

    headers: list[str]
    rows: list[list[str]]
    right: list[str]

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], right: Sequence[str]) -> Told:
        """What these columns say. right: columns of numbers; those of sums are so anyway."""
        found = list(rows)
        cells = [[_said(row, column) for column in columns] for row in found]
        named = {column: column.removesuffix(_MINOR).replace("_", " ") for column in columns}
        sums = [column for column in columns if column.endswith(_MINOR)]
        currencies = {row["currency"] for row in found} if "currency" in columns else set()
        shown = list(columns)
        if len(sums) == len(currencies) == 1:  # said once, with the sums
            shown.remove("currency")
            named[sums[0]] += f", {currencies.pop()}"
        kept = [n for n, column in enumerate(columns) if column in shown and (not cells or any(line[n] for line in cells))]
        numbers = [named[column] for column in columns if column in right or column in sums]
        return cls([named[columns[n]] for n in kept], [[line[n] for n in kept] for line in cells], numbers)


def drawn(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[str], width: int) -> Table:
    """A table for a terminal so wide; words are broken only where the longest of each column do not fit beside each other."""
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return _made(title, headers, cells, right, _widths(headers, cells, width))


def _made(
    title: str, headers: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[str], widths: Sequence[int] | None
) -> Table:
    made = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", padding=(0, 1, 0, 0))
    given: Sequence[int | None] = widths or [None] * len(headers)
    for header, wide in zip(headers, given, strict=True):
        side: Literal["left", "right"] = "right" if header in right else "left"
        made.add_column(header, justify=side, overflow="fold", width=wide)
    for line in cells:
        made.add_row(*map(_plain, line))
    return made


def show(out: Console, told: Told) -> None:
    """Print a table, or where its words do not fit beside each other, a block of lines for each row."""
    widths = _widths(told.headers, told.rows, out.width)
    if widths is not None:
        out.print(_made("", told.headers, told.rows, told.right, widths))
        return
    for row in told.rows:
        block = Table.grid(padding=(0, 2))
        block.add_column(style="dim")
        block.add_column(overflow="fold")
        for header, cell in zip(told.headers, row, strict=True):
            if cell:
                block.add_row(header, _plain(cell))
        out.print(block)
        out.print()


def _widths(headers: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """How wide each column is where all fit beside each other, the widest made narrower first; None where words would break."""
    lines = (headers, *cells)
    columns = range(len(headers))
    found = [max(cell_len(line[n]) for line in lines) for n in columns]
    longest = [max((cell_len(word) for line in lines for word in line[n].split()), default=0) for n in columns]
    for _ in range(sum(found) + 2 * len(found) + 1 - width):
        able = [n for n in columns if found[n] > longest[n]]
        if not able:
            return None
        found[max(able, key=found.__getitem__)] -= 1
    return found


def _plain(cell: str) -> str:
    """A cell whose brackets are printed, not taken for markup."""
    return cell.replace("[", "\\[")


def _said(row: Mapping[str, Any], column: str) -> str:
    value = row[column]
    if value is None:
        return ""
    if column.endswith(_MINOR) and row.get("currency") and isinstance(value, int):
        return format_minor(value, row["currency"])
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M}"
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value))
    return str(value)
