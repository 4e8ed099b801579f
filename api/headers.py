"""What every answer carries: a request id, and headers that keep browsers and caches from doing anything with it."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, request

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
# The docs page loads only what this service serves itself; Swagger UI writes inline styles and shows embedded images.
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def _number() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _mark(response: Response) -> Response:
    docs = request.endpoint in ("docs", "docs_asset")
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = _DOCS_POLICY if docs else _API_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Put them on every answer, errors too."""
    app.before_request(_number)
    app.after_request(_mark)
