"""The Neo4j that starts when none is given.

A component of its own that knows no domain: pinned jars (`jars`), a Java to run them on (`java`), a folder (`layout`), one
server process shared by everyone who names that folder (`server`), and Neo4j's own tool on the same class path (`admin`).
"""

from graphsvc.embedded.server import Endpoint, Status, attached, ensure_running, reset, status, stop

__all__ = ["Endpoint", "Status", "attached", "ensure_running", "reset", "status", "stop"]
