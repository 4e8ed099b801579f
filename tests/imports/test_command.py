"""`graphsvc import` as people run it: exit codes, what stands on the screen, and the key of the digests."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from graphsvc import config
from graphsvc.errors import Refused
from graphsvc.imports import load_key
from graphsvc.query.runner import Database
from tests.imports.intake import ALL, files
from tests.server import Address


@pytest.fixture
def home(endpoint: Address, tmp_path: Path) -> dict[str, str]:
    found = {k: v for k, v in os.environ.items() if not k.startswith(("NEO4J_", "GRAPHSVC_"))}
    found |= {"GRAPHSVC_HOME": str(tmp_path / "home"), "NEO4J_URI": endpoint.uri, "NEO4J_USER": endpoint.user, "COLUMNS": "120"}
    return found | ({"NEO4J_PASSWORD": endpoint.password} if endpoint.password else {})


def run(folder: Path, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from graphsvc.cli import main; main()", "import", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


def options(folder: Path, **texts: str) -> list[str]:
    given = dict(files(folder, **texts).given())
    return [word for noun, path in given.items() for word in (f"--{noun}", path.name)]


def test_the_command_tells_what_became_of_the_rows(database: Database, tmp_path: Path, home: dict[str, str]) -> None:
    done = run(tmp_path, home, *options(tmp_path, **ALL), "--dry-run")
    assert (done.returncode, "Checked, nothing written in" in done.stdout) == (0, True), done.stderr
    done = run(tmp_path, home, *options(tmp_path, **ALL))
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["file", "rows", "new", "unchanged", "updated", "late"] in rows
    assert ["orders.csv", "3", "3", "0", "0", "0"] in rows
    assert "Imported in" in done.stdout
    again = run(tmp_path, home, *options(tmp_path, **ALL))
    assert ["orders.csv", "3", "0", "3", "0", "0"] in [line.split() for line in again.stdout.splitlines()]


def test_faults_end_with_exit_code_2_and_a_line_each(database: Database, tmp_path: Path, home: dict[str, str]) -> None:
    done = run(tmp_path, home, *options(tmp_path, partners="partner_id,joined_at\nA,never\nB,soon\n"))
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "Nothing was imported: 2 faults in partners.csv (2).",
        "  partners.csv line 2, joined_at: 'never' is not a date or time; write it as 2025-03-01 or 2025-03-01T12:00:00Z",
        "  partners.csv line 3, joined_at: 'soon' is not a date or time; write it as 2025-03-01 or 2025-03-01T12:00:00Z",
    ]
    assert run(tmp_path, home).returncode == 2


def test_a_server_that_does_not_answer_ends_with_exit_code_3(tmp_path: Path, home: dict[str, str]) -> None:
    done = run(tmp_path, home | {"NEO4J_URI": "bolt://127.0.0.1:1"}, *options(tmp_path, partners=ALL["partners"]))
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = config.load({"GRAPHSVC_HOME": str(tmp_path / "home")})
    key = load_key(settings)
    path = tmp_path / "home" / "identifier.key"
    assert len(key) == 32
    assert load_key(settings) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    path.write_text("no key")
    with pytest.raises(Refused, match="cannot be read"):
        load_key(settings)
    own = config.load({"GRAPHSVC_HOME": str(tmp_path), "GRAPHSVC_IDENTIFIER_KEY": "k" * 32})
    assert load_key(own) == b"k" * 32
