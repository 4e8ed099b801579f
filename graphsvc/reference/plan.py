"""The page of the plan language, from its JSON Schema, whose titles say what is right and whose descriptions say what for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from graphsvc.reference.markdown import code, sections, table

Schema = Mapping[str, Any]
INTRODUCTION = "A plan is a YAML document of these keys. Nothing has a default; an unknown key is refused."


def _referred(schema: Schema) -> Iterator[str]:
    """Names of the definitions that a schema refers to without naming a key, wherever in its alternatives."""
    if "$ref" in schema:
        yield str(schema["$ref"]).rpartition("/")[2]
    for word in ("then", "else", "items"):
        yield from _referred(schema[word]) if isinstance(schema.get(word), Mapping) else ()
    for word in ("allOf", "anyOf", "oneOf"):
        for inner in schema.get(word, ()):
            yield from _referred(inner)
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield from _referred(schema["additionalProperties"])


def _link(names: Iterator[str]) -> str:
    return ", ".join(f"[{n}](#{n})" for n in dict.fromkeys(names))


def _right(schema: Schema, defs: Schema) -> str:
    """What may stand there, in words."""
    if "$ref" in schema and "enum" in defs[str(schema["$ref"]).rpartition("/")[2]]:
        return _right(defs[str(schema["$ref"]).rpartition("/")[2]], defs)
    if "enum" in schema:
        return ", ".join(code(v) for v in schema["enum"])
    if "const" in schema:
        return code(schema["const"])
    links = _link(_referred(schema))
    title = schema.get("title") or (defs[str(schema["$ref"]).rpartition("/")[2]].get("title", "") if "$ref" in schema else "")
    return f"{title} ({links})" if title and links else title or links


def _keys(schema: Schema, defs: Schema, prefix: str = "") -> Iterator[tuple[str, str, str, str]]:
    required = schema.get("required", ())
    for key, inner in schema.get("properties", {}).items():
        needed = "yes" if key in required else "no"
        about = inner.get("description") or (
            defs[str(inner["$ref"]).rpartition("/")[2]].get("description", "") if "$ref" in inner else ""
        )
        if about:
            yield code(prefix + key), _right(inner, defs), needed, about
        yield from _keys(inner, defs, f"{prefix}{key}.")
    if isinstance(schema.get("items"), Mapping):
        yield from _keys(schema["items"], defs, f"{prefix.removesuffix('.')}[].")
    for branch in ("then", "else"):  # what stands there instead of a word, or in one case of several
        if isinstance(schema.get(branch), Mapping):
            yield from _keys(schema[branch], defs, prefix)


def page() -> str:
    """The keys of a plan, then every definition that they refer to."""
    schema = json.loads((files("graphsvc.plan") / "schema.json").read_text(encoding="utf-8"))
    defs = schema.get("$defs", {})
    head = ("key", "what is right", "required", "meaning")
    parts = [INTRODUCTION, "## plan", table(head, _keys(schema, defs))]
    for name, inner in defs.items():
        links = _link(_referred(inner))
        right = inner.get("title", "")
        parts += [
            f"## {name}",
            inner.get("description", ""),
            f"What is right: {right}." if right and not inner.get("properties") else "",
            table(head, _keys(inner, defs)),
            f"See {links}." if links else "",
        ]
    return sections(parts)
