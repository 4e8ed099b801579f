"""What a process holds: its database, and the worker that computes months; made at first use, so always after the fork."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, current_app

from graphsvc import config, jobs
from graphsvc.imports import load_key
from graphsvc.ledger import heads
from graphsvc.month import Approval
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

REQUEST_SECONDS = 20.0
EXTENSION = "graphsvc"


@dataclass(slots=True)
class State:
    """The database of requests, and that of the month's worker, which may take longer."""

    open_for: Callable[[float | None], Database]
    ledger_heads: Path | None = None
    close_approval: Approval = Approval.NONE
    pid: int = field(default_factory=os.getpid)
    requests: Database | None = None
    worker: jobs.Worker | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def _renewed(self) -> None:
        if self.pid != os.getpid():  # a driver cannot be shared with the process it was forked from
            self.pid, self.requests, self.worker, self.lock = os.getpid(), None, None, threading.Lock()

    def database(self) -> Database:
        """The database of this process."""
        self._renewed()
        with self.lock:
            if self.requests is None:
                self.requests = self.open_for(REQUEST_SECONDS)
            return self.requests

    def months(self) -> jobs.Worker:
        """The worker of this process."""
        self._renewed()
        with self.lock:
            if self.worker is None:
                self.worker = jobs.Worker(lambda: self.open_for(None), self.ledger_heads, self.close_approval)
            return self.worker

    def close(self) -> None:
        """Give everything back."""
        with self.lock:
            if self.worker is not None:
                self.worker.stop()
            if self.requests is not None:
                self.requests.close()
            self.requests = self.worker = None


def _state() -> State:
    state: State = current_app.extensions[EXTENSION]
    return state


def database() -> Database:
    """The database of this process."""
    return _state().database()


def worker() -> jobs.Worker:
    """The worker of this process, which closes and previews months."""
    return _state().months()


def note_head(done: Row) -> Row:
    """Keep the head of the ledger outside the database after what was done, which is handed on."""
    state = _state()
    if state.ledger_heads is not None:
        heads.note(state.database(), state.ledger_heads)
    return done


def identifier_key() -> bytes:
    """The key of the digests that stand for accounts."""
    return load_key(config.load())


def look_after(app: Flask) -> None:
    """Start the keeper of an app's process: it takes up runs whose worker died."""
    state: State = app.extensions[EXTENSION]
    state.months().keep()
