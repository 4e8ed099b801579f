"""The jars: pinned, proved once, refused by name when they differ, and fetched in parts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from graphsvc import embedded
from graphsvc.config import Settings
from graphsvc.embedded import jars, pins
from graphsvc.errors import Code, Refused
from graphsvc.progress import Silent

from .conftest import command

NO_NETWORK = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}


def tamper(path: Path, *, same_size_and_time: bool = False) -> None:
    """Change one byte of a jar, without touching the file that shares its name's content."""
    seen = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(bytes(content))
    if same_size_and_time:
        os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def test_the_lock_names_every_jar_once_with_a_whole_hash() -> None:
    locked = pins.locked()
    assert len(locked) == len({jar.name for jar in locked}) == 241
    assert all(len(jar.sha256) == 64 and int(jar.sha256, 16) and jar.size_bytes > 0 for jar in locked)
    assert next(jar for jar in locked if jar.artifact == "neo4j").version == pins.NEO4J_VERSION
    coordinates = [f"{jar.group}:{jar.artifact}:{jar.version}:{jar.classifier}" for jar in locked]
    assert coordinates == sorted(coordinates)


def test_a_jar_that_differs_is_refused_by_name(settings: Settings, linked_cache: Callable[[], Path]) -> None:
    cache = linked_cache()
    victim = jars.folder(cache) / "neo4j-kernel-2026.09.0.jar"
    tamper(victim)
    with pytest.raises(Refused) as told:
        embedded.ensure_running(replace(settings, cache=cache))
    pinned = next(jar.sha256 for jar in pins.locked() if jar.name == victim.name)
    assert told.value.code is Code.JAR_CHANGED
    assert told.value.sentence.startswith("neo4j-kernel-2026.09.0.jar is not the pinned jar")
    assert pinned in told.value.sentence
    assert told.value.detail["actual"] in told.value.sentence
    assert f"delete {victim}" in told.value.sentence


def test_proved_jars_are_not_hashed_at_each_start_but_on_demand(settings: Settings, linked_cache: Callable[[], Path]) -> None:
    cache = linked_cache()
    jars.ready(cache, Silent())
    victim = jars.folder(cache) / "neo4j-kernel-2026.09.0.jar"
    tamper(victim, same_size_and_time=True)
    jars.ready(cache, Silent())  # a stamp tells who changed, not who hides it
    with pytest.raises(Refused, match=r"^neo4j-kernel-2026\.09\.0\.jar is not the pinned jar"):
        embedded.status(replace(settings, cache=cache), verify=True)
    victim.touch()
    with pytest.raises(Refused, match=r"^neo4j-kernel-2026\.09\.0\.jar is not the pinned jar"):
        jars.ready(cache, Silent())


def test_what_arrived_is_kept_and_half_a_jar_is_not_taken_for_a_whole_one(
    settings: Settings, linked_cache: Callable[[], Path]
) -> None:
    cache = linked_cache()
    jar = next(jar for jar in pins.locked() if jar.artifact == "neo4j-kernel")
    named = jars.folder(cache) / jar.name
    arrived = jars.folder(cache) / "arriving" / jar.group.replace(".", "/") / jar.artifact / jar.version / jar.name
    arrived.parent.mkdir(parents=True)
    home = settings.home.parent / "nobody"

    shutil.copyfile(named, arrived)
    os.truncate(arrived, jar.size_bytes // 2)
    named.unlink()
    offline = replace(settings, cache=cache)
    failed = command(offline, "db", "status", "--verify", HOME=str(home), **NO_NETWORK)
    _, said = failed.communicate()
    assert failed.returncode == 3, said
    assert said.startswith(
        f"{jar.name} could not be fetched from Maven Central (no connection). The first start needs the network"
    )
    assert "Traceback" not in said
    assert not named.exists()

    arrived.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(jars.ready(embedded_cache(), Silent())[pins.locked().index(jar)], arrived)
    done = command(offline, "db", "status", "--verify", HOME=str(home), **NO_NETWORK)
    out, said = done.communicate()
    assert done.returncode == 0, said
    assert "241 jars are the pinned ones" in out
    assert named.exists()


def embedded_cache() -> Path:
    """The cache of the user, where everything is whole."""
    from graphsvc import config

    return config.load().cache


def test_a_cache_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    failed = command(replace(settings, cache=tmp_path / "file" / "cache"), "db", "status", "--verify")
    _, said = failed.communicate()
    assert failed.returncode == 3
    assert "cannot be used: Not a directory; set GRAPHSVC_CACHE to another one." in said
