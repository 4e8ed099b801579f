"""Parts of a path: an id may hold a slash or a percent sign, as long as it is written %2F or %25.

WSGI hands over a path with its escapes already undone, so that `A%2FB` and `A/B` look the same. `RawPath` keeps the two
escapes that matter one step longer, and the converters undo them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from werkzeug.routing import BaseConverter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Text(BaseConverter):
    """One part of a path as text."""

    part_isolating = True
    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The part with its last escapes undone."""
        return value.replace("%2F", "/").replace("%25", "%")

    def to_url(self, value: str) -> str:
        """The part as it stands in a URL."""
        return quote(str(value), safe="")


class PartnerId(Text):
    """A partner's id."""


class MonthName(Text):
    """A period such as 2025-03, 2025-Q1 or W2025-03-03; the service refuses what is none."""


class RawPath:
    """Keeps %2F and %25 of a path for the converters."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "").partition("?")[0]
        if raw.startswith("/"):
            kept = re.sub("%2f", "%252F", raw.replace("%25", "%2525"), flags=re.I)
            environ["PATH_INFO"] = unquote_to_bytes(kept).decode("latin-1").removeprefix(environ.get("SCRIPT_NAME", ""))
        return self._app(environ, start_response)
