"""Months computed in the background: a request starts one and is answered at once, a thread does the work.

Nothing is kept but what the run itself keeps: its lease, its steps and why it was refused. A worker that dies leaves a lease
that runs out, and the keeper of any process goes on from the last finished step. So no queue has to survive anything.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graphsvc import corrections, idempotency, month, payouts
from graphsvc.errors import Code, GraphsvcError, Refused, Unavailable
from graphsvc.ledger import heads
from graphsvc.month import Approval, life, stricter
from graphsvc.people import Who
from graphsvc.progress import Advance
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from graphsvc.recalculation import of_refund, recalculate

KEEPER_SECONDS = 10.0
PURGE_SECONDS = 600.0
START_SECONDS = 15.0

log = logging.getLogger("graphsvc.jobs")


class _Begun:
    """Progress that tells when a run got its lease: the first step is opened only then."""

    def __init__(self) -> None:
        self.event = threading.Event()

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 - the protocol's names
        self.event.set()
        yield lambda _: None


class _Job:
    """One run under way in this process."""

    def __init__(self, work: Callable[[_Begun], object]) -> None:
        self.begun = _Begun()
        self.error: BaseException | None = None
        self._work = work
        self.thread = threading.Thread(target=self._run, name="graphsvc-month", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self._work(self.begun)
        except BaseException as error:
            self.error = error
            log.warning("a run ended early: %s", error, exc_info=not isinstance(error, GraphsvcError))
        finally:
            self.begun.event.set()

    def wait(self) -> None:
        """Return once the run has its lease; raise what refused it before."""
        if not self.begun.event.wait(START_SECONDS):
            raise Unavailable(Code.DATABASE_TIMEOUT, "The run could not be started in time; ask for it again.")
        if self.error is not None and not self.thread.is_alive():
            raise self.error


class Worker:
    """Closes and previews months in threads of this process, and takes up what dead processes left."""

    def __init__(
        self,
        open_database: Callable[[], Database],
        ledger_heads: Path | None = None,
        close_approval: Approval = Approval.NONE,
    ) -> None:
        self._open = open_database
        self._ledger_heads = ledger_heads
        self._close_approval = close_approval
        self._database: Database | None = None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._keeper: threading.Thread | None = None

    def _own(self) -> Database:
        with self._lock:
            if self._database is None:
                self._database = self._open()
            return self._database

    def close(
        self, month_name: str, plan: str, *, who: Who, out_of_order: bool = False, review: bool = False, asked: str = ""
    ) -> str:
        """Start closing a month, or take up its interrupted close; the run's id. What refuses it is raised here.

        With `review`, or where the company asks for a second person, the run stops when it is ready. `asked` names the request:
        sent again under that name, it gets the run that it began or took up, and is not refused because of it.
        """
        approval = stricter(self._close_approval, Approval.ANYBODY if review else Approval.NONE)
        try:
            return self._start(month_name, plan, who, asked, out_of_order=out_of_order, approval=approval)
        except Refused as refused:
            return self._asked(month_name, plan, asked, refused)

    def _asked(self, month_name: str, plan: str, asked: str, refused: Refused) -> str:
        """The run that a request of that name began, took up or approved; where there is none it stays refused."""
        own = self._own().one("jobs.asked", plan=plan, month=month_name, asked=asked) if asked else None
        if own is None:
            raise refused
        run_id: str = own["run_id"]
        return run_id

    def _start(self, month_name: str, plan: str, who: Who, asked: str, *, out_of_order: bool, approval: Approval) -> str:
        database = self._own()
        interrupted = _run_of(database, month_name, plan)
        if interrupted is not None:
            database.run("jobs.failed", run_id=interrupted, failure=None)  # asked for again, so tried again

        def work(begun: _Begun) -> None:
            self._close(database, month_name, plan, who, begun, out_of_order=out_of_order, approval=approval, asked=asked)

        job = _Job(work)
        job.wait()
        run_id = _run_of(database, month_name, plan)
        if run_id is None:
            job.thread.join(START_SECONDS)  # refused by its data so soon that it is given up already
            if job.error is not None:
                raise job.error
            raise Refused(Code.RUN_LOST, f"The run of {month_name} could not be found; ask again.")
        return run_id

    def approve(self, month_name: str, plan: str, *, who: Who, run_id: str | None = None, asked: str = "") -> str:
        """Post the run of a month that is ready; its id. `asked` names the request, as of a close."""
        database, policy = self._own(), self._close_approval
        try:
            posted = month.approve(database, month_name, plan, who=who, approval=policy, run_id=run_id, asked=asked)
        except Refused as refused:
            posted = self._asked(month_name, plan, asked, refused)
        self._note_head(database)
        return posted

    def make_payouts(self, batch_id: str, currency: str, balance: str, day: dt.date | None, *, who: Who) -> Row:
        """Start drawing a batch of payouts; the batch as it is once that is begun."""
        database = self._own()
        job = _Job(lambda begun: payouts.make(database, batch_id, currency, balance=balance, day=day, who=who, progress=begun))
        job.wait()
        if job.error is not None:
            raise job.error
        return payouts.batch(database, batch_id)

    def propose_correction(
        self, correction_id: str, month_name: str, plan: str, *, who: Who, reason: str, version: int | None, partners: list[str]
    ) -> Row:
        """Start computing a correction; as it is once that is begun."""
        database = self._own()

        def work(begun: _Begun) -> object:
            return corrections.propose(
                database,
                correction_id,
                month_name,
                plan,
                reason=reason,
                who=who,
                version=version,
                partners=partners,
                progress=begun,
            )

        return self._corrected(correction_id, work)

    def approve_correction(self, correction_id: str, *, who: Who) -> Row:
        """Start computing a correction once more, to post it; as it is once that is begun."""

        def work(begun: _Begun) -> object:
            posted = corrections.approve(self._own(), correction_id, who=who, progress=begun)
            self._note_head(self._own())
            return posted

        return self._corrected(correction_id, work)

    def _corrected(self, correction_id: str, work: Callable[[_Begun], object]) -> Row:
        job = _Job(work)
        job.wait()
        if job.error is not None:
            raise job.error
        return corrections.correction(self._own(), correction_id)

    def discard(self, run_id: str, *, who: Who) -> None:
        """Start throwing a run away, whatever it is at: marked when this returns, and gone soon. Twice is the same as once."""
        taken = life.begin_discard(self._own(), run_id, who=who)
        if taken is not None:
            _Job(lambda _: life.finish_discard(taken))

    def preview(self, month_name: str, plan: str, *, who: Who, asked: str = "") -> str:
        """Start computing a month without closing it; the run's id. `asked` names the request: sent again under that name, it
        gets the preview that it began, or a new one where the worker of that one died."""

        def work(database: Database, run_id: str, begun: _Begun) -> object:
            return month.preview(database, month_name, plan, actor=who.actor, person=who.person, progress=begun, run_id=run_id)

        return self._look("preview", asked, work)

    def recalculate(self, month_name: str, plan: str, *, who: Who, version: int | None, asked: str = "") -> str:
        """Start computing a closed month again; the run's id. `asked` as of a preview."""

        def work(database: Database, run_id: str, begun: _Begun) -> object:
            return recalculate(database, month_name, plan, who=who, version=version, progress=begun, run_id=run_id)

        return self._look("what-if", asked, work)

    def impact(
        self, order_id: str, plan: str, *, who: Who, amount_minor: int | None, day: dt.date | None, asked: str = ""
    ) -> str:
        """Start looking at what a refund would change; the run's id. `asked` as of a preview."""

        def work(database: Database, run_id: str, begun: _Begun) -> object:
            return of_refund(
                database,
                order_id,
                who=who,
                amount_minor=amount_minor,
                day=day,
                plan_name=plan,
                progress=begun,
                run_id=run_id,
            )

        return self._look("what-if", asked, work)

    def _look(self, kind: str, asked: str, act: Callable[[Database, str, _Begun], object]) -> str:
        database = self._own()
        run_id, begun_before = _look_id(database, asked, kind)
        if begun_before:
            return run_id

        def work(begun: _Begun) -> None:
            try:
                act(database, run_id, begun)
            except Unavailable:
                raise
            except Exception as error:
                if not (isinstance(error, Refused) and error.code is Code.RUN_LOST):  # somebody else computes it, and well
                    _note(database, run_id, error)
                raise

        _Job(work).wait()
        return run_id

    def _close(
        self,
        database: Database,
        month_name: str,
        plan: str,
        who: Who,
        begun: _Begun,
        *,
        out_of_order: bool,
        approval: Approval,
        expected: str | None = None,
        asked: str = "",
    ) -> None:
        try:
            month.close(
                database,
                month_name,
                plan,
                actor=who.actor,
                person=who.person,
                approval=approval,
                out_of_order=out_of_order,
                progress=begun,
                wait=False,
                expected=expected,
                asked=asked,
            )
            self._note_head(database)
        except Unavailable:
            raise  # the next keeper goes on
        except Exception as error:
            # Before the first step the refusal goes to the caller; after it, nobody waits any more and the run keeps it.
            taken = isinstance(error, Refused) and error.code in (Code.RUN_LOST, Code.MONTH_CLOSED, Code.MONTH_BUSY)
            run_id = _run_of(database, month_name, plan) if begun.event.is_set() and not taken else None
            if run_id is not None:
                _note(database, run_id, error)
            raise

    def _note_head(self, database: Database) -> None:
        if self._ledger_heads is not None:
            heads.note(database, self._ledger_heads)

    def keep(self) -> None:
        """Watch, from now on, for runs whose worker is gone, and for idempotency keys whose time is over."""
        with self._lock:
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="graphsvc-keeper", daemon=True)
                self._keeper.start()

    def _keep(self) -> None:
        purge_at = time.monotonic()
        while not self._stopped.wait(KEEPER_SECONDS):
            try:
                self.resume()
                self._note_head(self._own())
                if time.monotonic() >= purge_at:
                    idempotency.purge(self._own())
                    purge_at = time.monotonic() + PURGE_SECONDS
            except GraphsvcError as error:
                log.warning("runs could not be looked after: %s", error)

    def resume(self) -> list[str]:
        """Take up every official run whose worker is gone, one after another; the runs that were finished. What somebody began to
        throw away is thrown away first."""
        database, finished = self._own(), []
        life.sweep(database)
        for row in database.run("jobs.stalled"):
            who, run_id = Who(row["actor"] or "", row["person"] or ""), row["run_id"]
            asked = {"out_of_order": False, "approval": self._close_approval, "expected": run_id}
            try:
                self._close(database, row["month"], row["plan"], who, _Begun(), **asked)
                finished.append(row["run_id"])
            except Refused as error:
                log.warning("run %s was not resumed: %s", row["run_id"], error)
            except Unavailable:
                raise
            except Exception:
                log.exception("run %s was not resumed", row["run_id"])
        return finished

    def stop(self) -> None:
        """End the keeper and give the connections back; a run under way is taken up by another process."""
        self._stopped.set()
        with self._lock:
            if self._database is not None:
                self._database.close()
                self._database = None


def _look_id(database: Database, asked: str, kind: str) -> tuple[str, bool]:
    """The id of the run that only looks which a request is for, and whether it was begun before; one whose worker died is left to
    the sweep, and the next id of the request is used."""
    if not asked:
        return f"{kind}-{secrets.token_hex(8)}", False
    attempt = 0
    while True:
        token = hashlib.sha256(f"{asked}/{attempt}".encode()).hexdigest()[: len(asked)] if attempt else asked
        run_id = f"{kind}-{token}"
        row = database.one("jobs.stands", run_id=run_id)
        if row is None or row["stands"]:
            return run_id, row is not None
        attempt += 1


def _run_of(database: Database, month_name: str, plan: str) -> str | None:
    periods = database.run("month.period", month=month_name, plan=plan)
    return periods[0]["run_id"] if periods else None


def _note(database: Database, run_id: str, error: Exception) -> None:
    told = error.sentence if isinstance(error, GraphsvcError) else "The fault is in graphsvc and stands in its log."
    try:
        database.run("jobs.failed", run_id=run_id, failure=told)
    except GraphsvcError as second:
        log.warning("run %s: %s; and that could not be noted: %s", run_id, error, second)
