"""A network that fails on demand: a TCP proxy between the driver and Neo4j, cut at a moment that a test chooses."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from urllib.parse import urlsplit


class Proxy:
    """Passes bytes on until it is cut: by `cut()`, or by itself after so many bytes have been sent to the server."""

    def __init__(self, uri: str) -> None:
        address = urlsplit(uri)
        self._server = (address.hostname or "127.0.0.1", address.port or 7687)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._left: int | None = None
        self._cut = False
        self.sent = 0
        # `bolt`, so that the driver keeps to this address and asks for no routing table.
        self.uri = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.cut()
        self._listener.close()

    def cut(self) -> None:
        """Break every connection, and every new one."""
        with self._lock:
            self._cut = True
            broken, self._open = self._open, set()
        for one in broken:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def mend(self, *, cut_after: int | None = None) -> None:
        """Pass bytes on again; cut after `cut_after` more bytes to the server."""
        with self._lock:
            self._cut, self._left, self.sent = False, cut_after, 0

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                cut = self._cut
            if cut:
                client.close()
                continue
            try:
                server = socket.create_connection(self._server)
            except OSError:
                client.close()
                continue
            with self._lock:
                self._open |= {client, server}
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65_536):
                if to_server and self._spend(len(piece)):
                    self.cut()
                    return
                target.sendall(piece)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _spend(self, size: int) -> bool:
        """Whether these bytes are the ones at which the network breaks."""
        with self._lock:
            self.sent += size
            if self._left is None:
                return False
            self._left -= size
            return self._left < 0
