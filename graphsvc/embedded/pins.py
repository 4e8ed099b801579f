"""Which jars are the right ones: the lock with its hashes, and the refusal of a file that differs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from graphsvc.errors import Code, Refused

NEO4J_VERSION = "2026.09.0"


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
