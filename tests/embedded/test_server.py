"""One real server through its whole life: shared, crashed, recovered, wiped. The tests of this module run in order."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
from pathlib import Path

import neo4j
import psutil
import pytest

from graphsvc import embedded
from graphsvc.config import Settings
from graphsvc.embedded import admin
from graphsvc.errors import Refused
from graphsvc.progress import Silent

from .conftest import command

Server = tuple[Settings, list[str]]


def ask(settings: Settings, text: str) -> list[list[object]]:
    """What Cypher answers on the server of that home."""
    endpoint = embedded.ensure_running(settings)
    with neo4j.GraphDatabase.driver(endpoint.uri, auth=(endpoint.user, endpoint.password)) as driver:
        return [list(record.values()) for record in driver.execute_query(text).records]


def state_file(settings: Settings) -> Path:
    return settings.home / "neo4j" / "state.json"


def running_servers(settings: Settings) -> list[int]:
    home = f"--home-dir={settings.home / 'neo4j'}"
    return [p.pid for p in psutil.process_iter(["cmdline"]) if home in (p.info["cmdline"] or [])]


def test_two_commands_at_once_share_one_server(server: Server) -> None:
    settings, said = server
    addresses = {re.search(r"bolt://127\.0\.0\.1:\d+", text).group() for text in said}  # type: ignore[union-attr]
    assert len(addresses) == 1
    assert len(running_servers(settings)) == 1
    assert not (settings.home / "neo4j" / "first-start").exists(), "from now on nothing is wiped unasked"


def test_a_second_start_finds_the_first(server: Server) -> None:
    settings, _ = server
    before = embedded.status(settings)
    endpoint = embedded.ensure_running(settings)
    after = embedded.status(settings)
    assert before.state == after.state == "running"
    assert before.pid == after.pid
    assert endpoint.uri == after.uri
    assert (after.heap_mb, after.page_cache_mb) == (settings.heap_mb, settings.page_cache_mb)
    assert after.data_bytes > 0


def test_it_listens_on_loopback_only_and_its_password_is_private(server: Server) -> None:
    settings, _ = server
    pid = embedded.status(settings).pid
    assert pid is not None
    listening = {c.laddr.ip for c in psutil.Process(pid).net_connections("inet") if c.status == psutil.CONN_LISTEN}
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}
    assert listening
    password = settings.home / "neo4j" / "password"
    assert stat.S_IMODE(password.stat().st_mode) == 0o600
    text = password.read_text().strip()
    conf = settings.home / "neo4j" / "conf"
    assert all(text not in file.read_text() for file in conf.iterdir())
    assert text not in repr(embedded.ensure_running(settings))


def test_it_lives_in_a_session_of_its_own_so_that_ctrl_c_passes_it_by(server: Server) -> None:
    settings, _ = server
    pid = embedded.status(settings).pid
    assert pid is not None
    assert os.getsid(pid) == pid


def test_status_as_a_machine_reads_it(server: Server) -> None:
    settings, _ = server
    out, err = command(settings, "db", "status", "--format", "ndjson").communicate()
    assert json.loads(out)["uri"] == embedded.status(settings).uri, err


def test_neo4j_admin_runs_beside_it_only_where_it_may(server: Server, tmp_path: Path) -> None:
    settings, _ = server
    with pytest.raises(Refused, match=r"`database dump` needs a stopped server.*graphsvc db stop"):
        admin.run(settings, ["database", "dump", "neo4j", f"--to-path={tmp_path}"], Silent())
    with pytest.raises(Refused, match=r"use `graphsvc db start`"):
        admin.run(settings, ["server", "start"], Silent())


def test_after_kill_9_the_next_command_starts_it_with_its_data(server: Server) -> None:
    settings, _ = server
    ask(settings, "CREATE (:Kept {word: 'still here'})")
    before = embedded.status(settings)
    assert before.pid is not None
    os.kill(before.pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(before.pid)] if psutil.pid_exists(before.pid) else [], timeout=10)
    assert embedded.status(settings).state == "stopped"

    # the number of the dead server now belongs to somebody else: to us
    left = json.loads(state_file(settings).read_text())
    state_file(settings).write_text(json.dumps(left | {"pid": os.getpid(), "created": psutil.Process().create_time()}))
    assert embedded.status(settings).state == "stopped"
    state_file(settings).write_text('{"pid": 1, "half a sta')
    assert embedded.status(settings).state == "stopped"

    assert ask(settings, "MATCH (k:Kept) RETURN k.word") == [["still here"]]
    assert embedded.status(settings).uri == before.uri, "who held the address finds the server there again"


def test_a_server_whose_state_was_lost_is_still_stopped_then_wiped_and_born_anew(server: Server, tmp_path: Path) -> None:
    settings, _ = server
    password = embedded.ensure_running(settings).password
    state_file(settings).unlink()
    assert embedded.stop(settings) is True
    assert running_servers(settings) == []
    assert embedded.stop(settings) is False

    assert admin.run(settings, ["database", "dump", "neo4j", f"--to-path={tmp_path}"], Silent()) == 0
    assert (tmp_path / "neo4j.dump").stat().st_size > 0

    asked = command(settings, "db", "reset")
    assert asked.communicate("n\n")
    assert asked.returncode != 0
    assert (settings.home / "neo4j" / "data" / "databases").exists(), "no was the answer"
    told = command(settings, "db", "reset", "--yes")
    assert "wiped" in told.communicate()[0]
    assert ask(settings, "MATCH (n) RETURN count(n)") == [[0]]
    assert embedded.ensure_running(settings).password == password


def test_a_lost_password_is_said_and_not_invented(server: Server) -> None:
    settings, _ = server
    password = settings.home / "neo4j" / "password"
    text = password.read_text()
    password.unlink()
    try:
        with pytest.raises(Refused, match=r"password is gone.*graphsvc db reset"):
            embedded.ensure_running(settings)
    finally:
        password.write_text(text)


def test_stopping_is_clean(server: Server) -> None:
    settings, _ = server
    embedded.ensure_running(settings)
    stopping = command(settings, "db", "stop")
    out, err = stopping.communicate()
    assert (stopping.returncode, out) == (0, "Neo4j is stopped.\n"), err
    assert running_servers(settings) == []
    assert not state_file(settings).exists()
