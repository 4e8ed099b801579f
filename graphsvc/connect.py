"""The way to the database: a Neo4j that is already there, or the embedded one, brought to our schema and checked."""

from __future__ import annotations

from graphsvc import migrate
from graphsvc.config import Settings
from graphsvc.errors import Unavailable
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database

COMMAND_SECONDS = 600.0


def at_hand(settings: Settings) -> Database | None:
    """A database that answers now, as it is: nothing is started and no schema applied; None where there is none."""
    if settings.neo4j_uri:
        uri, user, password = settings.neo4j_uri, settings.neo4j_user, settings.neo4j_password
    else:
        from graphsvc import embedded

        endpoint = embedded.attached(settings)
        if endpoint is None:
            return None
        uri, user, password = endpoint.uri, endpoint.user, endpoint.password
    named = settings.neo4j_database if settings.neo4j_uri else None
    database = Database(uri, user, password, database=named, timeout_seconds=settings.query_timeout_seconds or COMMAND_SECONDS)
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
        uri, user, password = settings.neo4j_uri, settings.neo4j_user, settings.neo4j_password
    else:
        from graphsvc import embedded  # not loaded at all where NEO4J_URI is given

        endpoint = embedded.ensure_running(settings, shown)
        uri, user, password = endpoint.uri, endpoint.user, endpoint.password
    database = Database(
        uri, user, password, database=settings.neo4j_database if settings.neo4j_uri else None, timeout_seconds=limit
    )
    try:
        database.verify()
        with shown.step("Checking the schema"):
            migrate.apply(database)
    except BaseException:
        database.close()
        raise
    return database
