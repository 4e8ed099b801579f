"""The real thing: gunicorn as `graphsvc serve` starts it, over HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from graphsvc import keys
from graphsvc.query.runner import Database

COMMAND = [sys.executable, "-c", "from graphsvc.cli import main; main()", "serve"]


@dataclass
class Served:
    """A running service: its process and address."""

    process: subprocess.Popen[str]
    url: str

    def get(self, path: str, key: str | None = None, data: bytes | None = None) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} | ({"X-API-Key": key} if key else {})
        asked = urllib.request.Request(f"{self.url}{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


def started(environment: dict[str, str]) -> Served:
    settings = environment | {"GRAPHSVC_LISTEN": "127.0.0.1:0", "GRAPHSVC_WORKERS": "2"}
    process = subprocess.Popen(COMMAND, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"answers at (http://\S+)", line):
            # What it says from here on is read, or it would wait for ever once the pipe is full.
            threading.Thread(target=lambda: deque(process.stdout or (), maxlen=0), daemon=True).start()
            return Served(process, found[1])
    raise AssertionError("".join(said))


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[Served]:
    running = started(environment)
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.wait()


def test_it_serves_and_ends_cleanly(served: Served, database: Database) -> None:
    key = keys.create(database, "owner").text
    assert served.get("/livez")[0] == 200
    assert served.get("/readyz")[0] == 200
    assert b"swagger-ui" in served.get("/docs")[1]
    assert json.loads(served.get("/openapi.json")[1])["openapi"] == "3.1.0"
    assert served.get("/v1/runs")[0] == 401
    partner = json.dumps({"id": "a/b%2F", "joined_at": "2025-01-01"}).encode()
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(served.get("/v1/partners", key, partner)[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 8
    assert json.loads(served.get("/v1/partners/a%2Fb%252F", key)[1])["id"] == "a/b%2F"
    assert served.get("/v1/partners", key, b"[" * 100_000)[0] == 400
    assert served.get("/v1/partners?q=" + "a" * 3_000, key)[0] == 414
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(30) == 0
    with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", int(served.url.rsplit(":", 1)[1])), 2):
        pass


def test_it_does_not_outlive_a_killed_command(served: Served) -> None:
    os.kill(served.process.pid, signal.SIGKILL)
    served.process.wait()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            served.get("/livez")
        except OSError:
            return
        time.sleep(0.1)
    raise AssertionError("gunicorn still answers")


@pytest.mark.parametrize("listen", ["busy", "198.51.100.1:1", "no.such.host.invalid:80"])
def test_an_address_that_cannot_be_used_is_one_sentence(environment: dict[str, str], listen: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        where = f"127.0.0.1:{taken.getsockname()[1]}" if listen == "busy" else listen
        settings = environment | {"GRAPHSVC_LISTEN": where}
        ended = subprocess.run(COMMAND, env=settings, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "GRAPHSVC_LISTEN" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
