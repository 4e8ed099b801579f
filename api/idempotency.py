"""The Idempotency-Key header on every operation that changes something: one effect and one answer, however often it is sent.

A key is a structured-field string (`"abc"`, draft-ietf-httpapi-idempotency-key-header), and `abc` names the same one. It belongs
to the API key that sent it. `keyed` goes round a whole view, the reading of the body included: a 2xx is kept before it is sent,
a 4xx gives the key back, and after anything else the key waits for its lease. On a GET the header means nothing and is not
looked at: reading again is safe already, and an old answer kept for a new question would be wrong.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, g, request

from api import problems, strict
from api.problems import HttpCode, Problem
from api.state import database
from graphsvc import idempotency
from graphsvc.errors import Unavailable
from graphsvc.idempotency import Answer, Hold, Outcome

METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY_CHARACTERS_MAX = 255

PARAMETER: Mapping[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 2 * KEY_CHARACTERS_MAX + 2},
    "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    "description": (
        f"A name of your choice for this request, of 1 to {KEY_CHARACTERS_MAX} printable ASCII characters: quoted, or bare where "
        f"it has no quote, backslash or comma. Sent again with it within {idempotency.KEPT_DAYS} days, the same request has one "
        f"effect and gets the first answer, with `{REPLAYED}: true`; another request with it is refused (422, "
        f"`{HttpCode.IDEMPOTENCY_KEY_REUSED}`), and so is the same one while the first is still running (409, "
        f"`{HttpCode.IDEMPOTENCY_KEY_RUNNING}`, with Retry-After). A request that was refused leaves its key free."
    ),
}
ANSWER_HEADERS: Mapping[str, Any] = {
    REPLAYED: {
        "schema": {"type": "string", "enum": ["true"]},
        "description": f"Only on an answer that was given before under this {HEADER}.",
    }
}

log = logging.getLogger("graphsvc.api")

_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"', re.ASCII)
_BARE = re.compile(r"[!#-+\--\[\]-~](?:[ !#-+\--\[\]-~]*[!#-+\--\[\]-~])?", re.ASCII)
_FORM = (
    f'Send {HEADER} once, as 1 to {KEY_CHARACTERS_MAX} printable ASCII characters in quotes, such as {HEADER}: "order-1001"; '
    "a quote or backslash in it has a backslash before it, and without quote, backslash and comma the quotes may be left out."
)


def key_sent() -> str | None:
    """The key of this request, whichever way it is written; None without one."""
    sent = request.headers.get(HEADER)
    if sent is None:
        return None
    text = sent.strip(" ")
    key = None
    if quoted := _QUOTED.fullmatch(text):
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    elif _BARE.fullmatch(text):
        key = text
    if not key or len(key) > KEY_CHARACTERS_MAX:
        raise Problem(HttpCode.IDEMPOTENCY_KEY_MALFORMED, _FORM)
    return key


def effect_id() -> str:
    """What this request is to name whatever it makes without an id of the caller's choice: the same when it is sent again under
    its key, so that a repeat finds what was made; '' without a key."""
    named: str = g.get("effect_id", "")
    return named


def keyed(view: Callable[..., Any], operation_id: str, *, takes_body: bool) -> Callable[..., Any]:
    """The view of an operation that changes something, under the key that the request may bear."""

    @functools.wraps(view)
    def under_key(*args: Any, **kwargs: Any) -> Any:
        key = key_sent()
        return view(*args, **kwargs) if key is None else _once(key, operation_id, takes_body, lambda: view(*args, **kwargs))

    return under_key


def _once(key: str, operation_id: str, takes_body: bool, run: Callable[[], Any]) -> Response:
    taken = idempotency.take(database(), g.caller.key_id, key, _digest(operation_id, takes_body))
    if taken.outcome is Outcome.REUSED:
        raise Problem(
            HttpCode.IDEMPOTENCY_KEY_REUSED,
            f"This {HEADER} stands for another request of yours, with another method, path or body; "
            "send that one as it was, or this one under a new key.",
        )
    if taken.outcome is Outcome.RUNNING:
        raise _running(taken.seconds)
    if taken.answer is not None:
        return _replayed(taken.answer)
    g.effect_id = taken.hold.effect_id
    return _kept(taken.hold, run)


def _digest(operation_id: str, takes_body: bool) -> str:
    if takes_body:
        body = strict.body(request)
    else:
        strict.no_body(request)
        body = {}
    return idempotency.digest(request.method, operation_id, request.view_args or {}, dict(strict.query(request)), body)


def _kept(hold: Hold, run: Callable[[], Any]) -> Response:
    try:
        response: Response = current_app.make_response(run())
        status = response.status_code
    except Exception as error:
        if problems.status_of(error) < 500:
            _release(hold)
        raise
    if status >= 300:
        if status < 500:
            _release(hold)
        return response
    headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
    if not idempotency.finish(database(), hold, Answer(status, headers, response.get_data(as_text=True))):
        raise _running(idempotency.LEASE_SECONDS)
    return response


def _release(hold: Hold) -> None:
    try:
        idempotency.release(database(), hold)
    except Unavailable as error:
        log.warning("an idempotency key could not be given back and waits for its lease: %s", error)


def _running(seconds: int) -> Problem:
    return Problem(
        HttpCode.IDEMPOTENCY_KEY_RUNNING,
        f"The first request under this {HEADER} has not ended yet; send this one again after the seconds of Retry-After.",
        headers={"Retry-After": str(max(1, min(seconds, problems.RETRY_SECONDS)))},
    )


def _replayed(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status)
    for name in {name for name, _ in answer.headers}:
        response.headers.pop(name, None)
    response.headers.extend(answer.headers)
    response.headers[REPLAYED] = "true"
    return response
