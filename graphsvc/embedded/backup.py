"""Dumps: the graph of a stopped server as one file, and such a file as the graph of a home.

A dump is written beside its name and gets it when it is whole. A load goes into a folder of its own and Neo4j checks it there;
only then does it take the place of what was there, and a mark sees to it that a load cut off in that moment is ended by the next
start. So neither leaves half a graph. What is in a dump is Neo4j's own format, which every Neo4j of that version or newer loads.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from graphsvc import config
from graphsvc.config import Settings
from graphsvc.embedded import jars, java, launch, server, trouble
from graphsvc.embedded import layout as layouts
from graphsvc.embedded.layout import Layout
from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.progress import Progress

DATABASE = "neo4j"
UNRECOVERED = "Active logical log detected"


def dump(settings: Settings, file: Path, progress: Progress) -> int:
    """Write the graph of a stopped server into a new file that only its owner reads; its size in bytes."""
    layout = layouts.of(settings)
    if file.exists():
        raise Refused(Code.BAD_FILE, f"{file} is there already, and a dump overwrites nothing; name another file.")
    if not file.parent.is_dir():
        raise Refused(Code.BAD_FILE, f"{file.parent} is no folder; make it, or name a file in another one.")
    with _stopped(settings, layout, "dump", progress):
        if not layout.holds_graph:
            raise Refused(Code.EMBEDDED_FAILED, f"There is no graph in {settings.home} to dump; GRAPHSVC_HOME says where it is.")
        part = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            with _writing(file):
                part.mkdir(mode=0o700)
            with progress.step("Dump the graph"):
                _admin(settings, layout, progress, "dump", f"--to-path={part}")
            with _writing(file):
                whole = part / f"{DATABASE}.dump"
                whole.chmod(layouts.OWNER_ONLY)
                _to_disk(whole)
                whole.replace(file)
                _to_disk(file.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return file.stat().st_size


def load(settings: Settings, file: Path, progress: Progress, *, overwrite: bool = False) -> None:
    """Make a dump the graph of this home, whose server is stopped, once Neo4j has found it consistent.

    A graph that is there already is refused, or with `overwrite` given up for the dump's when that is whole.
    """
    layout = layouts.of(settings)
    try:
        opened = file.open("rb")
    except OSError as error:
        raise Refused(Code.BAD_FILE, f"{file} cannot be read: {error.strerror or error}.") from error
    with opened, _stopped(settings, layout, "load", progress):
        if layout.holds_graph and not overwrite:
            raise Refused(
                Code.EMBEDDED_FAILED,
                f"There is a graph in {settings.home} already; `graphsvc db dump` keeps it in a file, and --overwrite gives it "
                "up for the one that is loaded.",
            )
        loading = layout.loading
        try:
            shutil.rmtree(loading.root, ignore_errors=True)
            loading.make()
            launch.write_conf(loading, settings, launch.NO_PORT, launch.memory(settings))
            with progress.step("Load the graph"):
                _admin(settings, loading, progress, "load", "--from-stdin", given=opened)
            with progress.step("Check the graph"):
                _admin(settings, loading, progress, "check", f"--report-path={loading.console.parent}")
            layout.take_loaded()
        finally:
            shutil.rmtree(loading.root, ignore_errors=True)


@contextmanager
def _stopped(settings: Settings, layout: Layout, act: str, progress: Progress) -> Iterator[None]:
    """Nobody starts the server of this home meanwhile; refuses one that runs."""
    server.refuse_if_given(settings)
    layout.make()
    with server.held(layout, progress):
        if server.running(layout):
            raise Refused(
                Code.EMBEDDED_FAILED,
                f"To {act} a graph its server has to be stopped, and the embedded Neo4j is running; run `graphsvc db stop` "
                "first, then this again.",
            )
        layout.sweep()
        yield


def _admin(
    settings: Settings, layout: Layout, progress: Progress, act: str, option: str, *, given: IO[bytes] | None = None
) -> None:
    """Run `neo4j-admin database ACT` on the graph of a layout; refuses with what it said."""
    found, memory, paths = java.find(settings), launch.memory(settings), jars.ready(settings.cache, progress)
    if not (layout.conf / "neo4j.conf").exists():
        launch.write_conf(layout, settings, launch.NO_PORT, memory)
    ended = subprocess.run(
        launch.admin_command(found, layout, paths, memory, ["database", act, option, DATABASE]),
        stdin=given or subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=config.child_environment({"NEO4J_HOME": str(layout.root), "NEO4J_CONF": str(layout.conf)}),
        check=False,
    )
    if ended.returncode == 0:
        return
    said = ended.stdout + ended.stderr
    if UNRECOVERED in said:
        raise Refused(
            Code.EMBEDDED_FAILED,
            "The server did not end by itself, and its last transactions are still to be put into the graph; "
            "run `graphsvc db start` and `graphsvc db stop`, then this again.",
        )
    reason = trouble.cause(said) or trouble.last_said(said) or f"it ended with exit code {ended.returncode} and said nothing"
    raise Unavailable(
        Code.EMBEDDED_FAILED,
        f"Neo4j could not {act} the graph: {reason}. Nothing that was there before was changed.",
        detail={"log": said[-2000:]},
    )


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(Code.BAD_FILE, f"{file} cannot be written: {error.strerror or error}.") from error


def _to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a loss of power."""
    if os.name == "nt" and path.is_dir():  # a folder cannot be opened there
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
