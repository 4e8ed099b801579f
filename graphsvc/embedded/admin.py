"""`neo4j-admin` on the same jars and the same home; what needs a stopped server is refused while it runs."""

from __future__ import annotations

import subprocess
from contextlib import nullcontext

from graphsvc import config
from graphsvc.config import Settings
from graphsvc.embedded import jars, java, launch, server
from graphsvc.embedded import layout as layouts
from graphsvc.errors import Code, Refused
from graphsvc.progress import Progress

# Whatever of these is run on a living server fails half way or corrupts; neo4j-admin's own checks come late.
OFFLINE = {
    ("database", "check"),
    ("database", "copy"),
    ("database", "dump"),
    ("database", "import"),
    ("database", "load"),
    ("database", "migrate"),
    ("dbms", "set-default-admin"),
    ("dbms", "set-initial-password"),
    ("dbms", "unbind-system-db"),
}
OURS = {("server", "console"), ("server", "restart"), ("server", "start"), ("server", "stop"), ("server", "status")}


def run(settings: Settings, args: list[str], progress: Progress) -> int:
    """Run `neo4j-admin ARGS` in this terminal; its exit code."""
    server.refuse_if_given(settings)
    words = [arg for arg in args if not arg.startswith("-")]
    command = (words[0], words[1]) if len(words) > 1 else ("", "")
    asks_for_help = any(arg in ("-h", "--help", "--version") for arg in args)
    if command in OURS:
        raise Refused(
            Code.CONFIGURATION, f"`{' '.join(command)}` is done by graphsvc itself; use `graphsvc db start`, `stop` or `status`."
        )
    layout = layouts.of(settings)
    layout.make()
    offline = command in OFFLINE and not asks_for_help
    with server.held(layout) if offline else nullcontext():
        if offline and server.running(layout):
            raise Refused(
                Code.EMBEDDED_FAILED,
                f"`{' '.join(command)}` needs a stopped server and the embedded Neo4j is running; "
                "run `graphsvc db stop` first, then this again.",
            )
        if offline:
            layout.sweep()
        found = java.find(settings)
        given = launch.memory(settings)
        paths = jars.ready(settings.cache, progress)
        if not (layout.conf / "neo4j.conf").exists():
            launch.write_conf(layout, settings, launch.NO_PORT, given)
        return subprocess.run(
            launch.admin_command(found, layout, paths, given, args),
            env=config.child_environment({"NEO4J_HOME": str(layout.root), "NEO4J_CONF": str(layout.conf)}),
            check=False,
        ).returncode
