"""The command line and the `neo4j.conf` of the server, and how much memory it gets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import psutil

from graphsvc.config import Settings
from graphsvc.embedded.java import Java
from graphsvc.embedded.layout import Layout, write_private
from graphsvc.errors import Code, Refused

SERVER = "org.neo4j.server.Neo4jCommunity"
ADMIN = "org.neo4j.cli.AdminTool"
MEGABYTE = 1024 * 1024
NO_PORT = 0  # neo4j-admin wants a whole neo4j.conf, and listens nowhere
HEAP_MB_MIN = 256
CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))

# What Neo4j's own start script passes and the server cannot do without, then what keeps it quiet and honest.
JVM_FLAGS = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "-Dlog4j2.disable.jmx=true",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.leakDetection.level=DISABLED",
    "-Dfile.encoding=UTF-8",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+DisableExplicitGC",
    "-XX:+ExitOnOutOfMemoryError",  # the next command starts it again; a server without memory would only hang
)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the server gets, in megabytes."""

    heap_mb: int
    page_cache_mb: int


def machine_mb() -> int:
    """The memory of this machine, or of the container we are in."""
    total = psutil.virtual_memory().total
    for limit in CGROUP_LIMITS:
        try:
            total = min(total, int(limit.read_text(encoding="ascii")))
        except (OSError, ValueError):  # no limit reads as "max"
            continue
    return total // MEGABYTE


def memory(settings: Settings) -> Memory:
    """Heap and page cache as asked for, else as fits; refuses a heap that the machine cannot give now."""
    machine = machine_mb()
    free_mb = min(psutil.virtual_memory().available // MEGABYTE, machine)
    page_cache_mb = settings.page_cache_mb or max(256, min(2048, machine // 8))
    if settings.heap_mb is None:
        fitting = max(512, min(4096, machine // 4))
        heap_mb = fitting if fitting <= free_mb else max(HEAP_MB_MIN, free_mb // 2)
    else:
        heap_mb = settings.heap_mb
    if heap_mb > free_mb:
        raise Refused(
            Code.CONFIGURATION,
            f"The embedded Neo4j is to have a heap of {heap_mb} MB, but of the {machine} MB here only {free_mb} MB are free; "
            + (
                f"set GRAPHSVC_HEAP_MB to {max(HEAP_MB_MIN, free_mb // 2)} or less."
                if free_mb >= HEAP_MB_MIN
                else "end something else first."
            ),
        )
    if page_cache_mb > machine:
        raise Refused(
            Code.CONFIGURATION,
            f"The embedded Neo4j is to have a page cache of {page_cache_mb} MB, but the machine has {machine} MB in all; "
            "set GRAPHSVC_PAGE_CACHE_MB lower or unset it.",
        )
    return Memory(heap_mb, page_cache_mb)


def write_conf(layout: Layout, settings: Settings, port: int, given: Memory) -> None:
    """Write `neo4j.conf` anew; it is ours, so what a person changed there is gone after a start."""
    lines = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.bolt.telemetry.enabled": "false",
        "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "0s",  # else a stop idles ten seconds after its work
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.heap.initial_size": f"{min(given.heap_mb, 512)}m",
        "server.memory.heap.max_size": f"{given.heap_mb}m",
        "server.memory.pagecache.size": f"{given.page_cache_mb}m",
        "server.config.strict_validation.enabled": "true",
        "dbms.security.auth_enabled": "true",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "dbms.usage_report.enabled": "false",
        "db.transaction.timeout": f"{max(3600, settings.query_timeout_seconds or 0)}s",
        "db.lock.acquisition.timeout": "60s",
        "internal.cypher.use_parameter_size": "false",  # else lists of another length plan a query anew
        "dbms.cypher.min_replan_interval": f"{settings.replan_seconds}s",
        "db.tx_log.rotation.size": "64m",
        "db.tx_log.rotation.retention_policy": "2 files",
    }
    text = "# Written by graphsvc at each start of the embedded Neo4j; changes made here are lost.\n"
    write_private(layout.conf / "neo4j.conf", text + "".join(f"{key}={value}\n" for key, value in lines.items()))


def last_port(layout: Layout) -> int | None:
    """The port of the last start, so that who holds an address finds the server there again."""
    try:
        text = (layout.conf / "neo4j.conf").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r"^server\.bolt\.listen_address=127\.0\.0\.1:([1-9][0-9]*)$", text, re.MULTILINE)
    return int(found.group(1)) if found else None


def server_command(java: Java, layout: Layout, jars: list[Path], given: Memory, *, short_lived: bool = False) -> list[str]:
    """The command that runs the server in the foreground of its own process."""
    heap = [f"-Xms{min(given.heap_mb, 1024)}m", f"-Xmx{given.heap_mb}m", "-XX:+UseParallelGC"]
    heap += ["-XX:TieredStopAtLevel=1"] if short_lived else []
    arguments = _argument_file(layout, "server", [*heap, *JVM_FLAGS, "-cp", class_path(jars)])
    return [str(java.path), arguments, SERVER, f"--home-dir={layout.root}", f"--config-dir={layout.conf}"]


def admin_command(java: Java, layout: Layout, jars: list[Path], given: Memory, args: list[str]) -> list[str]:
    """The command that runs `neo4j-admin` on this home."""
    flags = [f"-Xmx{given.heap_mb}m", "-XX:+UseParallelGC", *JVM_FLAGS, f"-Dbasedir={layout.root}", "-cp", class_path(jars)]
    return [str(java.path), _argument_file(layout, "admin", flags), ADMIN, *args]


def password_command(java: Java, layout: Layout, jars: list[Path]) -> list[str]:
    """The command that sets the first password, which stands in a private file and not where `ps` shows it."""
    flags = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *JVM_FLAGS, f"-Dbasedir={layout.root}"]
    words = [*flags, "-cp", class_path(jars), ADMIN, "dbms", "set-initial-password", layout.password()]
    return [str(java.path), _argument_file(layout, "password", words)]


def class_path(jars: list[Path]) -> str:
    """The jars one by one: a wildcard's order is the disk's, and Java may load another class then."""
    return (";" if jars and jars[0].drive else ":").join(str(jar) for jar in jars)


def _argument_file(layout: Layout, name: str, arguments: list[str]) -> str:
    """A class path of 241 jars is longer than a command line may be everywhere, so it goes through a file."""
    path = layout.conf / f"{name}.arguments"
    write_private(path, "".join('"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"\n' for argument in arguments))
    return f"@{path}"
