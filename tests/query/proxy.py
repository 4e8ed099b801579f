"""A way to Neo4j that can be cut: a TCP proxy in front of the test server."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Cut:
    """Passes bytes on until `cut()`: from then on whatever the client sends next ends every connection, unseen or unanswered."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        self._to = (parts.hostname or "127.0.0.1", parts.port or 7687)
        self._is_cut = threading.Event()
        self._hears_one = self._answers_none = False
        self._open: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Cut:
        return self

    def __exit__(self, *_: object) -> None:
        self._end(self._door, *self._open)

    def cut(self, *, heard: bool = False) -> None:
        """The next thing the client says is not heard, or it is `heard` and its answer is lost; nothing after it is heard."""
        self._hears_one = self._answers_none = heard
        self._is_cut.set()

    def mend(self) -> None:
        """New connections pass again."""
        self._is_cut.clear()
        self._hears_one = self._answers_none = False

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self._is_cut.is_set():
                    self._end(client)
                    continue
                server = socket.create_connection(self._to)
                self._open += [client, server]
                threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, from_client: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self._is_cut.is_set():
                    if from_client and not self._hears_one:
                        break
                    if not from_client and self._answers_none:
                        break
                    self._hears_one = False
                target.sendall(data)
        self._end(source, target)

    @staticmethod
    def _end(*sockets: socket.socket) -> None:
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                each.close()
