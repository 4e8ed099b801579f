"""Brings jars into the cache: from the user's own Maven repository if they lie there, else from Maven Central.

jgo knows where an artifact lies and how a repository is laid out; what carries the bytes is ours, because jgo opens a connection
and reads the trusted certificates anew for each of 482 files, which is half a minute of processor time.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import requests
from jgo.maven import Artifact, MavenContext, PythonResolver

from graphsvc.embedded import pins
from graphsvc.embedded.pins import Jar
from graphsvc.errors import Code, Refused, Unavailable

ATTEMPTS_MAX = 3
HTTP_SECONDS_MAX = 30
CHUNK_BYTES = 256 * 1024


class _Truncated(Exception):
    """Less arrived than the lock says."""


class Carrier(PythonResolver):
    """What jgo calls to download: one connection a thread, kept open, and no second request for a weaker hash."""

    def __init__(self) -> None:
        super().__init__()
        self._own = threading.local()

    def download(self, artifact: Artifact) -> Path:
        """Fetch one artifact to where jgo keeps it."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        target = cached(artifact)
        target.parent.mkdir(parents=True, exist_ok=True)
        path = f"{artifact.component.path_prefix.as_posix()}/{artifact.filename}"
        answers = []
        for repository in artifact.context.remote_repos.values():
            with self._own.session.get(f"{repository}/{path}", stream=True, timeout=artifact.context.timeout) as answer:
                if answer.status_code == requests.codes.ok:
                    with target.open("wb") as file:
                        for chunk in answer.iter_content(CHUNK_BYTES):
                            file.write(chunk)
                    return target
                answers.append(f"HTTP {answer.status_code}")
        raise RuntimeError(", ".join(answers))


def fetcher(place: Path) -> Callable[[Jar], None]:
    """What brings one jar into `place`, proved before it gets its name; safe in several threads."""
    arriving = place / "arriving"
    own = Path.home() / ".m2" / "repository"
    near = MavenContext(repo_cache=arriving, local_repos=[own] if own.is_dir() else [], offline=True)
    far = MavenContext(Carrier(), repo_cache=arriving, local_repos=[], timeout=HTTP_SECONDS_MAX)

    def fetch(jar: Jar) -> None:
        with suppress(RuntimeError):  # jgo's way to say that it is not on this machine
            found = _artifact(near, jar).resolve()
            if pins.digest(found) == jar.sha256:
                _settle(found, place / jar.name, keep=arriving not in found.parents)
                return
        found = _carried(far, jar)
        try:
            pins.check(found, jar)
        except Refused:
            found.unlink()
            raise
        _settle(found, place / jar.name, keep=False)

    return fetch


def _carried(far: MavenContext, jar: Jar) -> Path:
    artifact = _artifact(far, jar)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        cached(artifact).unlink(missing_ok=True)  # jgo would take half a file for a whole one
        try:
            found = artifact.resolve()
            if found.stat().st_size < jar.size_bytes:
                raise _Truncated(f"{found.stat().st_size} of {jar.size_bytes} bytes arrived")
            return found
        except (requests.RequestException, RuntimeError, _Truncated) as error:
            if attempt == ATTEMPTS_MAX:
                raise _unreachable(jar, error) from error
            time.sleep(attempt)
    raise AssertionError("the loop returns or raises")


def cached(artifact: Artifact) -> Path:
    """Where jgo keeps an artifact once it has arrived."""
    path = artifact.cached_path
    assert path is not None, "our contexts all have a folder"
    return path


def _artifact(context: MavenContext, jar: Jar) -> Artifact:
    return context.project(jar.group, jar.artifact).at_version(jar.version).artifact(classifier=jar.classifier)


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


def _unreachable(jar: Jar, error: Exception) -> Unavailable:
    gone = isinstance(error, (requests.ConnectionError, requests.Timeout))
    reason = "no connection" if gone else str(error)[:200]
    return Unavailable(
        Code.EMBEDDED_FAILED,
        f"{jar.name} could not be fetched from Maven Central ({reason}). The first start needs the network once; "
        "connect and run the same command again (what arrived is kept), or set NEO4J_URI to a Neo4j you already have.",
    )
