"""The server as a process of the system: started apart from us, recognised for sure, ended politely."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil

from graphsvc import config
from graphsvc.embedded.launch import SERVER
from graphsvc.embedded.layout import Layout, State
from graphsvc.errors import Code, Unavailable

BIRTH_SECONDS_MAX = 5.0  # a birth is computed from the clock of the boot, which may be set a little
ANSWER_SECONDS_MAX = 2.0
POLL_SECONDS = 0.05
BOLT_HELLO = bytes.fromhex("6060b017 00000005 00000004 00000000 00000000")

_children: dict[int, subprocess.Popen[bytes]] = {}


def choose_port(fixed: int | None, usual: int | None) -> int:
    """A free port on loopback: the fixed one or a refusal that says it is taken; else the usual one, if nobody has it."""
    if fixed is not None:
        if not _is_free(fixed):
            raise port_taken(fixed)
        return fixed
    if usual is not None and _is_free(usual):
        return usual
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if (
            sys.platform != "win32"
        ):  # what a server that just ended left waiting is free; elsewhere the option means another thing
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def port_taken(port: int) -> Unavailable:
    """The refusal for a port that somebody else has."""
    return Unavailable(
        Code.EMBEDDED_FAILED,
        f"Port {port} on 127.0.0.1 is taken by another program; end it, or set GRAPHSVC_BOLT_PORT to another port "
        "(unset, a free one is chosen).",
        detail={"port_taken": port},
    )


def answers(port: int) -> bool:
    """Whether something speaks Bolt there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS_MAX) as line:
            line.sendall(BOLT_HELLO)
            return len(line.recv(4)) > 0
    except OSError:
        return False


def spawn(command: list[str], layout: Layout) -> tuple[int, float]:
    """Start the server in a session of its own; its number and birth."""
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    try:
        with layout.console.open("wb") as console:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                cwd=layout.root,
                env=config.child_environment({"NEO4J_HOME": str(layout.root), "NEO4J_CONF": str(layout.conf)}),
                **apart,
            )
    except OSError as error:
        raise Unavailable(
            Code.EMBEDDED_FAILED, f"The embedded Neo4j could not be started with {command[0]}: {error.strerror or error}."
        ) from error
    _children[child.pid] = child
    try:
        return child.pid, psutil.Process(child.pid).create_time()
    except psutil.NoSuchProcess:  # it died at once; the log says why
        return child.pid, 0.0


def exit_code(pid: int) -> int | None:
    """How a server that we started ourselves ended; None when it lives or was not ours to wait for."""
    child = _children.get(pid)
    return child.poll() if child is not None else None


def is_ours(state: State, layout: Layout) -> bool:
    """Whether that number still belongs to the server of this home, and not to a later process that got it."""
    try:
        seen = psutil.Process(state.pid)
        if not _lives(seen) or abs(seen.create_time() - state.created) > BIRTH_SECONDS_MAX:
            return False
        words = seen.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    # Java begins by replacing itself, and a process has no command line while it is replaced.
    return not words or _serves(words, layout)


def find(layout: Layout) -> int | None:
    """A living server of this home that left no state."""
    for seen in psutil.process_iter():
        with suppress(psutil.Error):
            if seen.status() != psutil.STATUS_ZOMBIE and _serves(seen.cmdline(), layout):
                return int(seen.pid)
    return None


def _serves(words: list[str], layout: Layout) -> bool:
    return SERVER in words and f"--home-dir={layout.root}" in words


def end(pid: int, seconds_max: float, tick: Callable[[int], None] = lambda _: None) -> bool:
    """Ask the process to stop and wait; False when it is still there. `tick` is called while it waits."""
    until = time.monotonic() + seconds_max
    try:
        seen = psutil.Process(pid)
        seen.terminate()
        while _lives(seen):
            if time.monotonic() > until:
                return False
            tick(0)
            time.sleep(POLL_SECONDS)
    except psutil.NoSuchProcess:
        pass
    except psutil.AccessDenied as error:
        raise Unavailable(
            Code.EMBEDDED_FAILED, f"The embedded Neo4j (process {pid}) belongs to another user; ask that user to stop it."
        ) from error
    _children.pop(pid, None)
    return True


def _lives(seen: psutil.Process) -> bool:
    exit_code(seen.pid)  # so that a dead child of ours does not look alive
    return seen.is_running() and seen.status() != psutil.STATUS_ZOMBIE
