"""gunicorn as `graphsvc serve` starts it: as `api.gunicorn_settings`, and it ends when the command that started it is gone."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

from api.gunicorn_settings import *  # noqa: F403 - gunicorn reads settings as module variables


def on_starting(server: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Watch standard input, a pipe of the command: its end means that the command died without saying so."""

    def watch() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="graphsvc-parent", daemon=True).start()
