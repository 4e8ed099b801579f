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
from contextlib import suppress
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
ATTEMPTS_MAX = 3
HTTP_SECONDS_MAX = 30
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


class _Truncated(Exception):
    """Less arrived than the lock says."""


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
    present = [jar for jar in unproved if (place / jar.name).exists()]
    missing = [jar for jar in unproved if not (place / jar.name).exists()]
    if present:
        with progress.step("Check the jars of Neo4j", len(present)) as advance:
            _all(lambda jar: _check(place / jar.name, jar), present, advance)
    if missing:
        needed_bytes = sum(jar.size_bytes for jar in missing) + SPARE_BYTES
        free_bytes = shutil.disk_usage(place).free
        if free_bytes < needed_bytes:
            raise Unavailable(
                Code.EMBEDDED_FAILED,
                f"The jars of Neo4j need {needed_bytes // 1_000_000} MB in {place} and {free_bytes // 1_000_000} MB are free; "
                "make room, or set GRAPHSVC_CACHE to a folder with room.",
            )
        with progress.step(f"Fetch Neo4j {NEO4J_VERSION} ({needed_bytes // 1_000_000} MB)", len(missing)) as advance:
            _all(_fetcher(place), missing, advance)
        shutil.rmtree(place / "arriving", ignore_errors=True)


def _all(work: Callable[[Jar], None], jars: list[Jar], advance: Callable[[int], None]) -> None:
    pool = ThreadPoolExecutor(FETCHERS, thread_name_prefix="jars")
    try:
        for done in as_completed([pool.submit(work, jar) for jar in sorted(jars, key=lambda jar: -jar.size_bytes)]):
            done.result()
            advance(1)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _fetcher(place: Path) -> Callable[[Jar], None]:
    from jgo.maven import MavenContext  # here, because it takes a third of a second and only the first start needs it

    arriving = place / "arriving"
    own = Path.home() / ".m2" / "repository"
    near = MavenContext(repo_cache=arriving, local_repos=[own] if own.is_dir() else [], offline=True)
    far = MavenContext(repo_cache=arriving, local_repos=[], timeout=HTTP_SECONDS_MAX)

    def fetch(jar: Jar) -> None:
        with suppress(RuntimeError):  # jgo's way to say that it is not on this machine
            found = _artifact(near, jar).resolve()
            if _digest(found) == jar.sha256:
                _settle(found, place / jar.name, keep=arriving not in found.parents)
                return
        artifact = _artifact(far, jar)
        for attempt in range(1, ATTEMPTS_MAX + 1):
            artifact.cached_path.unlink(missing_ok=True)  # jgo would take half a file for a whole one
            try:
                found = artifact.resolve()
                if found.stat().st_size < jar.size_bytes:
                    raise _Truncated(f"{found.stat().st_size} of {jar.size_bytes} bytes arrived")
                break
            except (OSError, RuntimeError, _Truncated) as error:  # requests' errors are OSErrors
                if isinstance(error, OSError) and error.errno is not None and not _of_network(error):
                    raise
                if attempt == ATTEMPTS_MAX:
                    raise _unreachable(jar, error) from error
        try:
            _check(found, jar)
        except Refused:
            found.unlink()
            raise
        _settle(found, place / jar.name, keep=False)

    return fetch


def _artifact(context: Any, jar: Jar) -> Any:
    return context.project(jar.group, jar.artifact).at_version(jar.version).artifact(classifier=jar.classifier)


def _of_network(error: OSError) -> bool:
    return type(error).__module__.startswith(("requests", "urllib3"))


def _settle(found: Path, target: Path, *, keep: bool) -> None:
    """Give a proved jar its name: moved, or a second name for the file where the disk allows it."""
    if not keep:
        found.replace(target)
        return
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        os.link(found, part)
    except OSError:
        shutil.copyfile(found, part)
    part.replace(target)


def _check(path: Path, jar: Jar) -> None:
    actual = _digest(path)
    if actual != jar.sha256:
        raise Refused(
            Code.JAR_CHANGED,
            f"{jar.name} is not the pinned jar: its SHA-256 is {actual} and jars.lock says {jar.sha256}; delete {path} and "
            "run the same command again to fetch it anew. If it differs again, do not trust where it comes from.",
            detail={"jar": jar.name, "actual": actual, "pinned": jar.sha256},
        )


def _digest(path: Path) -> str:
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


def _unreachable(jar: Jar, error: Exception) -> Unavailable:
    return Unavailable(
        Code.EMBEDDED_FAILED,
        f"{jar.name} could not be fetched from Maven Central ({_brief(error)}). The first start needs the network once; "
        "connect and run the same command again (what arrived is kept), or set NEO4J_URI to a Neo4j you already have.",
    )


def _brief(error: Exception) -> str:
    if any(kind.__name__ in ("ConnectionError", "Timeout") for kind in type(error).__mro__):
        return "no connection"
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


def _unwritable(place: Path, error: OSError) -> Unavailable:
    return Unavailable(
        Code.EMBEDDED_FAILED,
        f"The folder for Neo4j's jars, {place}, cannot be used: {error.strerror or error}; set GRAPHSVC_CACHE to another one.",
    )
