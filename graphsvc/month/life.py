"""What happens to a run besides its work: another person approves it, somebody throws it away, a dead one is swept up.

An approval is decided inside the transaction that posts, under the locks of period and run. To throw a run away is a saga of
its own: it is marked and taken over first, so that its worker loses it and nobody computes it any more, then cleared batch by
batch, then given up. A process that dies on the way leaves the mark, and whoever comes by goes on.
"""

from __future__ import annotations

import time
from enum import StrEnum

from graphsvc import ledger
from graphsvc.errors import Code, GraphsvcError, Refused, Unavailable, nearest
from graphsvc.month import context as worker
from graphsvc.month import steps
from graphsvc.month.context import Context, new_owner
from graphsvc.month.heartbeat import beating
from graphsvc.people import Who
from graphsvc.periods import parse_month
from graphsvc.plan import store
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

POLL_SECONDS = 1
KNOWN_SHOWN = 100


class Approval(StrEnum):
    """What posting a run takes, from the least to the most: nothing, somebody who looked at it, another person than closed it."""

    NONE = "none"
    ANYBODY = "anybody"
    SECOND_PERSON = "second-person"


def stricter(one: Approval, other: Approval) -> Approval:
    """The one of two that asks for more."""
    order = list(Approval)
    return max(one, other, key=order.index)


def may_close(who: Who, approval: Approval) -> None:
    """Refuse to begin what a second person has to approve for somebody who cannot be told from that person."""
    if approval is Approval.SECOND_PERSON:
        who.named("close a month that a second person approves")


def waiting(plan: str, month: str, run_id: str) -> str:
    """Which commands a run that is ready waits for."""
    return (
        f"`graphsvc month approve {month} --plan {plan}` posts run {run_id}, "
        f"`graphsvc month discard {month} --plan {plan}` throws it away"
    )


def approve(
    database: Database,
    month: str,
    plan_name: str,
    *,
    who: Who,
    approval: Approval = Approval.NONE,
    run_id: str | None = None,
    asked: str = "",
) -> str:
    """Post the run of a month that is ready; its id.

    approval: what the company asks for now; the stricter of that and of what stands on the run counts. run_id: the run that was
    looked at; no other is approved then. asked: names the request; the run keeps it.
    """
    name = str(parse_month(month))
    store.get(database, plan_name)

    def work(tx: Transaction) -> str:
        found = tx.one("month.lock_month", plan=plan_name, month=name)
        ready = _ready(found, plan_name, name, run_id)
        _may_approve(ready, who, approval, plan_name, name)
        plan = store.get(database, plan_name, ready["plan_version"])
        window = Context(database, ready["run_id"], "", plan, parse_month(name), Silent()).window(0)
        posted = tx.one(
            "month.approve_run",
            run_id=ready["run_id"],
            approved_by=who.actor,
            approver=who.person,
            asked=asked,
            counted_by=plan.counted_by,
            **window.parameters(),
        )
        if posted is None:
            raise _not_ready(plan_name, name)
        ledger.append(tx, ready["run_id"])
        return str(ready["run_id"])

    return database.transact(work)


def _not_ready(plan: str, month: str) -> Refused:
    return Refused(
        Code.MONTH_NOT_READY,
        f"Nothing of {month} of plan {plan} waits to be approved; "
        f"`graphsvc month close {month} --plan {plan} --review` computes it and stops there.",
    )


def _ready(found: Row | None, plan: str, month: str, run_id: str | None) -> Row:
    """The run of a locked month, if it is ready and the one that is meant."""
    if found is None or found["run_id"] is None:
        raise _not_ready(plan, month)
    about = {"run_id": found["run_id"]}
    if found["status"] in ("closed", "paid"):
        raise Refused(
            Code.MONTH_CLOSED,
            f"{month} of plan {plan} was closed by run {found['run_id']} at {found['finished_at']:%Y-%m-%d %H:%M} UTC; "
            "a closed month never changes.",
            detail=about,
        )
    if found["state"] == "running":
        raise Refused(
            Code.MONTH_BUSY,
            f"Run {found['run_id']} of {month} of plan {plan} is not computed to its end yet; wait until it is ready.",
            detail=about,
        )
    if found["state"] != "ready":
        raise _not_ready(plan, month)
    if run_id is not None and run_id != found["run_id"]:
        raise Refused(
            Code.MONTH_NOT_READY,
            f"Run {run_id} does not wait to close {month} of plan {plan}, but {found['run_id']} does; look at that one.",
            detail=about,
        )
    return found


def _may_approve(ready: Row, who: Who, approval: Approval, plan: str, month: str) -> None:
    """Refuse whoever may not approve; a run whose closer is nobody known has no second person."""
    if stricter(Approval(ready["approval"] or Approval.NONE), approval) is not Approval.SECOND_PERSON:
        return
    act = f"approve {month} of plan {plan}"
    who.named(act)
    if not ready["person"]:
        raise Refused(
            Code.PERSON_MISSING,
            f"To {act} takes another person than closed it, and key {ready['actor']}, which did, is nobody's; "
            f"`graphsvc month discard {month} --plan {plan}` throws run {ready['run_id']} away, then close it as a person.",
        )
    who.other_than(ready["person"], act, "closed it")


