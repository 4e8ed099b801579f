"""A blueprint whose operations are declared in one place: what they take, what they give, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn, TypeVar

import marshmallow as ma
from flask import Request, request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser

from api import idempotency, strict
from api.access import ACCESS, Reach
from api.fields import Schema
from api.problems import HttpCode, Problem
from graphsvc.errors import Finding, nearest

View = TypeVar("View", bound=Callable[..., Any])

_NAMES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    406: "NOT_ACCEPTABLE",
    409: "CONFLICT",
    413: "REQUEST_ENTITY_TOO_LARGE",
    414: "REQUEST_URI_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "UNPROCESSABLE_ENTITY",
    431: "REQUEST_HEADER_FIELDS_TOO_LARGE",
    500: "INTERNAL_SERVER_ERROR",
    503: "SERVICE_UNAVAILABLE",
    504: "GATEWAY_TIMEOUT",
}
_WHOSE = {Reach.ALL: "", Reach.SUBTREE: " (own subtree)", Reach.OWN: " (itself)"}
_ALWAYS = (400, 401, 403, 406, 414, 422, 431, 500, 503, 504)
_WITH_BODY = (413, 415)


class Nothing(Schema):
    """The query string of an operation that takes none."""


class StrictParser(FlaskParser):
    """Reads bodies and query strings through `api.strict`, and refuses what a schema does not know by name."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": ma.RAISE, "query": ma.RAISE}  # noqa: RUF012

    def load_json(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ARG002 - webargs' signature
        """The body, if it is one JSON object without anything doubtful."""
        return strict.body(req)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ARG002 - webargs' signature
        """The query string, each name once."""
        return strict.query(req)

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,  # noqa: ARG002 - webargs' signature
        schema: ma.Schema,
        **kwargs: Any,  # noqa: ARG002 - webargs' signature
    ) -> NoReturn:
        """Every faulty field with its place."""
        raise Problem(
            HttpCode.INVALID_FIELDS,
            "Some fields cannot be taken; `errors` names each of them.",
            errors=list(_findings(error.messages_dict, schema)),
        )


def _findings(messages: Mapping[str, Any], schema: ma.Schema) -> Sequence[Finding]:
    found: list[Finding] = []
    known = sorted(schema.fields)
    for place, fields in messages.items():
        where = {"json": "body"}.get(place, place)
        for name, reasons in (fields if isinstance(fields, Mapping) else {"": fields}).items():
            fix = ""
            if name not in schema.fields:
                fix = f"known are {', '.join(known)}; {nearest(str(name), known)}" if known else "leave it out"
            text = "; ".join(map(str, reasons)) if isinstance(reasons, list) else str(reasons)
            found.append(Finding(f"{where}.{str(name)[:60]}", text, fix=fix))
    return found


class Noun(Blueprint):  # type: ignore[misc]
    """The operations of one noun below /v1."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, f"api.resources.{name}", url_prefix="/v1", description=description)
        self._prepare_doc_cbks.append(_document_key)

    def operation(
        self,
        method: str,
        rule: str,
        operation_id: str,
        *,
        returns: type[ma.Schema],
        example: Any,
        query: type[ma.Schema] = Nothing,
        body: type[ma.Schema] | None = None,
        body_example: Any = None,
        status: int = 200,
        headers: Mapping[str, Any] | None = None,
        refuses: Sequence[int] = (),
    ) -> Callable[[View], View]:
        """Declare one operation; its docstring is what the document says of it. It must stand in the access table. One that
        changes something takes an idempotency key."""
        roles = ACCESS[operation_id]
        changes = method in idempotency.METHODS
        told = {**(headers or {}), **(idempotency.ANSWER_HEADERS if changes else {})}

        def decorate(view: View) -> View:
            wrapped: Any = view
            if body is not None:
                wrapped = self.arguments(body, location="json", example=body_example)(wrapped)
            else:
                wrapped = _without_body(wrapped)
            wrapped = self.arguments(query, location="query")(wrapped)
            refused = {
                *_ALWAYS,
                *refuses,
                *(_WITH_BODY if body else ()),
                *((409,) if changes else ()),
                *((404,) if "<partner:" in rule else ()),
            }
            for code in sorted(refused):
                wrapped = self.alt_response(code, _NAMES[code])(wrapped)
            wrapped = self.response(status, returns, example=example, headers=told or None)(wrapped)
            said = ", ".join(f"{role}{_WHOSE[reach]}" for role, reach in roles.items())
            wrapped = self.doc(operationId=operation_id, **{"x-roles": said, "security": [{"bearer": []}, {"apiKey": []}]})(
                wrapped
            )
            if changes:
                wrapped = idempotency.keyed(wrapped, operation_id, takes_body=body is not None)
            wrapped.operation_id = operation_id
            self.add_url_rule(rule, operation_id, wrapped, methods=[method])
            return view

        return decorate


def _document_key(doc: dict[str, Any], _: Any, *, method: str, **__: Any) -> dict[str, Any]:
    """The header of an idempotency key, as flask-smorest asks for what an operation's description is made of."""
    if method.upper() in idempotency.METHODS:
        doc["parameters"] = [*doc.get("parameters", ()), dict(idempotency.PARAMETER)]
    return doc


def _without_body(view: Callable[..., Any]) -> Callable[..., Any]:
    def checked(*args: Any, **kwargs: Any) -> Any:
        strict.no_body(request)
        return view(*args, **kwargs)

    checked.__doc__, checked.__name__ = view.__doc__, view.__name__
    return checked
