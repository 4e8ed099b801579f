"""A real server in a home of its own for this folder, and caches made of the user's own without copying or fetching."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graphsvc import config, embedded
from graphsvc.config import Settings
from graphsvc.embedded import jars
from graphsvc.progress import Silent

SMALL = {"heap_mb": 300, "page_cache_mb": 32}


def settings_of(home: Path) -> Settings:
    """Settings of a small server in `home`, whatever Neo4j the other tests use."""
    return replace(config.load(), home=home, neo4j_uri=None, neo4j_password=None, bolt_port=None, **SMALL)


def command(settings: Settings, *args: str, **more: str) -> subprocess.Popen[str]:
    """`graphsvc ARGS` as a process of its own, in that home."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GRAPHSVC_", "NEO4J_"))}
    env |= {"GRAPHSVC_HOME": str(settings.home), "GRAPHSVC_CACHE": str(settings.cache)}
    env |= {"GRAPHSVC_HEAP_MB": str(settings.heap_mb), "GRAPHSVC_PAGE_CACHE_MB": str(settings.page_cache_mb), **more}
    run = [sys.executable, "-c", "from graphsvc.cli import main; main()", *args]
    return subprocess.Popen(run, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings for a home where nothing runs."""
    return settings_of(tmp_path / "home")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, list[str]]]:
    """A server that two commands started at the same moment, where a first start was cut off before; what each of them said."""
    own = settings_of(tmp_path_factory.mktemp("embedded") / "home with a space")
    jars.ready(own.cache, Silent())
    half = own.home / "neo4j" / "data" / "databases" / "system"
    half.mkdir(parents=True)
    (own.home / "neo4j" / "data" / "server_id").touch()  # empty, it keeps Neo4j from ever starting
    (own.home / "neo4j" / "first-start").touch()
    racing = [command(own, "db", "start") for _ in range(2)]
    said = [process.communicate() for process in racing]
    try:
        assert [process.returncode for process in racing] == [0, 0], said
        yield own, [out for out, _ in said]
    finally:
        embedded.stop(own)


@pytest.fixture
def linked_cache(tmp_path: Path) -> Callable[[], Path]:
    """Makes a cache with every jar of the user's own, as further names of the same files."""

    def make() -> Path:
        ready = jars.ready(config.load().cache, Silent())
        place = jars.folder(tmp_path / "cache")
        place.mkdir(parents=True)
        for jar in ready:
            try:
                os.link(jar, place / jar.name)
            except OSError:
                (place / jar.name).write_bytes(jar.read_bytes())
        return tmp_path / "cache"

    return make
