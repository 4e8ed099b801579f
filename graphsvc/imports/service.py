"""The one door of intake: some files in, a report out, or every fault."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from graphsvc.errors import Code, Refused
from graphsvc.imports import changes, checks, places, stored, tree
from graphsvc.imports.changes import Periods
from graphsvc.imports.checks import Checker, Headers
from graphsvc.imports.columns import LAYOUTS
from graphsvc.imports.faults import Faults
from graphsvc.imports.parsing import CELLS, Broken, stage_file
from graphsvc.imports.reading import Source
from graphsvc.imports.staging import Stage
from graphsvc.imports.writing import IS_NEW_USE, IS_WIDER_USE, Writer, is_new
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database

# The placement tree that a partners file fills where no other is named.
PLACEMENT_TREE = "placement"


@dataclass(frozen=True, slots=True)
class ImportFiles:
    """The files of one import, any subset; CSV, plain or gzipped."""

    partners: Path | None = None
    customers: Path | None = None
    orders: Path | None = None
    refunds: Path | None = None
    events: Path | None = None
    identifiers: Path | None = None

    def given(self) -> Iterator[tuple[str, Path]]:
        """Noun and path of each file, in the order in which they are read."""
        for field in fields(self):
            path = getattr(self, field.name)
            if path is not None:
                yield field.name, Path(path)


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the rows of one file; `late` of the new ones are dated into a month that is closed."""

    noun: str
    path: str
    rows: int
    new: int
    unchanged: int
    updated: int
    late: int


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one import did, or, with `dry_run`, would do."""

    files: tuple[FileReport, ...]
    seconds: float
    dry_run: bool = False


def import_files(
    database: Database,
    files: ImportFiles,
    *,
    update: bool = False,
    identifier_key: bytes = b"",
    placement_tree: str = PLACEMENT_TREE,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Check all files together and whole, then write what is new (with `update`, also what changed).

    Raises `BadInput` with every fault, and then nothing was written. Interrupted while writing, the same call goes on. The
    places of the partners file are of the tree `placement_tree`.
    """
    started = time.monotonic()
    shown = progress or Silent()
    paths = dict(files.given())
    if not paths:
        raise Refused(Code.BAD_INPUT, f"No file was given; give at least one of {', '.join(LAYOUTS)}.")
    if "identifiers" in paths and not identifier_key:
        raise Refused(Code.CONFIGURATION, "Identifiers are stored as keyed digests, and no key was given.")
    faults = Faults({noun: str(path) for noun, path in paths.items()})
    with Stage() as stage:
        headers, rows = _read(paths, stage, faults, identifier_key, shown, update=update)
        with shown.step("Sorting"):
            stage.index()
        stored.load(database, stage, shown, placement_tree)
        periods = Periods(database)
        checker = Checker(stage, faults, headers)
        with shown.step("Checking"):
            checks.all_of(checker)
            tree.place(database, checker)
            places.check(database, checker, placement_tree)
            changes.compare(checker, periods, update=update)
            faults.raise_any()
            report = tuple(_report(stage, periods, noun, str(paths[noun]), rows[noun]) for noun in paths)
        if not dry_run:
            Writer(database, stage, headers, periods, shown, placement_tree).write()
    return ImportReport(report, time.monotonic() - started, dry_run)


def _read(
    paths: dict[str, Path], stage: Stage, faults: Faults, key: bytes, progress: Progress, *, update: bool
) -> tuple[Headers, dict[str, int]]:
    """Parse every file into the stage; a file that cannot be read on ends the import once all files were looked at."""
    headers: Headers = {}
    rows: dict[str, int] = {}
    is_broken = False
    for noun, path in paths.items():
        source = None
        try:
            source = Source(LAYOUTS[noun], path, all_required=not update)
            headers[noun] = tuple(source.header)
            with progress.step(f"Reading {path.name}", source.size_bytes) as advance:
                rows[noun] = stage_file(source, stage, faults, key, advance, all_required=not update)
        except Broken as broken:
            is_broken = True
            for fault in broken.faults:
                faults.add(CELLS, noun, fault)
        finally:
            if source is not None:
                source.close()
    if is_broken:
        faults.raise_any()
    return headers, rows


def _report(stage: Stage, periods: Periods, noun: str, path: str, rows: int) -> FileReport:
    if noun == "identifiers":
        new = stage.value(f"SELECT count(*) FROM identifiers f WHERE {IS_NEW_USE}")
        updated = stage.value(f"SELECT count(*) FROM identifiers f WHERE {IS_WIDER_USE}")
        return FileReport(noun, path, rows, new, rows - new - updated, updated, 0)
    new = stage.value(f"SELECT count(*) FROM {noun} f WHERE {is_new(noun)}")
    updated = stage.value("SELECT count(*) FROM changed WHERE noun = ?", (noun,))
    return FileReport(noun, path, rows, new, rows - new - updated, updated, _late(stage, periods, noun))


def _late(stage: Stage, periods: Periods, noun: str) -> int:
    """New rows dated into a closed month: recorded after its close, they do not change it."""
    if not periods.closed or noun not in ("orders", "refunds", "events"):
        return 0
    held = []
    params: list[str] = []
    for period in periods.closed:
        column = {"refunds": "refunded_at", "events": "happened_at"}.get(noun, period.counted_by)
        paid = "AND paid_at IS NOT NULL" if noun == "orders" else ""
        first, end = (f"CASE length({column}) WHEN 10 THEN ? ELSE ? END" for _ in range(2))
        held.append(f"({column} >= {first} AND {column} < {end} {paid})")
        params += (period.starts_on, period.starts_at, period.ends_on, period.ends_at)
    found: int = stage.value(f"SELECT count(*) FROM {noun} f WHERE {is_new(noun)} AND ({' OR '.join(held)})", params)
    return found
