"""Who is calling, and whether they may: decided before a view runs, from the table in `api.access`.

A refused key and an absent one get the same answer, and so do a partner out of reach and one that does not exist: whether a
partner may be seen is decided by one query, `network.visible`, for every operation with a partner in its path.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, g, request

from api import strict
from api.access import ACCESS, OPEN, Reach
from api.problems import HttpCode, Problem
from api.state import database
from graphsvc import keys, network
from graphsvc.errors import Code, Refused
from graphsvc.imports import values
from graphsvc.query.values import Row

_NO_KEY = "Send a valid API key as `Authorization: Bearer gs_…` or as `X-API-Key: gs_…`."


def _key_sent() -> str:
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    own = request.headers.get("X-API-Key", "")
    if own and bearer:
        return ""  # two keys: which of them is meant is not ours to guess
    return own or (bearer.strip() if scheme.lower() == "bearer" else "")


def guard() -> None:
    """Before every request: limits, then the key, then the role, then the partner in the path."""
    strict.limits(request)
    if request.endpoint is None or request.endpoint in OPEN or request.method == "OPTIONS":
        return
    caller = keys.authenticate(database(), _key_sent())
    if caller is None:
        raise Problem(HttpCode.UNAUTHENTICATED, _NO_KEY)
    g.caller = caller
    view: Callable[..., object] = current_app.view_functions[request.endpoint]
    operation = getattr(view, "operation_id", "")
    reach = ACCESS.get(operation, {}).get(caller.role)
    if reach is None:
        raise Problem(HttpCode.FORBIDDEN, f"A key of the role {caller.role} may not do this.")
    g.scope_id = None if reach is Reach.ALL else caller.partner_id
    if reach is not Reach.ALL and g.scope_id is None:
        raise Problem(HttpCode.FORBIDDEN, f"A key of the role {caller.role} may not do this.")
    strict.accepts_json(request)
    if "partner_id" in (request.view_args or {}):
        g.partner = _partner(str((request.view_args or {})["partner_id"]), alone=reach is Reach.OWN)


def _partner(partner_id: str, *, alone: bool) -> Row:
    try:
        values.identity(partner_id)
    except values.Wrong:
        found = None
    else:
        found = network.visible(database(), partner_id, g.scope_id)
    if found is not None and (not alone or found["id"] == g.scope_id):
        return found
    if g.scope_id is None:
        raise network.unknown(database(), partner_id.replace("\0", ""))
    raise Refused(Code.PARTNER_UNKNOWN, "There is no such partner, or this key may not see it.")
