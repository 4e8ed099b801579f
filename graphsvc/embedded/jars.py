"""The jars of the server: which ones, where they lie, and the proof that they are the pinned ones.

`jars.lock` names every jar with its SHA-256. They are fetched once per user through jgo (a Maven client) into a cache that all
homes share, and a jar gets its name there only after its hash was checked, so what has the name was right. Hashing 180 MB at
each start would cost more than the start, so a stamp remembers size and time of each checked jar: who differs is hashed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import filelock

from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.progress import Progress

NEO4J_VERSION = "2026.09.0"
FETCHERS = 8
SPARE_BYTES = 100_000_000
LOCK_SECONDS_MAX = 900


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size_bytes: int

    @property
    def name(self) -> str:
        """The file's name, as Maven gives it."""
        return f"{self.artifact}-{self.version}{'-' + self.classifier if self.classifier else ''}.jar"


@cache
def locked() -> tuple[Jar, ...]:
    """The pinned jars, in the order of the lock, which is the order of the class path."""
    return parse(files("graphsvc.embedded").joinpath("jars.lock").read_text(encoding="utf-8"))


def parse(text: str) -> tuple[Jar, ...]:
    """Read the text of a lock; comments start with `#`."""
    jars = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            coordinates, sha256, size = line.split("\t")
            group, artifact, version, classifier = coordinates.split(":")
            jars.append(Jar(group, artifact, version, classifier, sha256, int(size)))
    return tuple(jars)


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
    from graphsvc.embedded import fetch  # here, because only a start that misses jars needs it

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


def check(path: Path, jar: Jar) -> None:
    """Refuse a file that is not the pinned jar, with both hashes and the fix."""
    actual = digest(path)
    if actual != jar.sha256:
        raise Refused(
            Code.JAR_CHANGED,
            f"{jar.name} is not the pinned jar: its SHA-256 is {actual} and jars.lock says {jar.sha256}; delete {path} and "
            "run the same command again to fetch it anew. If it differs again, do not trust where it comes from.",
            detail={"jar": jar.name, "actual": actual, "pinned": jar.sha256},
        )


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
