"""What the tests of the month share: the command line inside this process, and a database that lives for a whole module."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import neo4j
import pytest

from graphsvc.cli import console, main
from graphsvc.query.runner import Database
from tests import server
from tests.server import Address


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What it said on stderr, on one line."""
        return " ".join(self.err.split())


@pytest.fixture(scope="module")
def kept(_opened: Database, driver: neo4j.Driver, endpoint: Address) -> Database:
    """A database that is clean when the module begins, for tests that only read what the module's first one closed."""
    server.empty(driver, endpoint.database)
    return _opened


@pytest.fixture
def cli(
    endpoint: Address, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Said]:
    """Run a command as a person would, but inside this process: `cli("month", "close", "2025-03", "--plan", "small")`."""
    monkeypatch.setenv("NEO4J_URI", endpoint.uri)
    monkeypatch.setenv("NEO4J_USER", endpoint.user)
    monkeypatch.setenv("GRAPHSVC_HOME", str(tmp_path / "home"))
    if endpoint.password is not None:
        monkeypatch.setenv("NEO4J_PASSWORD", endpoint.password)
    if endpoint.database is not None:
        monkeypatch.setenv("NEO4J_DATABASE", endpoint.database)
    monkeypatch.setattr(console.out, "_width", 200)
    monkeypatch.setattr(console.err, "_width", 200)

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["graphsvc", *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as done:
            code = int(done.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run
