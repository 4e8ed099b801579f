"""The OpenAPI document and the page that shows it, without anything from elsewhere."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from apispec import APISpec
from flask import Flask, Response, abort, current_app
from flask_smorest import Api

from api import problems
from api.noun import _NAMES
from api.schemas.health import Health
from api.schemas.problems import ProblemDetails
from graphsvc import __version__
from graphsvc.errors import Code

_ASSETS = {
    "swagger-ui.css": "text/css",
    "index.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui-standalone-preset.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>graphsvc API</title>
<link rel="stylesheet" href="docs/index.css"><link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" type="image/png" href="docs/favicon-32x32.png"></head>
<body><div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script><script src="docs/swagger-ui-standalone-preset.js"></script>
<script src="docs/start.js"></script></body>
</html>
"""
_START = """window.ui = SwaggerUIBundle({
  url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, tryItOutEnabled: true, persistAuthorization: false,
  validatorUrl: null, layout: "StandaloneLayout", presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
});
"""
_ABOUT = """Partners, sales and commissions in one graph: who is owed what, and why.

**Keys.** Every operation below /v1 needs an API key, sent as `Authorization: Bearer gs_…` or `X-API-Key: gs_…`. Roles:
`cabinet` (one partner's own subtree), `compliance`, `integration`, `owner`; each operation names its own in `x-roles`. What a
key may not see looks like what does not exist.

**Errors** are RFC 9457 problems. `code` is stable and made for programs; `detail` says what is wrong and how to mend it.

**Repeats.** Every operation that changes something takes an `Idempotency-Key`: sent again under the same key, the same request
has one effect and gets the first answer. After a 5xx, or no answer at all, send it again as it was.

**Pages.** A listing gives `items` and `next`; send `next` as `cursor` for the page after it.

**Numbers.** Money is in minor units of its currency, volumes are in thousandths, rates in parts per million; all are integers.
"""
_EXAMPLES: Mapping[str, Code | problems.HttpCode] = {
    "UNAUTHORIZED": problems.HttpCode.UNAUTHENTICATED,
    "FORBIDDEN": problems.HttpCode.FORBIDDEN,
    "BAD_REQUEST": problems.HttpCode.MALFORMED_REQUEST,
    "NOT_FOUND": problems.HttpCode.NOT_FOUND,
    "NOT_ACCEPTABLE": problems.HttpCode.NOT_ACCEPTABLE,
    "CONFLICT": Code.MONTH_NOT_CLOSED,
    "REQUEST_ENTITY_TOO_LARGE": problems.HttpCode.BODY_TOO_LARGE,
    "REQUEST_URI_TOO_LONG": problems.HttpCode.URL_TOO_LONG,
    "UNSUPPORTED_MEDIA_TYPE": problems.HttpCode.UNSUPPORTED_MEDIA_TYPE,
    "UNPROCESSABLE_ENTITY": problems.HttpCode.INVALID_FIELDS,
    "REQUEST_HEADER_FIELDS_TOO_LARGE": problems.HttpCode.HEADERS_TOO_LARGE,
    "INTERNAL_SERVER_ERROR": problems.HttpCode.INTERNAL_ERROR,
    "SERVICE_UNAVAILABLE": Code.DATABASE_UNAVAILABLE,
    "GATEWAY_TIMEOUT": Code.DATABASE_TIMEOUT,
}


class Document(Api):  # type: ignore[misc]
    """flask-smorest's document with our problems as its errors; the errors themselves are `api.problems`."""

    ERROR_SCHEMA = ProblemDetails
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """None of its own: one mapper for all errors."""

    def _register_responses(self) -> None:
        for status, name in _NAMES.items():
            code = _EXAMPLES[name]
            title = problems.STATUSES[code][1]
            content = {"schema": ProblemDetails, "example": problems.body_of(code, f"{title}.")}
            headers = {"X-Request-Id": {"schema": {"type": "string"}, "description": "Name it when you report a fault."}}
            if status in (503, 504):
                headers["Retry-After"] = {"schema": {"type": "string"}, "description": "Seconds to wait."}
            if status == 409:
                told = f"Seconds to wait; only with `{problems.HttpCode.IDEMPOTENCY_KEY_RUNNING}`."
                headers["Retry-After"] = {"schema": {"type": "string"}, "description": told}
            response = {"description": title, "content": {problems.MEDIA_TYPE: content}, "headers": headers}
            self.spec.components.response(name, response, lazy=True)


def configure(app: Flask) -> Document:
    """The document of an app, still without operations."""
    app.config.update(
        API_TITLE="graphsvc",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": _ABOUT, "summary": "Network intelligence for companies that pay partners for sales."},
            "servers": [{"url": "/"}],
        },
    )
    document = Document(app)
    document.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "description": "An API key."})
    document.spec.components.security_scheme("apiKey", {"type": "apiKey", "in": "header", "name": "X-API-Key"})
    return document


def _health(app: Flask, spec: APISpec) -> None:
    spec.tag({"name": "health", "description": "Signs of life; they need no key."})
    for operation, said, word in (
        ("livez", "Whether this process answers.", "alive"),
        ("readyz", "Whether this process answers and reaches its database.", "ready"),
    ):
        refused = {"503": "SERVICE_UNAVAILABLE"} if operation == "readyz" else {}
        answer = {"description": "It does.", "content": {"application/json": {"schema": Health, "example": {"status": word}}}}
        refused = {"500": "INTERNAL_SERVER_ERROR", **refused}
        get = {
            "operationId": operation,
            "summary": said,
            "tags": ["health"],
            "security": [],
            "responses": {"200": answer, **refused},
        }
        spec.path(rule=next(app.url_map.iter_rules(operation)), operations={"get": get})


def _openapi() -> Response:
    return Response(current_app.extensions["openapi"], content_type="application/json")


def _docs() -> Response:
    return Response(_PAGE, content_type="text/html; charset=utf-8")


def _asset(name: str) -> Response:
    if name == "start.js":
        return Response(_START, content_type="text/javascript; charset=utf-8")
    if name not in _ASSETS:
        abort(404)
    return Response((files("flask_swagger_ui") / "dist" / name).read_bytes(), content_type=_ASSETS[name])


def build(document: Document) -> dict[str, Any]:
    """The finished document as plain values."""
    return copy.deepcopy(document.spec.to_dict())


def serve(app: Flask, document: Document) -> None:
    """Offer the document at /openapi.json and its page at /docs."""
    _health(app, document.spec)
    app.extensions["openapi"] = json.dumps(build(document), indent=1, ensure_ascii=False).encode()
    app.add_url_rule("/openapi.json", "openapi", _openapi)
    app.add_url_rule("/docs", "docs", _docs)
    app.add_url_rule("/docs/<text:name>", "docs_asset", _asset)
