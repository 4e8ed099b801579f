"""The few pieces of Markdown that the reference pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTE = "*Made by `make docs` from the product itself; change it there.*"


def cell(text: object) -> str:
    """A text that may stand in a table: one line, no bar of its own."""
    return " ".join(str(text).split()).replace("|", "\\|")


def code(text: object) -> str:
    """A text as it is typed; nothing for an empty one."""
    return f"`{text}`" if str(text) else ""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with a line end; nothing at all without rows."""
    body = ["| " + " | ".join(cell(c) for c in row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *body]) + "\n" if body else ""


def sections(parts: Iterable[str]) -> str:
    """Parts with one empty line between them and one line end after the last."""
    return "\n\n".join(p.strip("\n") for p in parts if p.strip()) + "\n"
