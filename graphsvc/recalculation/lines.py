"""Lines of two runs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graphsvc.query.values import Row

KEY = ("partner_id", "bonus", "level", "class", "source_id")


def pairs(old: Iterator[Row], new: Iterator[Row]) -> Iterator[tuple[Row, int, int]]:
    """(line, old, new) of every line of either, both in canonical order; what one has not is 0."""
    a, b = next(old, None), next(new, None)
    while a is not None or b is not None:
        if b is None or (a is not None and _key(a) < _key(b)):
            assert a is not None
            yield a, a["amount_minor"], 0
            a = next(old, None)
        elif a is None or _key(b) < _key(a):
            yield b, 0, b["amount_minor"]
            b = next(new, None)
        else:
            yield a, a["amount_minor"], b["amount_minor"]
            a, b = next(old, None), next(new, None)


def standing(lines: Iterator[Row], corrected: Sequence[Row]) -> Iterator[Row]:
    """The lines of a closed run with what corrections posted on them, in canonical order."""
    for line, made, posted in pairs(lines, iter(sorted(corrected, key=_key))):
        yield line | {"amount_minor": made + posted}


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)
