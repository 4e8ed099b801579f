"""Serving the API: the database first, then gunicorn as a process of its own, and a clean end of both.

The port is bound here and handed over, so that a busy port is one sentence before anything starts, and port 0 gives a free one
that nobody else can take in between.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType

from graphsvc.config import Settings
from graphsvc.connect import open_database
from graphsvc.errors import Code, Refused, Unavailable
from graphsvc.progress import Progress

START_SECONDS = 60.0
BACKLOG = 256


def bound(settings: Settings) -> socket.socket:
    """A listening socket on the address of the settings; refuses a busy port and an address that is not this machine's."""
    where = f"{settings.listen_host}:{settings.listen_port}"
    host = settings.listen_host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, settings.listen_port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError:
        raise Refused(Code.CONFIGURATION, f"{host!r} is not an address; set GRAPHSVC_LISTEN to HOST:PORT.") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        why = error.strerror or "it cannot be used"
        raise Refused(
            Code.CONFIGURATION,
            f"Nothing can listen on {where}: {why}; set GRAPHSVC_LISTEN to another HOST:PORT, port 0 for a free one.",
        ) from None
    return listener


def address(listener: socket.socket) -> str:
    """The URL of a listening socket as somebody on this machine would write it."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - shown, not bound
    return f"http://{shown}:{port}"


def serve(settings: Settings, announce: Callable[[str], None], progress: Progress | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; `announce` gets the address once the API answers. Returns 0 after a clean end."""
    if sys.platform == "win32":
        raise Refused(Code.CONFIGURATION, "gunicorn does not run on Windows; serve `api:create_app()` with a WSGI server there.")
    listener = bound(settings)
    with listener:
        open_database(settings, progress).close()  # starts the embedded server, migrates, and says what is wrong
        url = address(listener)
        process = _start(listener)
        previous = {s: signal.signal(s, _interrupt) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            _await(process, url)
            announce(url)
            code = process.wait()
            raise Unavailable(Code.CONFIGURATION, f"The API ended by itself with code {code}; its messages stand above.")
        except _Stop:
            return _stop(process)
        except BaseException:
            _stop(process)
            raise
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


class _Stop(Exception):
    """Somebody asked us to end."""


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's signature
    raise _Stop


def _start(listener: socket.socket) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "--config", "python:api.gunicorn_served"]
    command += ["--bind", f"fd://{listener.fileno()}", "api:create_app()"]
    # A session of its own: Ctrl-C reaches only us, and we let requests under way finish. Its standard input is a pipe that
    # closes when this process dies, however it dies; the workers' parent watches it and ends then.
    return subprocess.Popen(command, pass_fds=(listener.fileno(),), start_new_session=True, stdin=subprocess.PIPE)


def _await(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Unavailable(
                Code.CONFIGURATION, f"The API could not be started (code {process.returncode}); its messages stand above."
            )
        try:
            with urllib.request.urlopen(f"{url}/livez", timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Unavailable(Code.CONFIGURATION, f"The API did not answer within {START_SECONDS:.0f} seconds.")


def _stop(process: subprocess.Popen[bytes]) -> int:
    """End gunicorn as gently as it allows: requests under way finish first. A second Ctrl-C does not wait for them."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait()
        except _Stop:
            process.send_signal(signal.SIGQUIT)
            process.wait()
    return 0
