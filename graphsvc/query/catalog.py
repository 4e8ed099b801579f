"""Every query file, loaded once into frozen values and found by its dotted path.

`cypher/network/downline.cypher` is `network.downline`. Declared parameters and used ones must be the same set: what is
undeclared the server would refuse, what is unused would mislead the reader, so both fail here, at load.
This module is the one place that adds text to a query: the tail that packs many rows into lists of 1 000.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

import cypher
from graphsvc.errors import Code, Refused, nearest
from graphsvc.query import header

PACK_SIZE = 1000

# Strings, back-ticked names and comments are skipped, so that a `$word` inside them is not taken for a parameter.
_TOKENS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|//[^\n]*|/\*.*?\*/|\$(?P<param>\w+)", re.S)


@dataclass(frozen=True, slots=True)
class Query:
    """One query file: dotted name, contract, the text as written and the text as sent."""

    name: str
    header: header.Header
    text: str
    sent: str


def parameters_used(text: str) -> set[str]:
    """Names of the `$parameters` of a Cypher text, comments and strings left out."""
    return {m["param"] for m in _TOKENS.finditer(text) if m["param"]}


def packed(text: str, columns: tuple[str, ...]) -> str:
    """The query wrapped so that its rows travel as lists of `PACK_SIZE` rows, each a list of its columns."""
    row = ", ".join(columns)
    return (
        f"CALL () {{\n{text}\n}}\nWITH collect([{row}]) AS packed\n"
        f"UNWIND range(0, size(packed) - 1, {PACK_SIZE}) AS first\nRETURN packed[first..first + {PACK_SIZE}] AS rows"
    )


def versioned(text: str) -> str:
    """The text with the version of the language it is written in, so that a later server reads it the same way."""
    return f"CYPHER 25\n{text}"


def build(name: str, text: str) -> Query:
    """Check one file's text against its own header and freeze it."""
    parsed = header.parse(name, text)
    declared = {p.name for p in parsed.params}
    used = parameters_used(text)
    if declared != used:
        missing, unused = sorted(used - declared), sorted(declared - used)
        faults = {"uses undeclared": missing, "never uses": unused}
        said = "; ".join(f"{fault} {', '.join(names)}" for fault, names in faults.items() if names)
        raise Refused(Code.QUERY_CONTRACT, f"cypher/{name.replace('.', '/')}.cypher: {said}; mend its `params:` line.")
    body = text
    if parsed.rows == "packed":
        body = packed(text, tuple(c.name for c in parsed.returns))
    return Query(name, parsed, text, versioned(body))


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir() and not entry.name.startswith("_") and not (prefix == "" and entry.name == "migrations"):
            yield from _walk(entry, f"{prefix}{entry.name}.")
        elif entry.name.endswith(".cypher"):
            yield f"{prefix}{entry.name.removesuffix('.cypher')}", entry.read_text(encoding="utf-8")


@functools.cache
def load() -> Mapping[str, Query]:
    """All queries by name. Refuses to start when another package answers to the import name `cypher`."""
    if getattr(cypher, "OWNER", None) != "graphsvc":
        raise Refused(Code.QUERY_CONTRACT, "The import name `cypher` belongs to another package here; uninstall that package.")
    return MappingProxyType({name: build(name, text) for name, text in _walk(files("cypher"), "")})


def get(name: str) -> Query:
    """One query by its dotted name."""
    queries = load()
    if name not in queries:
        raise Refused(Code.QUERY_CONTRACT, f"There is no query {name!r}; {nearest(name, queries)}.")
    return queries[name]
