"""The JSON Schema is sound, says of everything what it is, and agrees with the checks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from graphsvc.plan import checks, document, metrics, shape
from tests.plan.sample import EXAMPLES, plan, with_test
from tests.plan.test_compile import METRICS


def properties(part: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that the schema declares, by its path."""
    if isinstance(part, dict):
        for name, declared in part.get("properties", {}).items() if isinstance(part.get("properties"), dict) else ():
            if set(declared) != {"const"}:  # the discriminator inside an `if`
                yield f"{path}.{name}", declared
        for key, inner in part.items():
            yield from properties(inner, f"{path}.{key}")
    elif isinstance(part, list):
        for index, inner in enumerate(part):
            yield from properties(inner, f"{path}[{index}]")


def test_it_is_a_schema_of_the_named_draft() -> None:
    assert shape.schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(shape.schema())


def test_every_property_is_described_in_plain_sentences() -> None:
    found = list(properties(shape.schema()))
    assert len(found) > 80
    for path, declared in found:
        description = shape.resolved(declared).get("description", "")
        assert description[:1].isupper() or description.startswith("ISO"), path
        assert description.endswith("."), path


def test_every_object_is_closed() -> None:
    def objects(part: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        if isinstance(part, dict):
            if part.get("type") == "object" and "properties" in part and "allOf" not in part:
                yield path, part
            for key, inner in part.items():
                yield from objects(inner, f"{path}.{key}")

    found = list(objects(shape.schema(), ""))
    assert len(found) > 20
    assert [path for path, part in found if part.get("additionalProperties") is not False] == []


def test_metrics_of_the_schema_and_of_the_compiler_are_the_same() -> None:
    assert shape.schema()["$defs"]["metric"]["properties"]["metric"]["enum"] == list(metrics.METRICS)


@pytest.mark.parametrize("written", [written for written, _, _ in METRICS])
def test_a_plain_validator_takes_what_the_checks_take(written: str) -> None:
    jsonschema.validate(dict(with_test(written)), shape.schema(), cls=jsonschema.Draft202012Validator)


def test_a_plain_validator_takes_the_examples() -> None:
    for file in sorted(EXAMPLES.glob("*.yaml")):
        jsonschema.validate(dict(document.load(file)), shape.schema(), cls=jsonschema.Draft202012Validator)


def test_a_plain_validator_refuses_vanish_where_nobody_does() -> None:
    broken = plan(("compression: dynamic", "compression: dynamic\n    vanish: inactive"))
    assert checks.check(broken)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(dict(broken), shape.schema(), cls=jsonschema.Draft202012Validator)
