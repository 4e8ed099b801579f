"""Bonuses that take several periods together: what a plan says of them under `spans` (mechanics section 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.periods import parse_month
from graphsvc.plan.compiled import Spans


def of(bonus: Mapping[str, Any]) -> Spans | None:
    """The spans of a bonus; None where it pays in each period for itself."""
    given = bonus.get("spans")
    return None if given is None else Spans(given["periods"], parse_month(given["first"]))
