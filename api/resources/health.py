"""Signs of life, for whoever restarts and routes; they need no key and tell nothing."""

from __future__ import annotations

from typing import Any

from flask import jsonify

from api.state import database


def livez() -> Any:
    """This process answers."""
    return jsonify(status="alive")


def readyz() -> Any:
    """This process answers and reaches its database."""
    database().verify()
    return jsonify(status="ready")
