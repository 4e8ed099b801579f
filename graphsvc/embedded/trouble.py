"""Why a server did not come up, as one sentence: its log is searched for the causes people meet."""

from __future__ import annotations

import re

from graphsvc.embedded import process
from graphsvc.embedded.layout import Layout
from graphsvc.errors import Code, Unavailable

LOG_BYTES_MAX = 200_000
KILLED = (-9, 137)

# The first that is found wins; the order is from the most to the least particular.
CAUSES: tuple[tuple[str, str], ...] = (
    (
        r"Could not reserve enough space|Cannot allocate memory|insufficient memory|Too small (initial|maximum) heap|"
        r"Initial heap size set to a larger|Invalid maximum heap size|java\.lang\.OutOfMemoryError",
        "the machine could not give it the memory; free some, or set GRAPHSVC_HEAP_MB (or GRAPHSVC_PAGE_CACHE_MB) to fit",
    ),
    (r"No space left on device", "the disk is full; make room, or set GRAPHSVC_HOME to a folder with room"),
    (
        r"FileLockException|Lock file has been locked|Unable to obtain lock on (store )?lock file",
        "another Neo4j has this graph open; stop that one first",
    ),
    (r"UnsupportedClassVersionError", "this Java is too old; set GRAPHSVC_JAVA to Java 21 or newer"),
    (r"Permission denied|AccessDeniedException", "it may not write in its folder; give the folder to this user"),
    (r"Read-only file system", "its folder cannot be written; set GRAPHSVC_HOME to another one"),
)


def explain(layout: Layout, exit_code: int | None, port: int | None) -> Unavailable:
    """The error for a server process that ended before it answered."""
    text = _log(layout)
    if port is not None and re.search(r"Address already in use|BindException|PortBindException", text):
        return process.port_taken(port)
    reason = cause(text)
    if reason is None and exit_code in KILLED:
        reason = "the system killed it, most likely for want of memory; set GRAPHSVC_HEAP_MB lower"
    reason = reason or last_said(text) or f"it ended with exit code {exit_code} and said nothing"
    return Unavailable(
        Code.EMBEDDED_FAILED,
        f"The embedded Neo4j did not start: {reason}. Its log is {layout.console}.",
        detail={"log": text[-2000:]},
    )


def cause(text: str) -> str | None:
    """The cause people meet that a log tells of, and what to do about it."""
    return next((said for pattern, said in CAUSES if re.search(pattern, text)), None)


def last_said(text: str) -> str:
    """The last line of a log that looks like an error; empty where none does."""
    lines = [line.strip() for line in text.splitlines() if re.search(r"ERROR|Caused by|Error:|Exception", line)]
    return lines[-1][:300] if lines else ""


def _log(layout: Layout) -> str:
    try:
        with layout.console.open("rb") as file:
            file.seek(max(0, layout.console.stat().st_size - LOG_BYTES_MAX))
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
