"""Turns the rows of one file into parsed rows of the stage, column by column; wrong cells become faults.

A row with a fault keeps its key, so that rows that refer to it are not called wrong as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphsvc.imports import identity, values
from graphsvc.imports.columns import Column, Layout
from graphsvc.imports.faults import Fault, Faults
from graphsvc.imports.reading import Broken, Chunk, Source
from graphsvc.imports.staging import Stage
from graphsvc.imports.values import Wrong
from graphsvc.progress import Advance

CELLS = "cells"


class _Rows:
    """One chunk while it is parsed: its cells by column, and which rows are bad."""

    def __init__(self, layout: Layout, header: Sequence[str], chunk: Chunk, ragged: set[int]) -> None:
        self.layout = layout
        self.lines = chunk.lines
        self.cells = dict(zip(header, zip(*chunk.rows, strict=True), strict=True))
        self.ragged = ragged
        self.bad = bytearray(len(chunk.rows))
        for i, line in enumerate(chunk.lines) if ragged else ():
            self.bad[i] = line in ragged
        self.faults: list[tuple[int, int, Fault]] = []

    def fault(self, place: int, column: str, shown: str, wrong: Wrong) -> None:
        """A wrong cell; rows of a wrong width have their fault already."""
        if self.lines[place] not in self.ragged:
            order = self.layout.names.index(column) if column in self.layout.names else -1
            self.faults.append((place, order, Fault(self.lines[place], column, shown, wrong.reason, wrong.fix)))
        self.bad[place] = 1

    def parse(self, column: Column) -> list[Any]:
        """One column: filled cells through its parser, empty ones as the default."""
        cells: Sequence[str] = self.cells[column.name]
        if "" not in cells:
            try:
                return values.column(column.kind, cells)
            except Wrong:
                return [self._cell(column, i, cell) for i, cell in enumerate(cells)]
        if not column.required and not any(cells):
            return [column.default] * len(cells)
        one = values.CELL[column.kind]
        try:
            if not column.required:
                return [one(cell) if cell else column.default for cell in cells]
        except Wrong:
            pass
        return [self._cell(column, i, cell) for i, cell in enumerate(cells)]

    def _cell(self, column: Column, place: int, cell: str) -> Any:
        if not cell:
            if column.required:
                self.fault(place, column.name, "", Wrong("is empty", "fill it in"))
            return column.default
        try:
            return values.CELL[column.kind](cell)
        except Wrong as wrong:
            self.fault(place, column.name, cell, wrong)
            return None

    def pair(self, column: Column, other: Sequence[Any], parse: Callable[[str, str], Any], *, secret: bool = False) -> list[Any]:
        """A column that is read with the help of another, such as money with its currency; none where the other is wrong."""
        cells = self.cells[column.name]
        try:
            if "" not in cells and None not in other:
                return list(map(parse, cells, other))
        except Wrong:
            pass
        found: list[Any] = []
        for i, (cell, known) in enumerate(zip(cells, other, strict=True)):
            parsed = None
            try:
                if not cell:
                    raise Wrong("is empty", "fill it in")
                if known is not None:
                    parsed = parse(cell, known)
            except Wrong as wrong:
                self.fault(i, column.name, identity.masked(cell) if secret and cell else cell, wrong)
            found.append(parsed)
        return found

    def require_one(self, group: Sequence[str], parsed: dict[str, list[Any]]) -> None:
        """At least one cell of the group is filled."""
        given = [self.cells[name] for name in group if name in parsed]
        if len(given) == 1 and "" not in given[0]:
            return
        for i, cells in enumerate(zip(*given, strict=True)):
            if not any(cells):
                self.fault(i, " or ".join(group), "", Wrong("is empty", "fill in one of them"))


def stage_file(source: Source, stage: Stage, faults: Faults, key: bytes, advance: Advance, *, all_required: bool) -> int:
    """Parse a whole file into the stage; returns its number of rows. Raises `Broken` where it cannot be read on."""
    layout, header = source.layout, source.header
    rows = 0
    ragged: list[Fault] = []
    for chunk in source.chunks(advance, ragged):
        rows += len(chunk.rows)
        part = _Rows(layout, header, chunk, {f.line for f in ragged})
        parsed: dict[str, list[Any]] = {}
        for column in layout.columns:
            if column.name in part.cells and column.kind not in ("money", "identifier"):
                parsed[column.name] = part.parse(column)
            elif column.default is not None:
                parsed[column.name] = [column.default] * len(chunk.rows)
        if "amount" in part.cells and layout.noun == "orders" and "currency" in parsed:
            parsed["amount"] = part.pair(layout.column("amount"), parsed["currency"], values.amount)
        if layout.noun == "identifiers":
            parsed["value"] = part.pair(
                layout.column("value"), parsed["kind"], lambda value, kind: identity.digest(kind, value, key), secret=True
            )
        for group in layout.one_of:
            if all_required or all(name in parsed for name in group):
                part.require_one(group, parsed)
        if layout.noun == "orders":
            _defaults_of_orders(parsed, len(chunk.rows), all_required=all_required)
        names = list(parsed)
        stage.insert(layout.noun, names, zip(chunk.lines, part.bad, *parsed.values(), strict=True))
        found = [fault for _, _, fault in sorted(part.faults, key=lambda f: f[:2])]
        for fault in sorted((*ragged, *found), key=lambda f: f.line):
            faults.add(CELLS, layout.noun, fault)
        ragged.clear()
    return rows


def _defaults_of_orders(parsed: dict[str, list[Any]], count: int, *, all_required: bool) -> None:
    """What an order's row means where a cell or column is left out.

    An update may leave out the columns that these defaults depend on; then an empty cell stays empty: as it is stored.
    """
    nothing = [None] * count
    if "paid_at" in parsed and ("placed_at" not in parsed or None in parsed["placed_at"]):
        placed = parsed.get("placed_at", nothing)
        parsed["placed_at"] = [p or q for p, q in zip(placed, parsed["paid_at"], strict=True)]
    if (all_required or "customer_id" in parsed) and None in parsed.get("kind", nothing):
        buyers = parsed.get("customer_id", nothing)
        kinds = parsed.get("kind", nothing)
        parsed["kind"] = [k or ("retail" if b else "own_use") for k, b in zip(kinds, buyers, strict=True)]


__all__ = ["CELLS", "Broken", "stage_file"]
