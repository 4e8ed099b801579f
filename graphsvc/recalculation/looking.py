"""A run that only looks: computed whole, held against others, and thrown away."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from graphsvc.month import service, steps
from graphsvc.month.context import LEASE_SECONDS, Context, new_owner
from graphsvc.month.heartbeat import beating
from graphsvc.month.life import release
from graphsvc.people import Who
from graphsvc.periods import Period
from graphsvc.plan.compiled import CompiledPlan
from graphsvc.progress import Progress
from graphsvc.query.runner import Database

KIND = "what_if"


@dataclass(slots=True)
class Look:
    """A run that was computed to be looked at, and what was found, as JSON, to be kept with it."""

    context: Context
    outcome: str = ""


@contextmanager
def looking(
    database: Database,
    plan: CompiledPlan,
    month: Period,
    *,
    who: Who,
    progress: Progress,
    hindsight: bool = False,
    known_at: dt.datetime | None = None,
    sold_until: dt.datetime | None = None,
    run_id: str | None = None,
) -> Iterator[Look]:
    """Compute a period for the block to look at, by a run of its own; afterwards nothing but its totals and the
    outcome stays.

    hindsight: what later runs took late counts where it is dated. known_at: until when it knows; default the moment it freezes.
    sold_until: until when it knows orders and refunds, where that is not the same.
    """
    owner, run_id = new_owner(), run_id or f"what-if-{secrets.token_hex(8)}"
    context = Context(database, run_id, owner, plan, month, progress, resumed=False, hindsight=hindsight, sold_until=sold_until)
    database.run(
        "month.open_preview",
        kind=KIND,
        plan=plan.name,
        plan_version=plan.version,
        month=str(month),
        run_id=run_id,
        owner=owner,
        actor=who.actor,
        person=who.person,
        lease_seconds=LEASE_SECONDS,
        known_at=known_at,
    )
    try:
        with beating(context):
            report = service.compute(context)
            look = Look(context)
            yield look
            steps.discard(context)
            finished = {"run_id": run_id, "owner": owner, "digest": report.digest, "report": report.to_json()}
            if database.one("month.finish_preview", outcome=look.outcome, **finished) is None:
                raise context.lost()
    except BaseException as error:
        release(context, error)
        raise
