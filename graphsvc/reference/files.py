"""The page of the files that can be imported, from the one place that names their columns."""

from __future__ import annotations

from graphsvc.imports.columns import LAYOUTS
from graphsvc.reference.markdown import code, sections, table

INTRODUCTION = """CSV in UTF-8, plain or gzipped, columns in any order; an unknown column is refused by name. All files of one
import are read whole and checked together before anything is written. The same file twice changes nothing; a changed row is an
error unless `--update` says otherwise.

An instant is a time with an offset (`2026-07-01T12:00:00+03:00`, or `Z`), or a bare date, which is that day's local midnight
in the zone of the plan that reads it. Money and volumes are plain decimals in major units (`11.77`)."""


def page() -> str:
    """Every file, its key and its columns."""
    parts = [INTRODUCTION]
    for noun, layout in LAYOUTS.items():
        key = ", ".join(code(name) for name in layout.key)
        rules = [f"One row {'an' if layout.one[0] in 'aeiou' else 'a'} {layout.one}; the key is {key}."]
        rules += [f"At least one of {' and '.join(code(name) for name in group)} is filled." for group in layout.one_of]
        rows = [
            (code(c.name), "yes" if c.required else "", code(c.default) if c.default else "", c.meaning) for c in layout.columns
        ]
        parts += [f"## {noun}", " ".join(rules), table(("column", "required", "when empty", "meaning"), rows)]
    return sections(parts)
