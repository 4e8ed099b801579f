"""Which process is the server of a home: told by its number, its birth and its command line."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from graphsvc.embedded import process
from graphsvc.embedded.layout import Layout, State


@pytest.fixture
def sleeper() -> Iterator[psutil.Process]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        yield psutil.Process(child.pid)
        child.kill()


@pytest.mark.parametrize(
    ("words", "ours"),
    [
        ([], True),  # while it is replaced: seen on a busy machine as a server that had ended and said nothing
        (["java", "@server.arguments", process.SERVER, "--home-dir={home}"], True),
        (["java", process.SERVER, "--home-dir=elsewhere"], False),
        (["python"], False),
    ],
)
def test_a_process_that_is_being_replaced_is_still_the_server(
    sleeper: psutil.Process, words: list[str], ours: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil.Process, "cmdline", lambda _: [word.format(home=tmp_path) for word in words])
    state = State(sleeper.pid, sleeper.create_time(), 7687, "2026-01-01T00:00:00+00:00", 512, 256)
    assert process.is_ours(state, Layout(tmp_path)) is ours


def test_a_later_process_of_the_same_number_is_not_the_server(sleeper: psutil.Process, tmp_path: Path) -> None:
    state = State(sleeper.pid, sleeper.create_time() - 60, 7687, "2026-01-01T00:00:00+00:00", 512, 256)
    assert not process.is_ours(state, Layout(tmp_path))
