"""Pages by opaque cursor: a cursor is where the last page ended, sealed for one caller, one operation and one question.

The seal is an HMAC with the stored digest of the caller's own key. It is there so that a damaged, foreign or edited cursor is
an error instead of a wrong page; nothing is protected by it, because a cursor is only ever compared with, never trusted:
the queries decide themselves what a caller may see.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g, request

from api import strict
from api.problems import HttpCode, Problem
from api.schemas.pages import LIMIT_DEFAULT

_SEAL_BYTES = 12


def _seal(payload: bytes, question: Mapping[str, Any]) -> bytes:
    asked = json.dumps([request.path, {k: v for k, v in question.items() if k not in ("cursor", "limit")}], sort_keys=True)
    return hmac.digest(g.caller.digest.encode(), asked.encode() + b"\0" + payload, hashlib.sha256)[:_SEAL_BYTES]


def _bad() -> Problem:
    return Problem(
        HttpCode.BAD_CURSOR, "The cursor is not one that this question gave to this key; start again without a cursor."
    )


def position(question: Mapping[str, Any], *types: type) -> tuple[Any, ...] | None:
    """Where the last page ended, as `types` say, or None on the first page."""
    text = question.get("cursor")
    if text is None:
        return None
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        payload, seal = sealed[:-_SEAL_BYTES], sealed[-_SEAL_BYTES:]
    except (binascii.Error, ValueError):
        raise _bad() from None
    if base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() != text or not hmac.compare_digest(seal, _seal(payload, question)):
        raise _bad()
    values = strict.parse(payload)
    if not isinstance(values, list) or [type(v) for v in values] != list(types):
        raise _bad()
    return tuple(values)


def limit(question: Mapping[str, Any]) -> int:
    """How many rows a page has."""
    return int(question.get("limit", LIMIT_DEFAULT))


def page(
    question: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], Sequence[Any]]
) -> dict[str, Any]:
    """The page out of one row more than it holds: the rows, and the cursor of the next page if there is one."""
    most = limit(question)
    shown = list(rows[:most])
    if len(rows) <= most:
        return {"items": shown, "next": None}
    payload = json.dumps(list(key(shown[-1])), separators=(",", ":")).encode()
    sealed = payload + _seal(payload, question)
    return {"items": shown, "next": base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()}
