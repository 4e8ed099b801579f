"""The API on the test database, a small tree, and a key of each role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api import create_app
from graphsvc import keys, network
from graphsvc.query.runner import Database

# child -> sponsor; the cabinet key is A's, so E, F and R are not its business.
TREE = {"R": None, "A": "R", "B": "A", "C": "B", "D": "A", "E": "R", "F": "E"}
CABINET_OF = "A"

Call = Callable[..., TestResponse]


@pytest.fixture
def tree(database: Database) -> Database:
    """The tree above, made by the service."""
    for partner_id, sponsor_id in TREE.items():
        network.create(database, network.NewPartner(partner_id, "2025-01-01", sponsor_id, name=f"Name of {partner_id}"))
    return database


@pytest.fixture
def held(tree: Database) -> dict[str, str]:
    """A key of each role."""
    return {role: keys.create(tree, role, CABINET_OF if role == "cabinet" else None).text for role in keys.Role}


@pytest.fixture
def app(database: Database) -> Flask:
    """The application on the test database."""
    made = create_app(lambda _seconds: database)
    made.testing = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without a key."""
    return app.test_client()


@pytest.fixture
def call(client: FlaskClient, held: dict[str, str]) -> Call:
    """Call the API as a role: `call("owner", "GET", "/v1/partners/A")`."""

    def run(role: str | None, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {held[role]}"} if role else {}
        return client.open(path, method=method, headers={**headers, **more.pop("headers", {})}, **more)

    return run
