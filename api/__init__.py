"""The HTTP face of graphsvc: `create_app` puts it together; nothing is made at import."""

from __future__ import annotations

import atexit
from collections.abc import Callable

from flask import Flask

from api import auth, converters, document, headers, problems, strict
from api.resources import balances, corrections, earnings, health, months, partners, payouts, places, plans, recalculation, runs
from api.state import EXTENSION, State
from graphsvc import config
from graphsvc.connect import open_database
from graphsvc.month import Approval
from graphsvc.query.runner import Database


def create_app(open_for: Callable[[float | None], Database] | None = None, close_approval: Approval = Approval.NONE) -> Flask:
    """The application. `open_for` opens a database for queries of so many seconds; it is called at the first request, after
    any fork. Left out, the environment says which database, and what closing a period takes.
    """
    app = Flask("api", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = strict.BODY_BYTES_MAX
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.converters |= {"text": converters.Text, "partner": converters.PartnerId, "month": converters.MonthName}
    app.wsgi_app = converters.RawPath(app.wsgi_app)  # type: ignore[method-assign]

    if open_for is None:
        settings = config.load()
        state = State(_from_environment, settings.ledger_heads, Approval(settings.close_approval))
    else:
        state = State(open_for, None, close_approval)
    app.extensions[EXTENSION] = state
    atexit.register(state.close)
    headers.register(app)
    problems.register(app)
    app.before_request(auth.guard)

    described = document.configure(app)
    for converter in (converters.Text, converters.PartnerId):
        described.register_converter(converter, lambda _: {"type": "string", "minLength": 1})
    described.register_converter(converters.MonthName, lambda _: {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"})
    for resource in (partners, places, earnings, balances, plans, months, runs, recalculation, corrections, payouts):
        described.register_blueprint(resource.noun)
    app.add_url_rule("/livez", "livez", health.livez)
    app.add_url_rule("/readyz", "readyz", health.readyz)
    document.serve(app, described)
    return app


def _from_environment(timeout_seconds: float | None) -> Database:
    return open_database(config.load(), timeout_seconds=timeout_seconds)
