"""Heads of the ledger as they were seen, in a file outside the database: whoever cuts the end of the chain off cannot cut this.

A line is `LEDGER SEQUENCE DIGEST`; a file may serve several databases. The file only grows: who posts notes the head after the
commit, and whatever a crash left out the next one notes. It is best kept where those who can change the database cannot write:
GRAPHSVC_LEDGER_HEADS says where.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from graphsvc.errors import Code, Refused
from graphsvc.ledger.entries import FIRST
from graphsvc.query.runner import Database

_LINE = re.compile(r"([0-9a-f-]{36}) ([1-9][0-9]{0,18}) ([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a ledger at some moment."""

    ledger_id: str
    sequence: int
    digest: str


def read(path: Path) -> list[Head]:
    """Every head that the file has; none where there is no file. A last line that a crash cut off is left out."""
    try:
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(Code.LEDGER_HEADS, f"The heads of the ledger in {path} cannot be read: {error}.") from error
    lines = text.split("\n")
    found = []
    for number, line in enumerate(lines[:-1], 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise Refused(
                Code.LEDGER_HEADS,
                f"{path}:{number}: {line[:80]!r} is no head of a ledger (LEDGER SEQUENCE DIGEST); put the file back as it was.",
            )
        found.append(Head(match[1], int(match[2]), match[3]))
    return found


def present(database: Database) -> Head:
    """The head of the ledger as it stands now; its sequence is 0 while it has no entry."""
    return Head(**database.run("ledger.head")[0])


def note(database: Database, path: Path) -> Head:
    """Keep the present head outside the database; refuses where it stands behind what was kept before."""
    head = present(database)
    seen = [one for one in read(path) if one.ledger_id == head.ledger_id]
    last = max(seen, key=lambda one: one.sequence, default=Head(head.ledger_id, 0, FIRST))
    if last.sequence > head.sequence or (last.sequence == head.sequence and last != head):
        raise Refused(
            Code.LEDGER_BROKEN,
            f"The ledger ends at {head.sequence}, but {path} has seen entry {last.sequence} with another digest; "
            "`graphsvc ledger verify` names the first entry that is not what was posted.",
        )
    if head.sequence > last.sequence:
        _add(path, f"{head.ledger_id} {head.sequence} {head.digest}\n".encode("ascii"))
    return head


def _add(path: Path, line: bytes) -> None:
    """Add a line for good; what a crash left of one is cut away first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        file.seek(0)
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
