"""The one form of a plan's content: however it was laid out, quoted or ordered, the same plan has the same bytes and digest."""

from __future__ import annotations

import copy
import functools
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import yaml

from graphsvc.plan import quantities, shape


def _one(value: Any, form: str, inside: Any) -> Any:
    """A number in its one form; `inside` is the mapping or list that it stands in."""
    if isinstance(value, dict) or (form == "decimal_or_none" and value == "none"):
        return value
    if form == "percent" or (form == "bound" and str(value).endswith("%")):
        return quantities.percent(value)
    if form == "sales" and isinstance(value, int) and not isinstance(value, bool) and _counts(inside):
        return value
    return quantities.plain(value)


def _counts(inside: Any) -> bool:
    return isinstance(inside, dict) and inside.get("of") == "count"


def normal(document: dict[str, Any]) -> dict[str, Any]:
    """A checked document with every number in its one form."""
    copied: dict[str, Any] = copy.deepcopy(dict(document))
    for place, form in shape.forms(document):
        inside: Any = copied
        for step in place[:-1]:
            inside = inside[step]
        inside[place[-1]] = _one(inside[place[-1]], form, inside)
    return copied


def to_json(document: dict[str, Any]) -> str:
    """A checked document as canonical JSON: keys sorted, no spaces, numbers in one form."""
    return json.dumps(normal(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(to_json(document).encode()).hexdigest()


# What a part of a plan is, before what it says.
_FIRST = ("plan", "version", "name", "balance", "metric", "of", "kind", "cap", "by", "rank", "from", "periods")


@functools.cache
def _order() -> dict[str, int]:
    """Every key of the language by where the schema names it first."""
    order: dict[str, int] = {key: n for n, key in enumerate(_FIRST)}

    def walk(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            yield from part.get("properties", {})
            for inner in part.values():
                yield from walk(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from walk(inner)

    for key in walk(shape.schema()):
        order.setdefault(key, len(order))
    order["at_least"] = len(order)  # of a test, what is needed reads best at the end
    return order


def ordered(value: Any) -> Any:
    """A document with its keys in the order in which the language explains them."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value, key=lambda key: (_order().get(key, len(_order())), key))}
    return [ordered(inner) for inner in value] if isinstance(value, list) else value


def to_yaml(document: dict[str, Any]) -> str:
    """A checked document as YAML that loads to the same plan."""
    return yaml.safe_dump(ordered(normal(document)), allow_unicode=True, sort_keys=False, width=120)
