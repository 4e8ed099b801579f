"""Reads a CSV file, plain or gzipped, in chunks of rows with their line numbers.

What cannot be read is a fault with its line. Bytes that are no UTF-8 are carried into their cell, where the parser of the
cell names them; so one broken name does not hide the faults behind it.
"""

from __future__ import annotations

import contextlib
import csv
import difflib
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from graphsvc.errors import Code, Refused
from graphsvc.imports.columns import Layout
from graphsvc.imports.faults import Fault
from graphsvc.progress import Advance

CHUNK_ROWS = 10_000
_BREAK = re.compile("\r\n|\r|\n")
_FOREIGN = {
    b"\xff\xfe": "is UTF-16 text",
    b"\xfe\xff": "is UTF-16 text",
    b"PK": "is a spreadsheet or a zip archive",
    b"BZ": "is compressed with bzip2",
    b"\xfd7": "is compressed with xz",
    b"\x28\xb5": "is compressed with zstd",
}


class Broken(Exception):
    """The file cannot be read on; the faults say why."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows, each as wide as the header, and the line on which each begins."""

    lines: Sequence[int]
    rows: list[list[str]]


class Source:
    """One opened file: its header is read and checked, its rows are still to come."""

    def __init__(self, layout: Layout, path: Path, *, all_required: bool) -> None:
        self.layout = layout
        self.path = path
        try:
            self._raw: IO[bytes] = path.open("rb")
            head = self._raw.peek(2)[:2]
        except OSError as error:
            raise Refused(Code.BAD_FILE, f"{path} cannot be read: {error.strerror or error}; give another path.") from error
        if head in _FOREIGN:
            self._raw.close()
            raise Broken(Fault(1, "", "", f"{_FOREIGN[head]}", "save it as CSV in UTF-8, plain or gzipped"))
        self.size_bytes = path.stat().st_size
        plain = gzip.GzipFile(fileobj=self._raw) if head == b"\x1f\x8b" else self._raw
        text = io.TextIOWrapper(plain, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._reader = csv.reader(text, strict=True)
        self.header = self._read_header(all_required=all_required)

    def close(self) -> None:
        """Give the file back."""
        self._raw.close()

    def _rows(self, count: int) -> list[list[str]]:
        try:
            return list(islice(self._reader, count))
        except (OSError, EOFError, zlib.error) as error:
            raise Broken(
                Fault(self._reader.line_num + 1, "", "", f"cannot be read on: {error}", "the file is damaged; make it again")
            ) from error
        except csv.Error as error:
            said = "has a cell of more than 131072 characters" if "field limit" in str(error) else "has a misplaced quote"
            raise Broken(
                Fault(
                    max(self._reader.line_num, 1),
                    "",
                    "",
                    said,
                    "put a cell with quotes, commas or line breaks in quotes, and double the quotes inside",
                )
            ) from error

    def _read_header(self, *, all_required: bool) -> list[str]:
        first = self._rows(1)
        known = self.layout.names
        if not first or not first[0]:
            raise Broken(Fault(1, "", "", "is empty", f"name the columns in the first line: {', '.join(known)}"))
        header = first[0]
        if len(header) == 1 and (found := re.search("[;\t|]", header[0])):
            raise Broken(Fault(1, "", header[0], f"is separated by {found[0]!r}", "separate the columns by commas"))
        faults = []
        for place, column in enumerate(header):
            if column not in known:
                near = difflib.get_close_matches(column.strip().lower(), known, n=1, cutoff=0.5)
                fix = f"the nearest column is {near[0]}" if near else f"the columns are {', '.join(known)}"
                faults.append(Fault(1, "", column, "is not a column of this file", fix))
            elif column in header[:place]:
                faults.append(Fault(1, "", column, "stands twice in the header", "keep one of the two columns"))
        for needed in self.layout.columns:
            always = needed.name in (*self.layout.key, *self.layout.always)
            if needed.required and (all_required or always) and needed.name not in header:
                faults.append(Fault(1, "", needed.name, "is missing from the header", "add this column"))
        for column in (c.name for c in self.layout.columns if c.kind in ("money", "currency")):
            if not all_required and len({"amount", "currency"} & set(header)) == 1 and column not in header:
                faults.append(Fault(1, "", column, "is missing from the header", "an amount and its currency stand together"))
        for column, other in self.layout.beside:
            if column in header and other not in header:
                faults.append(Fault(1, "", other, "is missing from the header", f"it stands together with {column}"))
        for group in self.layout.one_of if all_required else ():
            if not set(group) & set(header):
                faults.append(Fault(1, "", " or ".join(group), "is missing from the header", "add one of these columns"))
        if faults:
            raise Broken(*faults)
        return header

    def chunks(self, advance: Advance, reject: list[Fault]) -> Iterator[Chunk]:
        """All rows; those of another width than the header go into `reject`, filled up or cut so that their keys stay known."""
        width = len(self.header)
        told = 0
        while True:
            before = self._reader.line_num
            rows = self._rows(CHUNK_ROWS)
            if not rows:
                break
            lines: Sequence[int] = range(before + 1, before + 1 + len(rows))
            if self._reader.line_num - before != len(rows):
                lines = _lines(before, rows)
            if set(map(len, rows)) != {width}:
                lines, rows = self._squared(lines, rows, reject)
            if rows:
                yield Chunk(lines, rows)
            with contextlib.suppress(OSError):  # a pipe cannot tell
                now = self._raw.tell()
                advance(now - told)
                told = now

    def _squared(self, lines: Sequence[int], rows: list[list[str]], reject: list[Fault]) -> tuple[list[int], list[list[str]]]:
        width = len(self.header)
        kept = [(line, row) for line, row in zip(lines, rows, strict=True) if row]
        for line, row in kept:
            if len(row) != width:
                reject.append(
                    Fault(
                        line,
                        "",
                        "",
                        f"has {len(row)} cell{'s' * (len(row) != 1)} where the header has {width}",
                        "put a cell that contains a comma in quotes",
                    )
                )
        return [line for line, _ in kept], [(row + [""] * width)[:width] for _, row in kept]


def _lines(before: int, rows: list[list[str]]) -> list[int]:
    """The first line of each row, where cells have line breaks inside."""
    lines = []
    at = before + 1
    for row in rows:
        lines.append(at)
        at += 1 + sum(len(_BREAK.findall(cell)) for cell in row if "\n" in cell or "\r" in cell)
    return lines
