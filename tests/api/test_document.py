"""The OpenAPI document says what is served, and its page needs nothing from elsewhere."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import Call
from tests.api.rows import ROWS


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/openapi.json")
    assert answer.content_type == "application/json"
    made: dict[str, Any] = answer.json
    return made


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {o["operationId"]: o for path in document["paths"].values() for m, o in path.items() if m in ("get", "post")}


def resolved(document: dict[str, Any], node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        assert node["$ref"].startswith("#/")
        found: Any = document
        for part in node["$ref"][2:].split("/"):
            found = found[part]
        node = found
    if isinstance(node, dict):
        return {k: resolved(document, v) for k, v in node.items()}
    return [resolved(document, v) for v in node] if isinstance(node, list) else node


def test_it_is_openapi_3_1_and_complete(document: dict[str, Any], app: Flask) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"]
    assert set(document["components"]["securitySchemes"]) == {"bearer", "apiKey"}
    assert set(operations(document)) == {r.operation for r in ROWS} | {"livez", "readyz"}
    tags = {t["name"] for t in document["tags"]}
    served = {re.sub(r"<[a-z]+:(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    assert set(document["paths"]) == {p for p in served if not p.startswith(("/docs", "/openapi"))}
    for name, operation in operations(document).items():
        assert operation["summary"], name
        assert set(operation["tags"]) <= tags
        assert operation["security"] or name in ("livez", "readyz")


def test_every_answer_is_described_with_an_example_that_fits(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        answers = resolved(document, operation["responses"])
        assert {s for s in answers if s[0] == "2"}, name
        if name not in ("livez", "readyz"):
            assert {"400", "401", "403", "406", "422", "500", "503", "504"} <= set(answers), name
        for status, answer in answers.items():
            assert answer["description"]
            kind = "application/json" if status[0] == "2" else "application/problem+json"
            content = answer["content"][kind]
            jsonschema.Draft202012Validator(content["schema"]).validate(content["example"])
            if status[0] == "2":
                assert set(content["schema"].get("required", content["example"])) <= set(content["example"]), name
        if "requestBody" in operation:
            content = resolved(document, operation["requestBody"])["content"]["application/json"]
            jsonschema.Draft202012Validator(content["schema"]).validate(content["example"])
            assert operation["requestBody"]["required"] is True


def test_every_parameter_of_a_path_is_described(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        named = set(re.findall(r"{(\w+)}", path))
        for method in ("get", "post"):
            if method in item:
                described = resolved(document, [*item.get("parameters", []), *item[method].get("parameters", [])])
                assert {p["name"] for p in described if p["in"] == "path"} == named, path
                assert all(p["schema"] for p in described)


def test_answers_are_as_the_document_says(document: dict[str, Any], call: Call) -> None:
    for row in ROWS:
        answer = call("owner", row.method, row.path.format(p="A"), json=row.body)
        described = resolved(document, operations(document)[row.operation]["responses"])[str(answer.status_code)]
        jsonschema.Draft202012Validator(described["content"][answer.content_type]["schema"]).validate(answer.json)


def test_the_page_loads_only_from_here(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert page.content_type.startswith("text/html")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.get_data(as_text=True))
    assert len(assets) >= 5
    for asset in assets:
        assert not re.match(r"(?:[a-z]+:)?//", asset)
        assert client.get(f"/{asset}").status_code == 200, asset
    assert "http" not in client.get("/docs/start.js").get_data(as_text=True)
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
