"""What may travel to Neo4j and what comes back: parameters held against the header, rows as plain Python values.

Neo4j holds signed 64-bit integers and Unicode text. What it cannot hold, or would hold as something else (a lone surrogate,
NUL, NaN, a time without a zone), is refused here with its place, before anything is sent.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from graphsvc.errors import Code, Refused
from graphsvc.query.catalog import Query
from graphsvc.query.header import Field

Row = dict[str, Any]

INTEGER_MAX = 2**63 - 1
INTEGER_MIN = -(2**63)
DEPTH_MAX = 16

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "STRING": (str,),
    "INTEGER": (int,),
    "BOOLEAN": (bool,),
    "FLOAT": (float,),
    "DATE": (dt.date,),
    "DATETIME": (dt.datetime,),
    "MAP": (dict,),
    "LIST": (list, tuple),
    "ANY": (object,),
}
# Types of a column whose values need no second look on the way back.
_PLAIN = frozenset({"STRING", "INTEGER", "BOOLEAN", "FLOAT"})


def _text_fault(value: str) -> str | None:
    if "\0" in value:
        return "holds a NUL character; remove it"
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return "holds half of a character (a lone surrogate); send whole Unicode characters"
    return None


def fault(value: Any, depth: int = 0) -> tuple[str, str] | None:
    """Where inside a value (`[17].name`) something stands that Neo4j cannot hold, and why; None when all is well.

    Plain texts and integers in the rows of a batch are looked at in one tight loop, because a batch has a million of them.
    """
    kind = type(value)
    if kind is list or kind is tuple or kind is dict:
        if depth >= DEPTH_MAX:
            return "", f"is nested more than {DEPTH_MAX} deep; flatten it"
        return _inside(value.items() if kind is dict else enumerate(value), kind is dict, depth)
    return _scalar(value, depth)


def _inside(items: Iterable[tuple[Any, Any]], keyed: bool, depth: int) -> tuple[str, str] | None:
    for key, inner in items:
        kind = type(inner)
        if kind is str:
            if inner.isascii() and "\0" not in inner:
                continue
        elif kind is int:
            if INTEGER_MIN <= inner <= INTEGER_MAX:
                continue
        elif inner is None or kind is bool or kind is dt.date or (kind is dt.datetime and inner.tzinfo is not None):
            continue
        found = fault(inner, depth + 1)
        if found is not None:
            return (f".{key}" if keyed else f"[{key}]") + found[0], found[1]
        if keyed and type(key) is not str:
            return "", f"has the key {key!r}, which is no text"
    return None


def _scalar(value: Any, depth: int) -> tuple[str, str] | None:
    reason: str | None = None
    if isinstance(value, str):
        reason = _text_fault(value)
    elif isinstance(value, int):
        reason = None if INTEGER_MIN <= value <= INTEGER_MAX else "is larger than 64 bits; give a smaller number"
    elif isinstance(value, float):
        reason = None if math.isfinite(value) else "is not a finite number"
    elif isinstance(value, dt.datetime):
        reason = None if value.tzinfo is not None else "is a time without a zone; add Z or an offset such as +03:00"
    elif isinstance(value, (list, tuple, dict)):
        return fault(dict(value) if isinstance(value, dict) else list(value), depth)
    elif value is not None and not isinstance(value, dt.date):
        reason = f"is a {type(value).__name__}, which the graph cannot hold"
    return None if reason is None else ("", reason)


def _fits(field: Field, value: Any) -> bool:
    if value is None:
        return field.optional
    if field.type == "INTEGER":
        return isinstance(value, int) and not isinstance(value, bool)
    if field.type == "DATE" and isinstance(value, dt.datetime):
        return False
    return isinstance(value, _PYTHON_TYPES[field.type])


def bind(query: Query, given: Mapping[str, Any]) -> Row:
    """The parameters of one call, defaults filled in; refuses names, types and values that the query does not take."""
    declared = {p.name: p for p in query.header.params}
    unknown = sorted(set(given) - set(declared))
    if unknown:
        raise Refused(
            Code.QUERY_CONTRACT,
            f"{query.name} takes no {', '.join(unknown)}; it takes {', '.join(declared) or 'nothing'}.",
        )
    bound: Row = {}
    for name, field in declared.items():
        if name in given:
            value = given[name]
        elif field.has_default:
            value = field.default
        else:
            raise Refused(Code.QUERY_CONTRACT, f"{query.name} needs {name} {field.type}.")
        if not _fits(field, value):
            raise Refused(
                Code.QUERY_CONTRACT, f"{query.name} takes {name} as {field.type}, not {type(value).__name__}; pass that type."
            )
        found = fault(value)
        if found is not None:
            raise Refused(Code.BAD_INPUT, f"{name}{found[0]} {found[1]}.", detail={"field": f"{name}{found[0]}"})
        bound[name] = value
    return bound


def native(value: Any) -> Any:
    """Neo4j's own temporal values as Python's (an instant in UTC); everything else as it is."""
    if isinstance(value, list):
        return [native(v) for v in value]
    if isinstance(value, dict):
        return {k: native(v) for k, v in value.items()}
    convert = getattr(value, "to_native", None)
    if convert is None:
        return value
    found = convert()
    return found.astimezone(dt.UTC) if isinstance(found, dt.datetime) and found.tzinfo is not None else found


def reader(query: Query) -> Callable[[Sequence[Any]], Row]:
    """Turns the values of one row, in the order of the header, into a plain row; looks only at columns that may need it."""
    columns = [c.name for c in query.header.returns]
    needy = [c.name for c in query.header.returns if c.type not in _PLAIN and (c.of or c.type) not in _PLAIN]

    def plain(values: Sequence[Any]) -> Row:
        return dict(zip(columns, values, strict=True))

    def converted(values: Sequence[Any]) -> Row:
        row = dict(zip(columns, values, strict=True))
        for name in needy:
            row[name] = native(row[name])
        return row

    return converted if needy else plain
