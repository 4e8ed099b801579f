"""Starts, finds and stops the one server of a home.

Whoever needs it calls `ensure_running`. Under a file lock, which the system frees when its holder dies, the first starts a
process in a session of its own (it outlives the command and its Ctrl-C) and leaves its number, birth and port in a state file;
everybody else finds it there. A state that names no living server of ours is what a crash left, and is dropped.
"""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import filelock

from graphsvc import config
from graphsvc.config import Settings
from graphsvc.embedded import jars, java, launch, pins, process, trouble
from graphsvc.embedded import layout as layouts
from graphsvc.embedded.layout import Layout, State
from graphsvc.errors import Code, GraphsvcError, Refused, Unavailable
from graphsvc.progress import Advance, Progress, Silent

USER = "neo4j"
START_SECONDS_MAX = 300
STOP_SECONDS_MAX = 180
LOCK_SECONDS_MAX = 900
PORT_ATTEMPTS_MAX = 4
FIRST_START_BYTES = 600_000_000
START_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How to reach a server."""

    uri: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand with the server of a home; sizes in bytes and megabytes. `state`: running, starting, stopped, given."""

    state: str
    home: str
    uri: str = ""
    pid: int | None = None
    started_at: str = ""
    heap_mb: int | None = None
    page_cache_mb: int | None = None
    data_bytes: int = 0
    neo4j_version: str = pins.NEO4J_VERSION
    jars: str = ""


def ensure_running(settings: Settings, progress: Progress | None = None) -> Endpoint:
    """The server of this home, started if need be; any number of processes may call it at once."""
    shown = progress or Silent()
    refuse_if_given(settings)
    layout = layouts.of(settings)
    state = _living(layout)
    if state is not None and process.answers(state.port):
        layout.settle()
        return _endpoint(layout, state)
    layout.make()
    with held(layout, progress):
        state = _living(layout)
        if state is None:
            state = _start(settings, layout, shown)
        elif not process.answers(state.port):  # its starter died while it was coming up
            with shown.step("Wait for Neo4j") as advance:
                _wait_until_it_answers(layout, state, advance)
        layout.settle()
        return _endpoint(layout, state)


def attached(settings: Settings) -> Endpoint | None:
    """The server of this home if one answers; nothing is started, waited for or made."""
    refuse_if_given(settings)
    layout = layouts.of(settings)
    state = _living(layout) if layout.root.exists() else None
    return _endpoint(layout, state) if state is not None and process.answers(state.port) else None


def stop(settings: Settings, progress: Progress | None = None) -> bool:
    """Stop the server cleanly and wait for its end; False when none ran."""
    refuse_if_given(settings)
    layout = layouts.of(settings)
    if not layout.root.exists():
        return False
    with held(layout, progress):
        return _stop(layout, progress or Silent())


def reset(settings: Settings, progress: Progress | None = None) -> None:
    """Stop the server and wipe its graph; password, settings and jars stay."""
    refuse_if_given(settings)
    layout = layouts.of(settings)
    if not layout.root.exists():
        return
    with held(layout, progress):
        _stop(layout, progress or Silent())
        layout.wipe()


def status(settings: Settings, progress: Progress | None = None, *, verify: bool = False) -> Status:
    """How things stand, without starting anything; `verify` hashes every jar again."""
    checked = "not checked"
    if verify:
        proved = jars.ready(settings.cache, progress or Silent(), every=True)
        checked = f"{len(proved)} jars are the pinned ones"
    home = str(settings.home)
    if settings.neo4j_uri:
        return Status("given", home, uri=settings.neo4j_uri, jars=checked)
    layout = layouts.of(settings)
    data_bytes = _size_bytes(layout.data)
    state = _living(layout)
    if state is None:
        return Status("stopped", home, data_bytes=data_bytes, jars=checked)
    return Status(
        "running" if process.answers(state.port) else "starting",
        home,
        uri=_uri(state.port),
        pid=state.pid,
        started_at=state.started_at,
        heap_mb=state.heap_mb,
        page_cache_mb=state.page_cache_mb,
        data_bytes=data_bytes,
        jars=checked,
    )


def refuse_if_given(settings: Settings) -> None:
    """`NEO4J_URI` always wins: whoever set it does not want a second server beside it."""
    if settings.neo4j_uri:
        raise Refused(
            Code.CONFIGURATION,
            f"NEO4J_URI is set; the Neo4j at {settings.neo4j_uri} is used and the embedded one is left alone. "
            "Start, stop and reset that one where it runs, or unset NEO4J_URI.",
        )


@contextmanager
def held(layout: Layout, progress: Progress | None = None) -> Iterator[None]:
    """Nobody else starts, stops or resets this home meanwhile."""
    lock = filelock.FileLock(layout.lock)
    until = time.monotonic() + LOCK_SECONDS_MAX
    try:
        if not _taken(lock, 0):
            with (progress or Silent()).step("Wait for another command that starts or stops Neo4j") as advance:
                while not _taken(lock, 1):
                    if time.monotonic() > until:
                        raise Unavailable(
                            Code.EMBEDDED_FAILED,
                            f"Another command has been busy with the embedded Neo4j in {layout.root} for "
                            f"{LOCK_SECONDS_MAX // 60} minutes; let it end, or end it, and try again.",
                        )
                    advance(0)
    except OSError as error:
        raise layouts.unwritable(layout.root.parent, error) from error
    try:
        yield
    finally:
        lock.release()


