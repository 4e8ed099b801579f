"""What a request may look like at all, checked before anything parses it, and a parser of JSON and query strings that
guesses nothing.

JSON as Python reads it recurses into whatever it is sent, keeps the last of two equal keys, takes NaN, and hands on halves of
characters that no encoder can write. Here each of these is refused with its own sentence. Depth and length of numbers are
measured by one linear pass over the text, so a hostile body costs no more than an honest one of its size.
"""

from __future__ import annotations

import decimal
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from flask import Request

from api.problems import HttpCode, Problem
from graphsvc.errors import Finding

BODY_BYTES_MAX = 1 << 20
DEPTH_MAX = 16
NUMBER_CHARACTERS_MAX = 40
URL_CHARACTERS_MAX = 2000
PARAMETERS_MAX = 20
HEADERS_MAX = 64
HEADER_BYTES_MAX = 16_384
BODY_TYPE = "application/json"

# One piece of a JSON text that matters to its shape: a string, an opening or closing bracket, or a number.
_PIECES = re.compile(r'"(?:[^"\\]|\\.)*+"?|(?P<open>[\[{])|(?P<close>[\]}])|(?P<number>[-+0-9][-+0-9.eE]*+)', re.S)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def limits(request: Request) -> None:
    """Refuse a request by its size and form alone."""
    if len(request.environ.get("RAW_URI") or request.full_path) > URL_CHARACTERS_MAX:
        raise Problem(HttpCode.URL_TOO_LONG, f"The URL is longer than {URL_CHARACTERS_MAX} characters.")
    sizes = [len(name) + len(value) for name, value in request.headers.items()]
    if len(sizes) > HEADERS_MAX or sum(sizes) > HEADER_BYTES_MAX:
        raise Problem(HttpCode.HEADERS_TOO_LARGE, f"Send at most {HEADERS_MAX} headers of together {HEADER_BYTES_MAX} bytes.")
    if request.content_length is not None and request.content_length > BODY_BYTES_MAX:
        raise Problem(HttpCode.BODY_TOO_LARGE, f"The body is larger than {BODY_BYTES_MAX} bytes; send less at a time.")


def no_body(request: Request) -> None:
    """Refuse a body where the operation takes none, instead of ignoring it."""
    if request.get_data(cache=True):
        raise Problem(HttpCode.MALFORMED_REQUEST, "This operation takes no body; send the request without one.")


def accepts_json(request: Request) -> None:
    """Refuse a caller who takes no JSON."""
    accepted = request.accept_mimetypes
    if accepted and not accepted.best_match([BODY_TYPE, "application/problem+json"]):
        raise Problem(HttpCode.NOT_ACCEPTABLE, f"Answers here are {BODY_TYPE}; allow it in the Accept header.")


def _malformed(sentence: str) -> Problem:
    return Problem(HttpCode.MALFORMED_BODY, sentence)


def _measure(text: str) -> None:
    depth = 0
    for piece in _PIECES.finditer(text):
        if piece["open"]:
            depth += 1
            if depth > DEPTH_MAX:
                raise _malformed(f"The body is nested deeper than {DEPTH_MAX} levels.")
        elif piece["close"]:
            depth -= 1
        elif piece["number"] and len(piece["number"]) > NUMBER_CHARACTERS_MAX:
            raise _malformed(f"The body has a number of more than {NUMBER_CHARACTERS_MAX} characters.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _malformed(f"The key {key[:50]!a} stands twice in one object; send it once.")
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise _malformed(f"{name} is not JSON; send a number or null.")


def parse(data: bytes) -> Any:
    """A JSON text as plain values; fractions come as Decimal, so nobody takes one for a whole number or loses a digit."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed(f"The body is not UTF-8 at byte {error.start}; encode it as UTF-8.") from None
    _measure(text)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=decimal.Decimal)
    except json.JSONDecodeError as error:
        raise _malformed(f"The body is not JSON at line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except decimal.InvalidOperation:
        raise _malformed("The body has a number that is not one.") from None
    _refuse_surrogates(value)
    return value


def _refuse_surrogates(value: Any) -> None:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            if _SURROGATE.search(item):
                raise _malformed("The body has half of a surrogate pair (\\ud800 to \\udfff) alone; send whole characters.")
        elif isinstance(item, dict):
            pending.extend(item)
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


def body(request: Request) -> dict[str, Any]:
    """The body of a request: one JSON object, and nothing doubtful in it."""
    kind = request.mimetype
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if kind != BODY_TYPE or charset not in ("utf-8", "utf8"):
        raise Problem(HttpCode.UNSUPPORTED_MEDIA_TYPE, f"Send the body as {BODY_TYPE} in UTF-8, not as {kind[:60]!a}.")
    if request.content_encoding not in (None, "", "identity"):
        raise Problem(HttpCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as it is, without Content-Encoding.")
    value = parse(request.get_data(cache=True))
    if not isinstance(value, dict):
        raise _malformed("The body must be one JSON object.")
    return value


def query(request: Request) -> Mapping[str, str]:
    """The query string as names and texts; each name once, and every escape a whole UTF-8 character."""
    text = urlsplit(request.environ.get("RAW_URI") or "").query or request.query_string.decode("latin-1")
    if not text:
        return {}
    bad = "The query string cannot be read: {}."
    if _BAD_ESCAPE.search(text):
        raise Problem(HttpCode.MALFORMED_REQUEST, bad.format("a % is not followed by two hexadecimal digits"))
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=PARAMETERS_MAX)
    except UnicodeDecodeError:
        raise Problem(HttpCode.MALFORMED_REQUEST, bad.format("an escape is not UTF-8")) from None
    except ValueError:
        raise Problem(
            HttpCode.MALFORMED_REQUEST, bad.format(f"write name=value&name=value, at most {PARAMETERS_MAX} of them")
        ) from None
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise Problem(
                HttpCode.INVALID_FIELDS,
                "A parameter stands twice; send it once.",
                errors=[Finding(f"query.{name[:60]}", "stands twice", fix="send it once")],
            )
        found[name] = value
    return found