def discard(database: Database, month: str, plan_name: str, *, who: Who, progress: Progress | None = None) -> str:
    """Throw the run of a month away, whatever it is at, and open the month again; the run's id. Twice is the same as once."""
    run_id = of_month(database, month, plan_name)
    discard_run(database, run_id, who=who, progress=progress)
    return run_id


def of_month(database: Database, month: str, plan_name: str) -> str:
    """The run of a month that can be thrown away, or the one that somebody threw away last."""
    name = str(parse_month(month))
    store.get(database, plan_name)
    for period in database.run("month.period", plan=plan_name, month=name):
        if period["run_id"] is not None:
            return str(period["run_id"])
    last = database.one("month.last_discarded", plan=plan_name, month=name)
    if last is None:
        raise Refused(
            Code.RUN_UNKNOWN,
            f"There is no run of {name} of plan {plan_name} to discard; `graphsvc month runs` shows all runs.",
        )
    return str(last["run_id"])


def discard_run(database: Database, run_id: str, *, who: Who, progress: Progress | None = None) -> None:
    """Throw a run away, an official one or a preview, and return when nothing is left of it."""
    while True:
        taken = begin_discard(database, run_id, who=who, progress=progress)
        if taken is not None:
            finish_discard(taken)
            return
        if database.run("month.fate", run_id=run_id)[0]["state"] == "discarded":
            return
        time.sleep(POLL_SECONDS)  # another process throws it away; if it dies over it, we go on


def begin_discard(database: Database, run_id: str, *, who: Who, progress: Progress | None = None) -> Context | None:
    """Take a run over to throw it away, and mark it; None if that is done already, or another process is at it."""
    owner = new_owner()
    row = database.one(
        "month.begin_discard",
        run_id=run_id,
        owner=owner,
        actor=who.actor,
        person=who.person,
        lease_seconds=worker.LEASE_SECONDS,
    )
    if row is None:
        known = [r["run_id"] for r in database.run("month.runs", limit=KNOWN_SHOWN)]
        raise Refused(Code.RUN_UNKNOWN, f"There is no run {run_id}; {nearest(run_id, known)}.")
    if row["outcome"] == "opening":
        raise Refused(
            Code.RUN_UNKNOWN,
            f"{run_id} is no run but the state that plan {row['plan']} starts with; "
            "`graphsvc month open-state` puts another in its place.",
        )
    if row["outcome"] == "closed":
        raise Refused(
            Code.MONTH_CLOSED,
            f"{row['month']} of plan {row['plan']} was closed by run {run_id} at {row['finished_at']:%Y-%m-%d %H:%M} UTC; "
            "a closed month never changes, and its run cannot be discarded.",
            detail={"run_id": run_id},
        )
    return _context(database, run_id, owner, row, progress) if row["outcome"] == "mine" else None


def _context(database: Database, run_id: str, owner: str, row: Row, progress: Progress | None = None) -> Context:
    plan = store.get(database, row["plan"], row["plan_version"])
    return Context(database, run_id, owner, plan, parse_month(row["month"]), progress or Silent())


def finish_discard(context: Context) -> None:
    """Clear what a run that was taken over computed, and open its month again."""
    fate = context.database.run("month.fate", run_id=context.run_id)[0]
    who = Who(fate["discarded_by"], fate["discarder"] or "") if fate["discarded_by"] else None
    try:
        with beating(context):
            steps.discard(context)
            failure = None if who is None else f"Discarded by {who}."
            if context.database.one("month.give_up", run_id=context.run_id, owner=context.owner, failure=failure) is None:
                raise context.lost()
    except BaseException as error:
        release(context, error)
        raise


def release(context: Context, error: BaseException) -> None:
    """Give the lease back if the database can still be reached; if not, the lease runs out by itself."""
    if isinstance(error, Unavailable) and error.code is Code.DATABASE_UNAVAILABLE:
        return  # to knock once more would only keep the person waiting for the sentence
    try:
        context.database.run("month.release_run", run_id=context.run_id, owner=context.owner)
    except GraphsvcError:
        return


def sweep(database: Database, run_id: str | None = None) -> None:
    """Throw away what previews of dead workers left, and go on where somebody died who threw a run away; of one run, if named."""
    for row in database.run("month.abandoned"):
        if run_id in (None, row["run_id"]):
            owner = new_owner()
            adopted = database.one("month.adopt", run_id=row["run_id"], owner=owner, lease_seconds=worker.LEASE_SECONDS)
            if adopted is not None:  # else another sweep has it
                finish_discard(_context(database, row["run_id"], owner, adopted))
