"""Every error as an RFC 9457 problem; the only place that chooses an error status.

A service raises a domain error and knows no HTTP; `STATUSES` says which status and title its code has. What only HTTP can get
wrong (no such path, a body that is not JSON) has codes of its own in `HttpCode`. A problem tells what is wrong and how to mend
it, and never what the database or the language said.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from graphsvc.errors import BadInput, Code, Finding, GraphsvcError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

log = logging.getLogger("graphsvc.api")


class HttpCode(StrEnum):
    """Stable names of what is refused before any service is asked."""

    MALFORMED_REQUEST = "malformed-request"
    MALFORMED_BODY = "malformed-body"
    BAD_CURSOR = "bad-cursor"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    NOT_ACCEPTABLE = "not-acceptable"
    BODY_TOO_LARGE = "body-too-large"
    URL_TOO_LONG = "url-too-long"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    INVALID_FIELDS = "invalid-fields"
    HEADERS_TOO_LARGE = "headers-too-large"
    INTERNAL_ERROR = "internal-error"
    IDEMPOTENCY_KEY_MALFORMED = "idempotency-key-malformed"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    IDEMPOTENCY_KEY_RUNNING = "idempotency-key-running"


# code -> (status, title). The title is the same for every occurrence of a code; the detail is not.
STATUSES: Mapping[Code | HttpCode, tuple[int, str]] = {
    HttpCode.MALFORMED_REQUEST: (400, "The request is malformed"),
    HttpCode.MALFORMED_BODY: (400, "The body is not acceptable JSON"),
    HttpCode.BAD_CURSOR: (400, "The cursor is not one of ours"),
    HttpCode.UNAUTHENTICATED: (401, "A valid API key is needed"),
    HttpCode.FORBIDDEN: (403, "This key may not do that"),
    HttpCode.NOT_FOUND: (404, "There is nothing here"),
    HttpCode.METHOD_NOT_ALLOWED: (405, "The method is not offered here"),
    HttpCode.NOT_ACCEPTABLE: (406, "The answer is only available as JSON"),
    HttpCode.BODY_TOO_LARGE: (413, "The body is too large"),
    HttpCode.URL_TOO_LONG: (414, "The URL is too long"),
    HttpCode.UNSUPPORTED_MEDIA_TYPE: (415, "The body must be JSON"),
    HttpCode.INVALID_FIELDS: (422, "Some fields cannot be taken"),
    HttpCode.HEADERS_TOO_LARGE: (431, "The headers are too large"),
    HttpCode.INTERNAL_ERROR: (500, "Something went wrong here"),
    HttpCode.IDEMPOTENCY_KEY_MALFORMED: (400, "Not an idempotency key"),
    HttpCode.IDEMPOTENCY_KEY_REUSED: (422, "The idempotency key stands for another request"),
    HttpCode.IDEMPOTENCY_KEY_RUNNING: (409, "The first request under this key is running"),
    Code.BAD_INPUT: (422, "Some fields cannot be taken"),
    Code.BAD_MONTH: (422, "Not a month"),
    Code.BAD_FILE: (422, "The file cannot be taken"),
    Code.BAD_PLAN: (422, "The plan cannot be taken"),
    Code.DUPLICATE: (409, "Something has this id by now"),
    Code.PARTNER_UNKNOWN: (404, "No such partner"),
    Code.PARTNER_EXISTS: (409, "Another partner has this id"),
    Code.ORDER_UNKNOWN: (404, "No such order"),
    Code.SPONSOR_UNKNOWN: (422, "No such sponsor"),
    Code.SPONSOR_CYCLE: (409, "The sponsors would form a circle"),
    Code.TREE_UNKNOWN: (404, "No such placement tree"),
    Code.PLACE_UNFIT: (422, "Not a place for this newcomer"),
    Code.PLACE_TAKEN: (409, "The place is taken"),
    Code.PLACED_ALREADY: (409, "The partner has another place"),
    Code.PLAN_UNKNOWN: (404, "No such plan"),
    Code.PLAN_EXISTS: (409, "Another plan has this name and version"),
    Code.PLAN_NOT_IN_FORCE: (409, "No version of the plan is in force"),
    Code.BONUS_UNKNOWN: (404, "No such bonus"),
    Code.LINE_UNKNOWN: (404, "No such line"),
    Code.RATE_MISSING: (409, "An exchange rate is missing"),
    Code.RATE_EXISTS: (409, "Another rate is published"),
    Code.MONTH_NOT_CLOSED: (409, "The month is not closed"),
    Code.MONTH_NOT_OVER: (409, "The month is not over"),
    Code.MONTH_CLOSED: (409, "The month is closed"),
    Code.MONTH_BUSY: (409, "A run of the month is under way"),
    Code.MONTH_READY: (409, "The month waits to be approved"),
    Code.MONTH_NOT_READY: (409, "Nothing of the month waits to be approved"),
    Code.MONTH_OUT_OF_ORDER: (409, "An earlier month is open"),
    Code.RUN_UNKNOWN: (404, "No such run"),
    Code.RUN_LOST: (409, "Another process took the run over"),
    Code.RUN_UNPROVED: (500, "The run did not prove itself"),
    Code.LEDGER_BROKEN: (500, "The ledger is not what was posted"),
    Code.LEDGER_HEADS: (500, "The heads of the ledger cannot be read"),
    Code.SUM_TOO_LARGE: (409, "A sum is too large"),
    Code.BUSY: (409, "Something else is under way"),
    Code.COUNTED_ROW: (409, "A closed month counted this"),
    Code.PAYOUT_UNKNOWN: (404, "No such payout"),
    Code.PAYOUT_DRAFT: (409, "Another draft waits"),
    Code.PAYOUT_STATE: (409, "Not in the state for it"),
    Code.PAYOUT_STALE: (409, "Made before something changed"),
    Code.CORRECTION_UNKNOWN: (404, "No such correction"),
    Code.CORRECTION_OPEN: (409, "Another correction waits"),
    Code.CORRECTION_EMPTY: (409, "Nothing to correct"),
    Code.CORRECTION_UNFIT: (409, "Cannot be posted"),
    Code.CORRECTION_STATE: (409, "Not in the state for it"),
    Code.CORRECTION_STALE: (409, "Proposed before something changed"),
    Code.HOLD_UNKNOWN: (404, "No such hold"),
    Code.HOLD_UNFIT: (422, "Cannot be held"),
    Code.PERSON_MISSING: (403, "Nobody's key"),
    Code.PERSON_NAME: (422, "Not a person"),
    Code.SECOND_PERSON: (403, "A second person is needed"),
    Code.KEY_UNKNOWN: (404, "No such key"),
    Code.KEY_ROLE: (422, "Not a role"),
    Code.MIGRATION_CHANGED: (500, "Something went wrong here"),
    Code.MIGRATION_UNKNOWN: (500, "Something went wrong here"),
    Code.SCHEMA_INCOMPLETE: (500, "Something went wrong here"),
    Code.QUERY_CONTRACT: (500, "Something went wrong here"),
    Code.CONFIGURATION: (500, "Something went wrong here"),
    Code.DATABASE_UNAVAILABLE: (503, "The database does not answer"),
    Code.DATABASE_TIMEOUT: (504, "The question took too long"),
    Code.DEMO_ELSEWHERE: (409, "The demo network is not this one"),
    Code.EMBEDDED_FAILED: (503, "The database does not answer"),
    Code.JAR_CHANGED: (503, "The database does not answer"),
}

_OF_STATUS = {
    400: HttpCode.MALFORMED_REQUEST,
    401: HttpCode.UNAUTHENTICATED,
    403: HttpCode.FORBIDDEN,
    404: HttpCode.NOT_FOUND,
    405: HttpCode.METHOD_NOT_ALLOWED,
    406: HttpCode.NOT_ACCEPTABLE,
    413: HttpCode.BODY_TOO_LARGE,
    414: HttpCode.URL_TOO_LONG,
    415: HttpCode.UNSUPPORTED_MEDIA_TYPE,
    422: HttpCode.INVALID_FIELDS,
    431: HttpCode.HEADERS_TOO_LARGE,
}
_DETAILS = {
    HttpCode.NOT_FOUND: "No resource has this path; the document at /openapi.json lists all of them.",
    HttpCode.METHOD_NOT_ALLOWED: "This path does not take that method; the Allow header names those it takes.",
    HttpCode.BODY_TOO_LARGE: "The body is larger than this service reads; send less at a time.",
    HttpCode.MALFORMED_REQUEST: "The request cannot be read; compare it with the document at /openapi.json.",
}
_UNKNOWN_DATABASE = "The database cannot be reached at the moment; the same request may succeed in a few seconds."
_SLOW_DATABASE = "The question took longer than a request may; ask for less, such as a smaller depth or limit."
_INTERNAL = "The fault is on this side and was recorded; name the X-Request-Id of this answer when you report it."


class Problem(Exception):
    """What only HTTP can get wrong."""

    def __init__(
        self,
        code: HttpCode,
        detail: str,
        *,
        errors: Sequence[Finding] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = dict(headers or {})


def body_of(code: Code | HttpCode, detail: str, errors: Sequence[Finding] = (), **more: Any) -> dict[str, Any]:
    """A problem as the object that is sent; the same input gives the same bytes."""
    status, title = STATUSES[code]
    body: dict[str, Any] = {"type": f"urn:graphsvc:problem:{code}", "title": title, "status": status, "detail": detail}
    body["code"] = str(code)
    if errors:
        body["errors"] = [{"where": e.where, "reason": e.reason, "value": e.value, "fix": e.fix} for e in errors]
    return body | more


def answer(
    code: Code | HttpCode,
    detail: str,
    errors: Sequence[Finding] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """A problem as a response."""
    body = body_of(code, detail, errors, **more)
    # What the caller sent may stand in it, broken characters too: ASCII with escapes always travels.
    response = Response(json.dumps(body), status=body["status"], content_type=MEDIA_TYPE)
    response.headers.extend(headers or {})
    if body["status"] in (503, 504):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    if code == HttpCode.UNAUTHENTICATED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="graphsvc"'
    return response


def status_of(error: Exception) -> int:
    """The status that an error is answered with."""
    if isinstance(error, (Problem, GraphsvcError)):
        return STATUSES[error.code][0]
    if isinstance(error, HTTPException) and error.code is not None:
        return error.code
    return 500


def _of_problem(problem: Problem) -> Response:
    return answer(problem.code, problem.detail, problem.errors, problem.headers)


def _of_domain(error: GraphsvcError) -> Response:
    status = STATUSES[error.code][0]
    if status >= 500:
        log.error("%s: %s", error.code, error.sentence, exc_info=error if status == 500 else None)
        detail = {503: _UNKNOWN_DATABASE, 504: _SLOW_DATABASE}.get(status, _INTERNAL)
        return answer(error.code if status != 500 else HttpCode.INTERNAL_ERROR, detail)
    if isinstance(error, BadInput):
        return answer(error.code, error.sentence, error.findings, count=error.count)
    if error.detail:
        return answer(error.code, error.sentence, about=error.detail)
    return answer(error.code, error.sentence)


def _of_http(error: HTTPException) -> Response:
    if error.code is None or error.code >= 500:
        return _of_anything(error)
    code = _OF_STATUS.get(error.code, HttpCode.MALFORMED_REQUEST)
    allowed = getattr(error, "valid_methods", None)
    headers = {"Allow": ", ".join(sorted(allowed))} if allowed else {}
    return answer(code, _DETAILS.get(code, STATUSES[code][1] + "."), headers=headers)


def _of_anything(error: Exception) -> Response:
    log.error("unforeseen %s", type(error).__name__, exc_info=error)
    return answer(HttpCode.INTERNAL_ERROR, _INTERNAL)


def register(app: Flask) -> None:
    """Send every error of the app through this module."""
    app.register_error_handler(Problem, _of_problem)
    app.register_error_handler(GraphsvcError, _of_domain)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_anything)
