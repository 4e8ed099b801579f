"""The jars of the server: which ones, where they lie, and the proof that they are the pinned ones.

`jars.lock` names every jar with its SHA-256. They are fetched once per user through jgo (a Maven client) into a cache that all
homes share, and a jar gets its name there only after its hash was checked, so what has the name was right. Hashing 180 MB at
each start would cost more than the start, so a stamp remembers size and time of each checked jar: who differs is hashed again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import filelock

from graphsvc.embedded.pins import NEO4J_VERSION, Jar, check, locked
from graphsvc.errors import Code, Unavailable
from graphsvc.progress import Progress

FETCHERS = 8
SPARE_BYTES = 100_000_000
LOCK_SECONDS_MAX = 900


def folder(cache_root: Path) -> Path:
    """Where the jars of this version lie below a cache."""
    return cache_root / "jars" / NEO4J_VERSION


def ready(cache_root: Path, progress: Progress, *, every: bool = False, jars: Iterable[Jar] | None = None) -> list[Path]:
    """Every jar present and proved, fetched if missing; the paths in class path order.

    `every` hashes all of them again. Refuses by name a jar that differs from its pinned hash.
    """
    wanted = list(locked() if jars is None else jars)
    place = folder(cache_root)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(place, error) from error
    stamp = _read_stamp(place)
    unproved = [jar for jar in wanted if every or not _stamped(stamp, place, jar)]
    if unproved:
        try:
            with filelock.FileLock(place / ".lock", timeout=LOCK_SECONDS_MAX):
                _prove(place, unproved, progress)
                _write_stamp(place, wanted)
        except filelock.Timeout as error:
            raise Unavailable(
                Code.EMBEDDED_FAILED,
                f"Another process has been fetching into {place} for {LOCK_SECONDS_MAX // 60} minutes; end it and try again.",
            ) from error
        except OSError as error:
            raise _unwritable(place, error) from error
    return [place / jar.name for jar in wanted]


def _prove(place: Path, unproved: list[Jar], progress: Progress) -> None:
    from graphsvc.embedded import fetch  # here, because only a start that misses jars needs its client

    present = [jar for jar in unproved if (place / jar.name).exists()]
    missing = [jar for jar in unproved if not (place / jar.name).exists()]
    if present:
        with progress.step("Check the jars of Neo4j", len(present)) as advance:
            _all(lambda jar: check(place / jar.name, jar), present, advance)
    if missing:
        jars_bytes = sum(jar.size_bytes for jar in missing)
        needed_bytes = jars_bytes + SPARE_BYTES
        free_bytes = shutil.disk_usage(place).free
        if free_bytes < needed_bytes:
            raise Unavailable(
                Code.EMBEDDED_FAILED,
                f"The jars of Neo4j need {needed_bytes // 1_000_000} MB in {place} and {free_bytes // 1_000_000} MB are free; "
                "make room, or set GRAPHSVC_CACHE to a folder with room.",
            )
        with progress.step(f"Fetch Neo4j {NEO4J_VERSION} ({jars_bytes // 1_000_000} MB)", len(missing)) as advance:
            _all(fetch.fetcher(place), missing, advance)
        shutil.rmtree(place / "arriving", ignore_errors=True)


def _all(work: Callable[[Jar], None], jars: list[Jar], advance: Callable[[int], None]) -> None:
    pool = ThreadPoolExecutor(FETCHERS, thread_name_prefix="jars")
    try:
        for done in as_completed([pool.submit(work, jar) for jar in sorted(jars, key=lambda jar: -jar.size_bytes)]):
            done.result()
            advance(1)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _stamped(stamp: Mapping[str, Any], place: Path, jar: Jar) -> bool:
    mark = _mark(place / jar.name, jar)
    return mark is not None and stamp.get(jar.name) == mark


def _mark(path: Path, jar: Jar) -> list[Any] | None:
    try:
        seen = path.stat()
    except OSError:
        return None
    return [jar.sha256, seen.st_size, seen.st_mtime_ns]


def _read_stamp(place: Path) -> Mapping[str, Any]:
    try:
        read = json.loads((place / "proved.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _write_stamp(place: Path, jars: Iterable[Jar]) -> None:
    part = place / f"proved.json.{os.getpid()}"
    part.write_text(json.dumps({jar.name: _mark(place / jar.name, jar) for jar in jars}), encoding="utf-8")
    part.replace(place / "proved.json")


def _unwritable(place: Path, error: OSError) -> Unavailable:
    return Unavailable(
        Code.EMBEDDED_FAILED,
        f"The folder for Neo4j's jars, {place}, cannot be used: {error.strerror or error}; set GRAPHSVC_CACHE to another one.",
    )
