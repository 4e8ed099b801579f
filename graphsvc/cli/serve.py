"""`graphsvc serve`: the API, until it is stopped."""

from __future__ import annotations

import click

from graphsvc import config, serving
from graphsvc.cli import console


@click.command()
def serve() -> None:
    """Serve the API on GRAPHSVC_LISTEN until Ctrl-C; starts the embedded Neo4j where NEO4J_URI is not set."""
    settings = config.load()
    serve_until_stopped(settings)
    if settings.neo4j_uri is None:
        console.say("The embedded Neo4j goes on running; `graphsvc db stop` stops it.")


def serve_until_stopped(settings: config.Settings) -> None:
    """Serve, tell where, and return once Ctrl-C or SIGTERM has ended it cleanly."""
    serving.serve(settings, announce, console.Bars())
    console.say("The API is stopped.")


def announce(url: str) -> None:
    """Say where the API and its interactive docs are."""
    console.say(f"graphsvc answers at {url}")
    console.say(f"Docs: {url}/docs")
    console.say("Make a key with `graphsvc key create --role owner`. Ctrl-C stops.")
