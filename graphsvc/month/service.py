"""The doors of the month: preview, close, and what is known of runs.

A run is a saga: its steps commit one after another, its number of finished steps stands on the run, and only the last
transaction posts it. A worker holds a lease that its heartbeat and every batch renew under the run's write lock; a second worker
of the same period finds the lease, or, where it ran out, goes on where the first one stopped. A run that somebody has to approve
stops before it is posted (`graphsvc.month.life`).
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Sequence
from typing import Any

from graphsvc import earnings, ledger
from graphsvc.errors import Code, GraphsvcError, Refused, nearest
from graphsvc.month import breakage, carried, elsewhere, steps
from graphsvc.month.context import LEASE_SECONDS, Batches, Context, Step, new_owner
from graphsvc.month.heartbeat import beating
from graphsvc.month.life import Approval, may_close, release, sweep, waiting
from graphsvc.month.report import RunReport, from_row, ratio_ppm
from graphsvc.people import Who
from graphsvc.periods import Period, bounds, midnight, parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import CompiledPlan
from graphsvc.progress import Progress, Silent
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

UNPAID_SHOWN = 20
RUNS_SHOWN = 100


def close(
    database: Database,
    month: str,
    plan_name: str,
    *,
    actor: str,
    person: str = "",
    approval: Approval = Approval.NONE,
    out_of_order: bool = False,
    progress: Progress | None = None,
    batches: Batches = Batches(),  # noqa: B008 - a frozen value
    wait: bool = True,
    expected: str | None = None,
    asked: str = "",
) -> RunReport:
    """Close a month: compute it, prove it, post it. A closed month is refused and names its run; an interrupted close goes on.

    actor, person: who asks (`graphsvc.people`). approval: what posting takes; unless that is nothing, the run stops when it is
    ready. expected: the run to go on with, where no other may be begun. asked: names the request; the run keeps it.
    """
    if expected is None:
        may_close(Who(actor, person), approval)
    chosen, plan = _chosen(database, month, plan_name)
    _refuse_unfinished(chosen, plan)
    _refuse_order(database, chosen, plan, out_of_order=out_of_order)
    elsewhere.Elsewhere(database, plan, chosen).demand()
    opened = _open(database, plan, month, Who(actor, person), approval, wait=wait, expected=expected, asked=asked)
    if opened["plan_version"] != plan.version:
        plan = store.get(database, plan_name, opened["plan_version"])
    resumed = opened["outcome"] != "opened"
    context = Context(database, opened["run_id"], opened["owner"], plan, chosen, progress or Silent(), batches, resumed)
    try:
        with beating(context):
            try:
                _work(context, opened["step"], [Step("Entries of the ledger", ledger.stage)])
                report = _report(context, "official")
                if Approval(opened["approval"]) is Approval.NONE:
                    _post(context, report)
                else:
                    _make_ready(context, report)
            except Refused as refused:
                if refused.code is not Code.RUN_LOST:
                    _give_up(context, refused)
                raise
    except BaseException as error:
        release(context, error)
        raise
    return run(database, context.run_id)


def _make_ready(context: Context, report: RunReport) -> None:
    """Leave a run that is computed and proved to whoever approves it."""
    told = {"digest": report.digest, "report": report.to_json()}
    if context.database.one("month.ready_run", run_id=context.run_id, owner=context.owner, **told) is None:
        raise context.lost()


def _post(context: Context, report: RunReport) -> None:
    """Close the period and give the entries of the run their place in the ledger, in one transaction."""

    def work(tx: Transaction) -> None:
        posted = tx.one(
            "month.post_run",
            run_id=context.run_id,
            owner=context.owner,
            digest=report.digest,
            report=report.to_json(),
            counted_by=context.plan.counted_by,
            **context.window(0).parameters(),
        )
        if posted is None:
            raise context.lost(tx)
        ledger.append(tx, context.run_id)

    context.database.transact(work)


def preview(
    database: Database,
    month: str,
    plan_name: str,
    *,
    actor: str,
    person: str = "",
    progress: Progress | None = None,
    batches: Batches = Batches(),  # noqa: B008 - a frozen value
    run_id: str | None = None,
) -> RunReport:
    """Compute a month without closing it; only the report is kept."""
    chosen, plan = _chosen(database, month, plan_name)
    elsewhere.Elsewhere(database, plan, chosen).demand()
    run_id, owner = run_id or _new_id("preview"), new_owner()
    context = Context(database, run_id, owner, plan, chosen, progress or Silent(), batches, resumed=False)
    database.run(
        "month.open_preview",
        kind="preview",
        known_at=None,
        plan=plan.name,
        plan_version=plan.version,
        month=month,
        run_id=run_id,
        owner=owner,
        actor=actor,
        person=person,
        lease_seconds=LEASE_SECONDS,
    )
    try:
        with beating(context):
            report = compute(context)
            steps.discard(context)
            digest, text = report.digest, report.to_json()
            if database.one("month.finish_preview", run_id=run_id, owner=owner, digest=digest, report=text) is None:
                raise context.lost()
    except BaseException as error:
        release(context, error)
        raise
    sweep(database)
    return run(database, run_id)


def compute(context: Context) -> RunReport:
    """All steps of a run that only looks; nothing of it was done before. What it computed stays until it is thrown away."""
    _work(context, 0)
    return _report(context, "preview")


def run(database: Database, run_id: str) -> RunReport:
    """One run, done or under way."""
    return from_row(state(database, run_id))


def state(database: Database, run_id: str) -> Row:
    """One run as stored, with the step it is at and its progress."""
    row = database.one("month.run", run_id=run_id)
    if row is None:
        known = [r["run_id"] for r in database.run("month.runs", limit=RUNS_SHOWN)]
        raise Refused(Code.RUN_UNKNOWN, f"There is no run {run_id}; {nearest(run_id, known)}.")
    return row


def runs(database: Database, *, limit: int = RUNS_SHOWN) -> list[RunReport]:
    """The newest runs, newest first."""
    return [from_row(row) for row in database.run("month.runs", limit=limit)]


def months(database: Database, plan_name: str) -> list[Row]:
    """The periods of a plan that were ever opened, newest first: plan, month, status, run_id."""
    store.get(database, plan_name)
    return database.run("month.periods", plan=plan_name)


def _new_id(kind: str) -> str:
    return f"{kind}-{secrets.token_hex(8)}"


def _chosen(database: Database, month: str, plan_name: str) -> tuple[Period, CompiledPlan]:
    """A period by name, with the plan in force on its first day; refuses one that the plan's calendar does not have."""
    chosen = parse_month(month)
    plan = store.in_force(database, plan_name, chosen.first_day)
    meant = plan.calendar.of(chosen.first_day)
    if meant != chosen:
        raise Refused(
            Code.BAD_MONTH,
            f"{month} is no {plan.calendar.noun} of plan {plan_name}; {meant} is the one that begins on or before that day.",
        )
    return chosen, plan


