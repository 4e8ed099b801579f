"""A Neo4j from testcontainers, for those who have a Docker engine and ask for it with GRAPHSVC_TEST_CONTAINER=1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.server import Address

IMAGE = "neo4j:2026.09.0-community"


@contextmanager
def neo4j_container() -> Iterator[Address]:
    """A fresh server in a container, gone when the block ends."""
    from testcontainers.community.neo4j import Neo4jContainer

    with Neo4jContainer(IMAGE) as container:
        yield Address(container.get_connection_url(), container.username, container.password)
