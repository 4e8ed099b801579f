"""The way to the database: a Neo4j that is already there, or the embedded one, brought to our schema and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphsvc import migrate
from graphsvc.config import Settings
from graphsvc.errors import Unavailable
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database

if TYPE_CHECKING:
    from graphsvc.embedded import Endpoint

COMMAND_SECONDS = 600.0


def _given(settings: Settings, limit: float) -> Database:
    """The database that NEO4J_URI names."""
    named, user, password = settings.neo4j_database, settings.neo4j_user, settings.neo4j_password
    return Database(settings.neo4j_uri or "", user, password, database=named, timeout_seconds=limit)


def _embedded(endpoint: Endpoint, limit: float) -> Database:
    """The one database of the embedded server."""
    return Database(endpoint.uri, endpoint.user, endpoint.password, timeout_seconds=limit)


def at_hand(settings: Settings) -> Database | None:
    """A database that answers now, as it is: nothing is started and no schema applied; None where there is none."""
    limit = settings.query_timeout_seconds or COMMAND_SECONDS
    if settings.neo4j_uri:
        database = _given(settings, limit)
    else:
        from graphsvc import embedded

        endpoint = embedded.attached(settings)
        if endpoint is None:
            return None
        database = _embedded(endpoint, limit)
    try:
        database.verify()
    except Unavailable:
        database.close()
        return None
    return database


def open_database(settings: Settings, progress: Progress | None = None, timeout_seconds: float | None = None) -> Database:
    """A database that answers and has the schema of this version; NEO4J_URI wins over the embedded server, which is started.

    `timeout_seconds` is the caller's usual limit for one query; GRAPHSVC_QUERY_TIMEOUT_SECONDS overrides it. Call it once per
    process, after any fork, and close what it gives.
    """
    shown = progress or Silent()
    limit = settings.query_timeout_seconds or timeout_seconds or COMMAND_SECONDS
    if settings.neo4j_uri:
        database = _given(settings, limit)
    else:
        from graphsvc import embedded  # not loaded at all where NEO4J_URI is given

        database = _embedded(embedded.ensure_running(settings, shown), limit)
    try:
        database.verify()
        with shown.step("Checking the schema"):
            migrate.apply(database)
    except BaseException:
        database.close()
        raise
    return database