def _taken(lock: filelock.BaseFileLock, seconds_max: float) -> bool:
    try:
        lock.acquire(timeout=seconds_max)
    except filelock.Timeout:
        return False
    return True


def password_file(settings: Settings) -> Path:
    """Where the password of the user `neo4j` lies."""
    return layouts.of(settings).password_file


def running(layout: Layout) -> bool:
    """Whether a server of this home lives."""
    return _living(layout) is not None


def _living(layout: Layout) -> State | None:
    """The state, if it names a living server of this home."""
    state = layout.state()
    return state if state is not None and process.is_ours(state, layout) else None


def _start(settings: Settings, layout: Layout, progress: Progress) -> State:
    layout.forget()
    orphan = process.find(layout)
    if orphan is not None:  # its starter died before it could leave a state; we do not know its port for sure
        process.end(orphan, STOP_SECONDS_MAX)
    found = java.find(settings)
    given = launch.memory(settings)
    paths = jars.ready(settings.cache, progress)
    layout.sweep()
    first = not layout.has_data
    _refuse_without_room(layout, FIRST_START_BYTES if first else START_BYTES)
    with progress.step("Start Neo4j") as advance:
        for attempt in range(1, PORT_ATTEMPTS_MAX + 1):
            usual = launch.last_port(layout) if attempt == 1 else None
            port = process.choose_port(settings.bolt_port, usual)
            launch.write_conf(layout, settings, port, given)
            if first:
                layout.sweep()
                layout.begin()
                _set_password(found, layout, paths)
            command = launch.server_command(found, layout, paths, given, short_lived=settings.short_lived)
            pid, created = process.spawn(command, layout)
            state = State(pid, created, port, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), *_sizes(given))
            try:
                layout.remember(state)
                _wait_until_it_answers(layout, state, advance)
            except GraphsvcError as error:
                if not process.is_ours(state, layout):
                    layout.forget()
                if settings.bolt_port is None and attempt < PORT_ATTEMPTS_MAX and error.detail.get("port_taken"):
                    continue
                raise
            except BaseException:  # Ctrl-C while it comes up: leave nothing half
                process.end(pid, STOP_SECONDS_MAX)
                layout.forget()
                raise
            return state
    raise AssertionError("the loop returns or raises")


def _sizes(given: launch.Memory) -> tuple[int, int]:
    return given.heap_mb, given.page_cache_mb


def _refuse_without_room(layout: Layout, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(layout.root).free
    if free_bytes < needed_bytes:
        raise Unavailable(
            Code.EMBEDDED_FAILED,
            f"The embedded Neo4j needs {needed_bytes // 1_000_000} MB in {layout.root} to start and {free_bytes // 1_000_000} MB "
            "are free; make room, or set GRAPHSVC_HOME to a folder with room.",
        )


def _set_password(found: java.Java, layout: Layout, paths: list[Path]) -> None:
    """Before the very first start; done again if that start never came to its end."""
    command = launch.password_command(found, layout, paths)
    environment = config.child_environment({"NEO4J_HOME": str(layout.root), "NEO4J_CONF": str(layout.conf)})
    try:
        told = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    finally:
        Path(command[-1].removeprefix("@")).unlink(missing_ok=True)  # the password stands in it
    if told.returncode != 0:
        layout.console.write_text(told.stdout + told.stderr, encoding="utf-8")
        raise trouble.explain(layout, told.returncode, None)


def _wait_until_it_answers(layout: Layout, state: State, advance: Advance) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while not process.answers(state.port):
        if not process.is_ours(state, layout):
            raise trouble.explain(layout, process.exit_code(state.pid), state.port)
        if time.monotonic() > until:
            raise Unavailable(
                Code.EMBEDDED_FAILED,
                f"The embedded Neo4j (process {state.pid}) did not answer within {START_SECONDS_MAX} seconds; it may still be "
                f"recovering a large graph, so look at {layout.console} and try again.",
            )
        advance(0)
        time.sleep(process.POLL_SECONDS)


def _stop(layout: Layout, progress: Progress) -> bool:
    state = _living(layout)
    pid = state.pid if state is not None else process.find(layout)
    if pid is None:
        layout.forget()
        return False
    with progress.step("Stop Neo4j") as advance:
        if not process.end(pid, STOP_SECONDS_MAX, advance):
            raise Unavailable(
                Code.EMBEDDED_FAILED,
                f"The embedded Neo4j (process {pid}) was told to stop and is still writing after {STOP_SECONDS_MAX} seconds; "
                "wait and ask again with `graphsvc db status`.",
            )
    layout.forget()
    return True


def _size_bytes(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # a running server drops files meanwhile
            total += path.lstat().st_size
    return total


def _uri(port: int) -> str:
    return f"bolt://127.0.0.1:{port}"


def _endpoint(layout: Layout, state: State) -> Endpoint:
    return Endpoint(_uri(state.port), USER, layout.password())