def _refuse_unfinished(month: Period, plan: CompiledPlan) -> None:
    """A period whose end, or whose days for what is recorded late, are not over yet (mechanics section 9)."""
    span, days = bounds(month, plan.time_zone), plan.late_order_days
    open_until = midnight(span.ends_on + dt.timedelta(days=days), plan.time_zone)
    if dt.datetime.now(dt.UTC) < open_until:
        when = f" {open_until:%Y-%m-%d %H:%M} UTC, when its {days} late-order days are over" if days else ""
        raise Refused(
            Code.MONTH_NOT_OVER,
            f"{month} ends at {span.ends_at:%Y-%m-%d %H:%M} UTC and cannot be closed before{when}; "
            f"`graphsvc month preview {month} --plan {plan.name}` shows it so far.",
        )


def _refuse_order(database: Database, month: Period, plan: CompiledPlan, *, out_of_order: bool) -> None:
    """An earlier month with orders that is still open must come first; where the plan carries state there is no way round."""
    if any(p["month"] == str(month) and p["status"] != "open" for p in database.run("month.periods", plan=plan.name)):
        return  # closed is refused with the run's name, and one that was begun was allowed then
    earliest = database.run("month.earliest_order")[0]
    first = [plan.calendar.holding(v, plan.time_zone) for v in (earliest["first_at"], earliest["first_on"]) if v is not None]
    valid_from = min(version.valid_from for version in store.versions(database, plan.name))
    start = max(min(first, default=month), plan.calendar.of(valid_from))
    spans: list[dict[str, Any]] = []
    opening = database.one("month.run", run_id=f"opening-{plan.name}")
    if opening is not None:  # what came before the opening is told by it
        start = max(start, parse_month(opening["month"]).plus(1))
    while start < month:
        spans.append({"month": str(start), **bounds(start, plan.time_zone).parameters()})
        start = start.plus(1)
    open_months = [
        r["month"] for r in database.run("month.first_counted", plan=plan.name, counted_by=plan.counted_by, months=spans)
    ]
    later = [r["month"] for r in database.run("month.closed_after", plan=plan.name, month=str(month))]
    idle = "has orders and "
    if plan.unbroken:
        last = carried.before(database, plan.name, str(month))
        if last is not None and last["month"] != str(month.plus(-1)):
            open_months, idle = [str(parse_month(last["month"]).plus(1))], ""
        if opening is not None and opening["month"] >= str(month):
            later = [opening["month"]]
    if plan.carries_state and (open_months or later):
        what = f"{open_months[0]} {idle}is still open" if open_months else f"{later[0]} is already closed"
        state = "titles, totals, counts, lines or what was earned" if plan.unbroken else "grace"
        raise Refused(
            Code.MONTH_OUT_OF_ORDER,
            f"{month} cannot be closed: {what}, and plan {plan.name} carries {state} from period to period, "
            "so its periods close in order.",
        )
    if open_months and not out_of_order:
        more = f" (and {len(open_months) - 1} more before {month})" if len(open_months) > 1 else ""
        raise Refused(
            Code.MONTH_OUT_OF_ORDER,
            f"{open_months[0]}{more} has orders and is still open; close it first, or say --out-of-order.",
            detail={"open_months": open_months},
        )


