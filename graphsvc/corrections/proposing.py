"""Proposing a correction: one person has the difference of a closed period computed and kept, line by line; another decides.

Who computes it holds the lease of the run that looks, and writes lines in its batches; who lost the run writes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from graphsvc import earnings, network
from graphsvc.corrections.computing import Computed, computed
from graphsvc.corrections.rows import correction, digest_of
from graphsvc.errors import Code, GraphsvcError, Refused, Unavailable
from graphsvc.month.context import LEASE_SECONDS
from graphsvc.payouts.rows import request_id, said_why
from graphsvc.people import Who
from graphsvc.plan import store
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from graphsvc.recalculation import computable

LINES_AT_ONCE = 2_000
CLEAR_LIMIT = 10_000
LABEL = "Keep the lines"


def propose(
    database: Database,
    correction_id: str,
    month: str,
    plan_name: str,
    *,
    reason: str,
    who: Who,
    version: int | None = None,
    partners: Sequence[str] = (),
    progress: Progress | None = None,
) -> Row:
    """Propose to post what a closed month would differ by; it then waits for another person.

    correction_id is the caller's own: the same id again goes on with what was interrupted, or gives what was proposed.
    version: another one of the plan. partners: whose lines alone are corrected; none named: everybody's.
    """
    request_id(correction_id, "correction")
    who.named("propose a correction")
    why, named = said_why(reason, "propose a correction"), sorted(set(partners))
    closed = earnings.closed_run(database, month, plan_name)
    _, plan = computable(database, closed, version)
    for partner_id in named:
        if network.visible(database, partner_id) is None:
            raise network.unknown(database, partner_id)
    head: Row = {
        "id": correction_id,
        "plan": closed["plan"],
        "month": closed["month"],
        "closed_run": closed["run_id"],
        "closed_version": closed["plan_version"],
        "plan_version": plan.version,
        "partners": named,
        "currency": store.get(database, closed["plan"], closed["plan_version"]).currency,
        "reason": why,
        "run_id": f"what-if-{secrets.token_hex(8)}",
    }
    if _open(database, head, who) != "made":
        _compute(database, head, who, progress or Silent())
    return correction(database, correction_id)


def _open(database: Database, head: Row, who: Who) -> str:
    """Open the correction or take it up; refuses while another one of the period waits."""
    named = {"open_of": f"{head['plan']} {head['month']}", "actor": who.actor, "person": who.person}
    opened = database.run("corrections.open", **head, **named, lease_seconds=LEASE_SECONDS)[0]
    correction_id = head["id"]
    refused = {
        "another": (
            Code.CORRECTION_OPEN,
            f"Correction {opened['other_id']} of {head['month']} waits to be approved or withdrawn; there is one of a month at a "
            "time, so that nothing is posted twice.",
        ),
        "different": (
            Code.DUPLICATE,
            f"Correction {correction_id} is of another month, version, reason or other partners; look at it with `graphsvc "
            f"correction show {correction_id}`, or choose another id.",
        ),
        "busy": (Code.BUSY, f"Correction {correction_id} is being computed by another process; wait for it."),
    }.get(opened["outcome"])
    if refused is not None:
        raise Refused(*refused)
    return str(opened["outcome"])


def _compute(database: Database, head: Row, who: Who, progress: Progress) -> None:
    try:
        while database.run("corrections.clear_lines", id=head["id"], limit=CLEAR_LIMIT)[0]["removed"] == CLEAR_LIMIT:
            pass
        with computed(database, head, who=who, progress=progress, run_id=head["run_id"]) as found:
            if not found.lines:
                of = f" of {', '.join(head['partners'])}" if head["partners"] else ""
                raise Refused(
                    Code.CORRECTION_EMPTY,
                    f"No line{of} in {head['month']} differs from what was posted and corrected, so there is nothing to correct; "
                    f"`graphsvc recalculate {head['month']} --plan {head['plan']}` also shows what later months took.",
                )
            _keep(head, found)
    except Unavailable:
        raise  # the same command goes on
    except GraphsvcError as error:
        database.run("corrections.fail", id=head["id"], run_id=head["run_id"], failure=error.sentence)
        raise


def _keep(head: Row, found: Computed) -> None:
    context, lines = found.context, found.lines
    with context.progress.step(LABEL, len(lines)) as advance:
        for first in range(0, len(lines), LINES_AT_ONCE):
            some = lines[first : first + LINES_AT_ONCE]
            if context.write("corrections.add_lines", LABEL, id=head["id"], lines=some)["kept"] != len(some):
                raise _lost(head["id"])
            advance(len(some))
    told = {"lines": len(lines), "amount_minor": found.amount_minor, "digest": digest_of(head, lines)}
    if not context.write("corrections.finish", LABEL, id=head["id"], **told)["proposed"]:
        raise _lost(head["id"])


def _lost(correction_id: str) -> Refused:
    return Refused(
        Code.RUN_LOST,
        f"Correction {correction_id} was taken over by another process, or withdrawn; `graphsvc correction show {correction_id}` "
        "tells.",
    )
