"""The heartbeat of a worker: renews the lease of its run while it computes, reads or waits between batches.

A beat is fenced by the worker's token, as a batch is, and finds nothing to renew once the run is done, given back or taken over.
So a beat that is still on its way when the work ends does no harm, and nobody waits for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from graphsvc.errors import GraphsvcError
from graphsvc.month import context as worker
from graphsvc.month.context import Context

BEATS = 4  # in the time of a lease, so that three may fail
JOIN_SECONDS = 1

log = logging.getLogger("graphsvc.month")


@contextmanager
def beating(context: Context) -> Iterator[None]:
    """Keep the lease of a run while the block works on it; a block that returns or raises stops it at once."""
    stopped = threading.Event()
    thread = threading.Thread(target=_beat, args=(context, stopped), name=f"graphsvc-heart-{context.run_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(JOIN_SECONDS)  # it may hang on a database that is gone; what it would still do there is fenced


def _beat(context: Context, stopped: threading.Event) -> None:
    seconds = worker.LEASE_SECONDS
    while not stopped.wait(seconds // BEATS or 1):
        try:
            renewed = context.database.one("month.renew_run", run_id=context.run_id, owner=context.owner, lease_seconds=seconds)
        except GraphsvcError as error:
            log.warning("the lease of run %s could not be renewed: %s", context.run_id, error)
        except Exception:
            log.warning("the lease of run %s could not be renewed", context.run_id, exc_info=not stopped.is_set())
        else:
            if renewed is None:
                return  # lost: the next batch of the work says so
