"""The command line inside this process, as the tests of the month have it."""

from __future__ import annotations

from tests.month.conftest import cli

__all__ = ["cli"]