def _open(
    database: Database,
    plan: CompiledPlan,
    month: str,
    who: Who,
    approval: Approval,
    *,
    wait: bool,
    expected: str | None,
    asked: str,
) -> Row:
    """Open or take up the official run; waits for the lease of a worker that may have died, and finishes what somebody began who
    threw the run before away."""
    owner, run_id = new_owner(), _new_id("run")
    deadline = time.monotonic() + LEASE_SECONDS + 5
    while True:
        opened = database.run(
            "month.open_run",
            plan=plan.name,
            first_day=parse_month(month).first_day,
            month=month,
            run_id=run_id,
            owner=owner,
            actor=who.actor,
            person=who.person,
            approval=approval,
            expected=expected or "",
            lease_seconds=LEASE_SECONDS,
            asked=asked,
        )[0]
        if opened["outcome"] == "closed":
            raise Refused(
                Code.MONTH_CLOSED,
                f"{month} of plan {plan.name} was closed by run {opened['run_id']} "
                f"at {opened['finished_at']:%Y-%m-%d %H:%M} UTC; "
                "a closed month never changes.",
                detail={"run_id": opened["run_id"]},
            )
        if opened["outcome"] == "ready":
            raise Refused(
                Code.MONTH_READY,
                f"{month} of plan {plan.name} is computed and waits to be approved; "
                f"{waiting(plan.name, month, opened['run_id'])}.",
                detail={"run_id": opened["run_id"]},
            )
        if opened["outcome"] == "gone":
            raise Refused(Code.RUN_LOST, f"Run {expected} is no longer the one that closes {month} of plan {plan.name}.")
        if opened["outcome"] == "discarding":
            sweep(database, opened["run_id"])
            continue
        if opened["outcome"] != "busy":
            return opened | {"owner": owner}
        if not wait or time.monotonic() > deadline:
            raise Refused(
                Code.MONTH_BUSY,
                f"{month} of plan {plan.name} is being closed by run {opened['run_id']}; wait for it."
                if opened["state"] == "running"
                else f"Run {opened['run_id']} of {month} of plan {plan.name} is being thrown away; wait until it is.",
                detail={"run_id": opened["run_id"]},
            )
        time.sleep(0.5)


def _work(context: Context, done: int, more: Sequence[Step] = ()) -> None:
    todo = [*steps.of_plan(context.plan, context.month), *more]
    if context.database.one("month.count_steps", run_id=context.run_id, owner=context.owner, steps=len(todo)) is None:
        raise context.lost()
    for number, step in enumerate(todo, start=1):
        if number > done:
            step.run(context, step.label)
            if context.database.one("month.finish_step", run_id=context.run_id, owner=context.owner, step=number) is None:
                raise context.lost()


def _give_up(context: Context, refused: Refused) -> None:
    """Throw a run away that the data refuse, and open its month again: rates and orders of a month being closed stand still,
    so what is wrong with them could not be mended otherwise."""
    try:
        steps.discard(context)
        context.database.one("month.give_up", run_id=context.run_id, owner=context.owner, failure=refused.sentence)
    except GraphsvcError:
        return  # another worker has it now, or the database is gone; the run can still go on or be given up again


def _report(context: Context, kind: str) -> RunReport:
    database, plan, run_id = context.database, context.plan, context.run_id
    with context.progress.step("Digest and totals"):
        digest, count, payout_minor = earnings.digest(earnings.of_run(database, run_id))
    stored = database.run("month.run", run_id=run_id)[0]
    known_at = database.run("month.known_at", run_id=run_id)[0]["known_at"]
    unpaid = database.run("month.unpaid", known_at=known_at, limit=UNPAID_SHOWN, **context.window(0).parameters())[0]
    counts = database.run("month.standing_counts", run_id=run_id)[0]
    sold = database.run("month.sold", run_id=run_id)[0]
    besides = database.run("limits.besides", run_id=run_id)[0]
    return RunReport(
        run_id=run_id,
        kind=kind,
        state=stored["state"],
        plan=plan.name,
        plan_version=plan.version,
        month=str(context.month),
        currency=plan.currency,
        partners=counts["members"],
        active=counts["active"],
        orders=sold["orders"],
        unpaid_count=unpaid["orders"],
        unpaid=unpaid["ids"],
        sold_minor=sold["money_minor"],
        payout_minor=payout_minor,
        payout_ratio_ppm=ratio_ppm(payout_minor, sold["money_minor"]),
        lines=count,
        breakage=breakage.of_run(database, plan, run_id, context.month),
        digest=digest,
        **besides,
    )
