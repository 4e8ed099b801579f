"""The pages of the API: its operations from the OpenAPI document, its errors from the codes and their HTTP statuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from api import create_app
from api.problems import STATUSES, HttpCode
from graphsvc.errors import Code
from graphsvc.reference.markdown import code, sections, table

Schema = Mapping[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
INTRODUCTION = (
    "The same document stands at `/openapi.json` of a running service, with a page to try it at `/docs`. "
    "Money is in minor units, volumes in thousandths, rates in parts per million; all are integers."
)


def _kind(schema: Schema) -> str:
    """A field's type in one phrase."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            return " or ".join(_kind(s) for s in schema[word])
    kinds = schema.get("type", "any")
    said = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if "array" in said and "items" in schema:
        said = said.replace("array", f"array of {_kind(schema['items'])}")
    if "enum" in schema:
        said += ": " + ", ".join(code(v) for v in schema["enum"])
    bounds = [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "at most"), ("default", "default"))
        if key in schema
    ]
    return f"{said}, {' '.join(bounds)}" if bounds else said


def _fields(schema: Schema) -> str:
    required = schema.get("required", ())
    return table(
        ("field", "type", "required", "meaning"),
        [
            (code(name), _kind(inner), "yes" if name in required else "no", inner.get("description", ""))
            for name, inner in schema.get("properties", {}).items()
        ],
    )


def _body(content: Schema) -> str:
    return " or ".join(_kind(inner["schema"]) for inner in content.get("content", {}).values() if "schema" in inner)


def _operation(method: str, path: str, operation: Schema, shared: list[Schema]) -> Iterator[str]:
    yield f"### {method.upper()} {path}"
    yield str(operation.get("summary", ""))
    yield str(operation.get("description", ""))
    if operation.get("x-roles"):
        yield f"Roles: {operation['x-roles']}."
    parameters = [*shared, *operation.get("parameters", ())]
    yield table(
        ("parameter", "in", "type", "required", "meaning"),
        [
            (
                code(p["name"]),
                p["in"],
                _kind(p.get("schema", {})),
                "yes" if p.get("required") else "no",
                p.get("description", ""),
            )
            for p in parameters
        ],
    )
    if "requestBody" in operation:
        yield f"Body: {_body(operation['requestBody'])}."
    responses = sorted(operation.get("responses", {}).items())
    good = [f"{status} {_body(inner)}".strip() for status, inner in responses if status.startswith("2")]
    refused = [status for status, _ in responses if status[0] in "45"]
    yield f"Answers: {', '.join(good)}. Refuses with: {', '.join(refused) or 'nothing'}."


def operations() -> str:
    """Every operation by tag, then the fields of every schema."""
    document = json.loads(create_app().extensions["openapi"])
    parts = [INTRODUCTION]
    for tag in document.get("tags", ()):
        parts += [f"## {tag['name']}", tag.get("description", "")]
        for path, item in document["paths"].items():
            for method in METHODS:
                if tag["name"] in item.get(method, {}).get("tags", ()):
                    parts += _operation(method, path, item[method], item.get("parameters", []))
    parts.append("## Fields")
    for name, schema in sorted(document["components"]["schemas"].items()):
        parts += [f"### {name}", str(schema.get("description", "")), _fields(schema)]
    return sections(parts)


def errors() -> str:
    """Every code with its HTTP status and title."""
    own: list[Code | HttpCode] = [*Code, *HttpCode]
    rows = [
        (code(str(c)), STATUSES[c][0], STATUSES[c][1], "command line and API" if isinstance(c, Code) else "API only") for c in own
    ]
    about = (
        "A code once released keeps its meaning. Every refusal also says, in one sentence, what, where, why and the fix: on the "
        "command line as text on stderr with exit code 2 (3 where the database or the machine failed), in the API as the "
        "`detail` of an RFC 9457 problem whose `code` is one of these. What only the operator can mend the API keeps to its log."
    )
    return sections([about, table(("code", "HTTP", "title", "seen by"), sorted(rows))])
