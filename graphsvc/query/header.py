"""The header of a query file: its contract, parsed into one frozen value.

A query file starts with `//` lines: sentences that say which question it answers, then one `key: value` a line:

    // Every partner below a sponsor, nearest first, to a bounded level.
    // mode: read
    // params: partner_id STRING, level_max INTEGER = 8
    // rows: many
    // returns: partner_id STRING, level INTEGER

`mode` is read, write or schema. `rows` is none, one, maybe (none or one), many, or packed (many, sent over the wire as
lists of 1 000). `allows` lists plan operators that the house test would refuse (`allows: CartesianProduct`), with the reason
after a dash. A type ending in `?` may be null; `LIST` and `MAP` may say of what: `LIST<INTEGER>`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from graphsvc.errors import Code, Refused

MODES = ("read", "write", "schema")
ROWS = ("none", "one", "maybe", "many", "packed")
TYPES = ("STRING", "INTEGER", "BOOLEAN", "FLOAT", "DATE", "DATETIME", "MAP", "LIST", "ANY")
KEYS = ("mode", "params", "rows", "returns", "allows")

_FIELD = re.compile(
    r"(?P<name>[a-z][a-z0-9_]*) (?P<type>[A-Z]+)(?:<(?P<of>[A-Z]+)\??(?:<[A-Z<>?]+>)?>)?(?P<optional>\??)(?: = (?P<default>.+))?"
)


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter or column: name, type, of what (a LIST), whether it may be null, and a parameter's default."""

    name: str
    type: str
    optional: bool = False
    default: Any = None
    has_default: bool = False
    of: str | None = None

    @property
    def declared(self) -> str:
        """The type as the header says it."""
        return self.type + (f"<{self.of}>" if self.of else "") + ("?" if self.optional else "")


@dataclass(frozen=True, slots=True)
class Header:
    """The contract of one query file."""

    purpose: str
    mode: str
    rows: str
    params: tuple[Field, ...] = ()
    returns: tuple[Field, ...] = ()
    allows: frozenset[str] = field(default_factory=frozenset)
    reason: str = ""


def _refuse(name: str, reason: str, fix: str) -> Refused:
    return Refused(Code.QUERY_CONTRACT, f"cypher/{name.replace('.', '/')}.cypher: {reason}; {fix}.")


def _default(name: str, text: str, kind: str) -> Any:
    if kind == "INTEGER" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "BOOLEAN" and text in ("true", "false"):
        return text == "true"
    if kind == "STRING" and re.fullmatch(r"'[^']*'", text):
        return text[1:-1]
    raise _refuse(name, f"the default {text!r} is not a {kind}", "write 8, true or 'text' after the type")


def _fields(name: str, key: str, text: str) -> tuple[Field, ...]:
    found: list[Field] = []
    for part in re.split(r",\s*", text) if text not in ("", "none") else []:
        match = _FIELD.fullmatch(part.strip())
        if match is None or match["type"] not in TYPES or (match["of"] or "ANY") not in TYPES:
            raise _refuse(name, f"{part!r} under {key} is not a field", f"write `name TYPE` with a type of {', '.join(TYPES)}")
        if match["name"] in {f.name for f in found}:
            raise _refuse(name, f"{match['name']} stands twice under {key}", "name it once")
        has_default = match["default"] is not None
        default = _default(name, match["default"], match["type"]) if has_default else None
        found.append(Field(match["name"], match["type"], bool(match["optional"]), default, has_default, match["of"]))
    return tuple(found)


def parse(name: str, text: str) -> Header:
    """Parse the header of the query `name` (dotted); refuses what is missing, unknown or said twice."""
    purpose: list[str] = []
    keys: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("//"):
            break
        body = line[2:].strip()
        match = re.fullmatch(r"([a-z_]+):\s*(.*)", body)
        if match and match[1] in KEYS:
            if match[1] in keys:
                raise _refuse(name, f"{match[1]} stands twice in the header", "say it once")
            keys[match[1]] = match[2]
        elif match and not purpose:
            raise _refuse(name, f"unknown header key {match[1]!r}", f"the keys are {', '.join(KEYS)}")
        elif keys:
            # A value may go on in the next line, indented below its key.
            last = next(reversed(keys))
            keys[last] = f"{keys[last]} {body}".strip()
        else:
            purpose.append(body)
    if not purpose:
        raise _refuse(name, "no sentence says which question it answers", "start the file with `// …`")
    for key in ("mode", "params", "rows", "returns"):
        if key not in keys:
            raise _refuse(name, f"the header has no {key}", f"add `// {key}: …`")
    if keys["mode"] not in MODES:
        raise _refuse(name, f"mode is {keys['mode']!r}", f"write one of {', '.join(MODES)}")
    if keys["rows"] not in ROWS:
        raise _refuse(name, f"rows is {keys['rows']!r}", f"write one of {', '.join(ROWS)}")
    returns = _fields(name, "returns", keys["returns"])
    if (keys["rows"] == "none") != (not returns):
        raise _refuse(name, "rows and returns disagree", "`rows: none` goes with `returns: none`")
    allows = keys.get("allows", "").partition(" - ")
    if allows[0] and not allows[2]:
        raise _refuse(name, "allows gives no reason", "write `allows: Operator - why it is harmless here`")
    return Header(
        purpose=" ".join(purpose),
        mode=keys["mode"],
        rows=keys["rows"],
        params=_fields(name, "params", keys["params"]),
        returns=returns,
        allows=frozenset(filter(None, (a.strip() for a in allows[0].split(",")))),
        reason=allows[2].strip(" -"),
    )
