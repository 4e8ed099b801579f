"""How gunicorn runs the API: `python -m gunicorn --config python:api.gunicorn_settings 'api:create_app()'`.

The app is made in each worker, after the fork, and opens its database at the first request. Threads serve requests, so the
worker's own heartbeat goes on during a long one and no timeout kills it in the middle of a commit; a query ends by its own
limit instead. On a stop, requests under way have longer than that limit to finish.
"""

from __future__ import annotations

from typing import Any

from graphsvc import config as _config  # a module variable `config` would be a setting of gunicorn

_settings = _config.load()
_query_seconds = _settings.query_timeout_seconds or 20

bind = f"{_settings.listen_host}:{_settings.listen_port}"
workers = _settings.workers
worker_class = "gthread"
threads = 8
preload_app = False
timeout = 60
graceful_timeout = _query_seconds + 15
keepalive = 5
# Wider than the limits of api.strict, so that these answer, in the one error shape; narrow enough to bound memory.
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 16_380
accesslog = None
errorlog = "-"
loglevel = "warning"
proc_name = "graphsvc"
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Look after runs whose worker died; in every process, because each may be the only one left."""
    from api.state import look_after

    look_after(worker.wsgi)
