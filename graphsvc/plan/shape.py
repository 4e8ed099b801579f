"""Holds a plan document against the JSON Schema and says every fault in a sentence of its own.

The schema is the one source: its `enum`s are the choices, its `title`s the noun phrases ("must be a percentage …"), its
`choices` what an open choice may be. Keywords are picked so that each fault is one flat error (`if`/`then`, never `oneOf`).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

import jsonschema
import jsonschema.protocols
import jsonschema.validators

from graphsvc.errors import Finding, nearest
from graphsvc.plan.document import Place, where

Fault = tuple[Place, Finding]


@functools.cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of the plan language."""
    loaded: dict[str, Any] = json.loads(files("graphsvc.plan").joinpath("schema.json").read_text(encoding="utf-8"))
    return loaded


@functools.cache
def _validator(**more: Any) -> jsonschema.protocols.Validator:
    """The standard's validator, made strict: 1.0 is no integer, "5%" with a newline behind it no rate."""
    whole = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    )
    extended: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft202012Validator, {"pattern": _pattern, "allOf": _all_of, **more}, type_checker=whole
    )
    strict: jsonschema.protocols.Validator = extended(schema())
    return strict


def _pattern(_: Any, pattern: str, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    if isinstance(instance, str) and re.fullmatch(pattern.removeprefix("^").removesuffix("$"), instance) is None:
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _all_of(validator: Any, parts: list[Any], instance: Any, _: Any) -> Iterator[jsonschema.ValidationError]:
    """`allOf`, with the branches of a choice by one word (a kind, a metric) decided at a glance: a bonus has 17 of them."""
    for index, part in enumerate(parts):
        word, value = _choice(part)
        if not word:
            yield from validator.descend(instance, part, schema_path=index)
        elif isinstance(instance, dict) and isinstance(instance.get(word), str) and instance[word] == value:
            for error in validator.descend(instance, part["then"], schema_path="then"):
                error.relative_schema_path.appendleft(index)
                yield error


def _choice(part: Any) -> tuple[str, Any]:
    """The word and its value where a part says only: if that word is this, then …; an empty word where it says anything else."""
    if set(part) == {"if", "then"} and set(part["if"]) == {"properties", "required"}:
        ((word, wanted), *more) = part["if"]["properties"].items()
        if not more and set(wanted) == {"const"} and part["if"]["required"] == [word] and isinstance(wanted["const"], str):
            return word, wanted["const"]
    return "", None


def _form(_: Any, form: str, __: Any, ___: Any) -> Iterator[jsonschema.ValidationError]:
    yield jsonschema.ValidationError(form)


def forms(document: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Where the numbers of a sound document stand, and how each is written, as the schema's keyword `form` says."""
    for error in _validator(form=_form).iter_errors(document):
        if error.validator == "form":
            yield tuple(error.absolute_path), str(error.validator_value)


def resolved(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the schema with what it refers to; what stands beside the reference wins."""
    if "$ref" not in part:
        return dict(part)
    name = str(part["$ref"]).removeprefix("#/$defs/")
    return {**resolved(schema()["$defs"][name]), **{k: v for k, v in part.items() if k != "$ref"}}


def _listed(values: list[Any]) -> str:
    words = [str(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def choices(part: Mapping[str, Any]) -> str:
    """What a key may be, in words, where it is a choice; empty where it is not."""
    full = resolved(part)
    return str(full["choices"]) if "choices" in full else _listed(full["enum"]) if "enum" in full else ""


def shown(value: Any) -> str:
    """A value as a finding shows it: short, and as the writer would recognise it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _declared(error: Any, key: str) -> Mapping[str, Any]:
    """What the schema says of a key that an error asks for: beside the requirement, or in a part around it."""
    if key in error.schema.get("properties", {}):
        return dict(error.schema["properties"][key])
    if key == "at_least" or key == "direction":  # a metric's own, asked for by whoever reads the metric
        own = schema()["$defs"].get(f"metric_{error.instance.get('metric')}", schema()["$defs"]["metric_pv"])
        return dict(own["properties"][key])
    found: Mapping[str, Any] = {}
    part: Any = schema()
    for step in error.absolute_schema_path:
        while isinstance(part, Mapping) and step not in part and "$ref" in part:
            part = schema()["$defs"][str(part["$ref"]).removeprefix("#/$defs/")]
        if isinstance(part, Mapping) and isinstance(part.get("properties"), Mapping):
            found = part["properties"].get(key, found)
        part = part[step]
    return found


def _reads_metric(error: Any, key: str) -> bool:
    """Whether what is missing is the metric of a test or a number itself."""
    return key == "metric" and "enum" in error.schema.get("properties", {}).get("metric", {})


def _is_number(place: Place) -> bool:
    """Whether a number of a partner stands at a place, and no test."""
    return place[-1] in ("metric", "in_proportion") or place[-2] == "order"


def _missing(error: Any, key: str) -> tuple[str, str]:
    part = _declared(error, key)
    options = choices(part)
    if _reads_metric(error, key):
        if _is_number(tuple(error.absolute_path)):
            return "is not a metric", "write {metric: …} with its arguments"
        return "is not a test", f"write {resolved(schema()['$defs']['item'])['title'].removeprefix('a test: ')}"
    if options:
        return "is left open", f"choose {options}"
    return "is missing", f"add {key}: {resolved(part).get('title', '')}".rstrip(": ")


def _required(document: dict[str, Any], place: Place, error: Any) -> Iterator[Fault]:
    for key in error.validator_value:
        if key not in error.instance and (key == "metric" or "metric" in error.instance or key not in ("at_least", "direction")):
            reason, fix = _missing(error, key)
            itself = _reads_metric(error, key)
            at = place if itself else (*place, key)
            yield at, Finding(where(document, at), reason, shown(error.instance) if itself else "", fix)


def _unknown(document: dict[str, Any], place: Place, error: Any) -> Iterator[Fault]:
    known = [key for key in error.schema["properties"] if key != "direction" or key in error.instance]
    told = next((word for word in ("metric", "kind", "by", "cap") if "const" in error.schema["properties"].get(word, {})), "")
    for key in error.instance:
        if key not in known:
            at = (*place, key)
            what = f" of {told} {error.instance[told]}" if told else ""
            fix = f"{nearest(str(key), known)}" if len(known) > 3 else f"there is only {_listed(known).replace(' or ', ' and ')}"
            yield at, Finding(where(document, at), f"is not a known key{what}", "", fix)


def _wrong(error: Any) -> tuple[str, str]:
    """Reason and fix of a value that is there and wrong."""
    part = error.schema if isinstance(error.schema, dict) else {}
    if error.instance is None:
        options = choices(part)
        return ("is left empty", f"choose {options}") if options else ("is left empty", f"give {part.get('title', 'a value')}")
    if error.validator in ("enum", "const"):
        if "choices" in part:
            return "is not a choice here", f"choose {part['choices']}"
        values = error.validator_value if error.validator == "enum" else [error.validator_value]
        if isinstance(error.instance, bool):
            return "is true or false", f"choose {_listed(values)}"
        if len(values) > 6:
            return "is not known here", f"{nearest(str(error.instance), values)}; all are {', '.join(values)}"
        return "is not a choice here", f"choose {_listed(values)}"
    if error.validator == "minItems" and not error.instance:
        return "is empty", f"give {part.get('title', 'a value')}"
    if error.validator == "uniqueItems":
        return "names something twice", "name it once"
    title = str(part.get("title", "something else"))
    if error.validator == "type" and isinstance(error.instance, int) and "string" in str(error.validator_value):
        fix = f"write {error.instance}%" if title.startswith("a percentage") else "put it in quotes if it is meant as text"
        return f"must be {title}", fix
    if error.validator == "type" and "string" not in error.validator_value and str(error.instance).isdecimal():
        return f"must be {title}", "write it without quotes"
    return f"must be {title}", ""


def faults(document: dict[str, Any]) -> list[Fault]:
    """Every fault of form, with its place; the same one is named once."""
    found: dict[tuple[Place, str], Fault] = {}
    for error in _validator().iter_errors(document):
        place: Place = tuple(error.absolute_path)
        if error.validator == "not":
            continue  # `vanish` without standard compression: told by the checks, which know why
        if error.validator == "required":
            told = list(_required(document, place, error))
        elif error.validator == "additionalProperties" and error.validator_value is False:
            told = list(_unknown(document, place, error))
        else:
            if error.validator in ("pattern", "maxLength") and "propertyNames" in error.absolute_schema_path:
                place = (*place, str(error.instance))
            reason, fix = _wrong(error)
            text = "" if error.instance in (None, []) else shown(error.instance)
            told = [(place, Finding(where(document, place), reason, text, fix))]
        for at, finding in told:
            found.setdefault((at, "" if error.validator in ("enum", "type", "pattern") else finding.reason), (at, finding))
    return list(found.values())
