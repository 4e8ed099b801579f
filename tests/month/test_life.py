"""A run that waits to be approved: by anybody, or by another person than closed it; and what posting it takes."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pytest

from graphsvc import earnings, jobs, ledger, month, rates, runs
from graphsvc.errors import Code, Refused
from graphsvc.month import Approval
from graphsvc.people import Who
from tests import chance
from tests.month import small
from tests.month.lives import ANNA, BORIS, MACHINE, MONTH, STEPS, VERA, Company, approve, close, company, discard, status
from tests.month.lives import database as database

__all__ = ["company", "database"]


def test_a_close_to_be_reviewed_stops_before_it_is_posted_and_anybody_may_approve_it(company: Company) -> None:
    database = company.database
    ready = close(database, approval=Approval.ANYBODY)
    assert (ready.state, ready.digest, ready.finished_at) == ("ready", company.report.digest, "")
    assert ready.payout_minor == company.report.payout_minor > 0
    assert status(database) == "closing"
    with pytest.raises(Refused) as refused:
        earnings.lines(database, MONTH)
    assert ledger.verify(database).entries == 0
    assert jobs.Worker(lambda: database).resume() == []
    with pytest.raises(Refused) as refused:
        close(database)
    assert refused.value.code is Code.MONTH_READY
    assert refused.value.detail == {"run_id": ready.run_id}
    assert f"`graphsvc month approve {MONTH} --plan small`" in refused.value.sentence
    assert f"`graphsvc month discard {MONTH} --plan small`" in refused.value.sentence
    assert ready.run_id in refused.value.sentence

    assert approve(database, ANNA) == ready.run_id
    done = month.run(database, ready.run_id)
    assert (done.state, done.digest, status(database)) == ("done", company.report.digest, "closed")
    assert small.census(company.driver, company.endpoint) == company.closed
    assert ledger.verify(database).holds
    view = runs.run(database, ready.run_id)
    assert (view.actor, view.person, view.approved_by, view.approver) == ("cli:anna", "anna", "cli:anna", "anna")
    assert (view.approval, view.step, view.steps) == ("anybody", STEPS, STEPS)


def test_where_two_people_are_asked_for_the_second_is_another_person(company: Company) -> None:
    database, second = company.database, Approval.SECOND_PERSON
    with pytest.raises(Refused) as refused:
        close(database, MACHINE, second)
    assert refused.value.code is Code.PERSON_MISSING
    assert month.runs(database) == []
    ready = close(database, Who("1111aaaa2222", "anna"), second)
    for who, code in (
        (Who("1111aaaa2222", "anna"), Code.SECOND_PERSON),
        (Who("3333bbbb4444", "anna"), Code.SECOND_PERSON),
        (ANNA, Code.SECOND_PERSON),
        (MACHINE, Code.PERSON_MISSING),
    ):
        for asked in (second, Approval.NONE):  # the policy that the run was closed under counts, whatever it is by now
            with pytest.raises(Refused) as refused:
                approve(database, who, asked)
            assert refused.value.code is code
    with pytest.raises(Refused) as refused:
        approve(database, BORIS, second, run_id="run-other")
    assert (refused.value.code, refused.value.detail) == (Code.MONTH_NOT_READY, {"run_id": ready.run_id})
    assert month.run(database, ready.run_id).state == "ready"
    assert approve(database, BORIS, second, run_id=ready.run_id) == ready.run_id
    with pytest.raises(Refused) as refused:
        approve(database, VERA, second)
    assert (refused.value.code, refused.value.detail) == (Code.MONTH_CLOSED, {"run_id": ready.run_id})


def test_the_stricter_policy_counts_whenever_it_was_set(company: Company) -> None:
    database, second = company.database, Approval.SECOND_PERSON
    close(database, approval=Approval.ANYBODY)
    with pytest.raises(Refused) as refused:
        approve(database, ANNA, second)
    assert refused.value.code is Code.SECOND_PERSON
    discard(database)
    for before, after in (
        (Approval.NONE, second),
        (second, Approval.NONE),
        (Approval.ANYBODY, second),
        (second, Approval.ANYBODY),
    ):
        with pytest.raises(small.Interrupted):
            close(database, ANNA, before, small.Plug(3))
        assert close(database, BORIS, after).state == "ready"
        view = runs.runs(database, limit=1)[0]
        assert (view.approval, view.person) == ("second-person", "anna")
        with pytest.raises(Refused) as refused:
            approve(database, ANNA)
        assert refused.value.code is Code.SECOND_PERSON
        discard(database)


def test_a_run_that_nobody_known_closed_has_no_second_person(company: Company) -> None:
    close(company.database, MACHINE, Approval.ANYBODY)
    with pytest.raises(Refused) as refused:
        approve(company.database, BORIS, Approval.SECOND_PERSON)
    assert refused.value.code is Code.PERSON_MISSING
    assert "graphsvc month discard" in refused.value.sentence
    assert approve(company.database, MACHINE)


def test_what_is_not_ready_is_not_approved(company: Company) -> None:
    database = company.database
    for name in (MONTH, "2025-04"):
        with pytest.raises(Refused) as refused:
            month.approve(database, name, "small", who=BORIS)
        assert refused.value.code is Code.MONTH_NOT_READY
    with pytest.raises(Refused) as refused:
        month.approve(database, MONTH, "smal", who=BORIS)
    assert refused.value.code is Code.PLAN_UNKNOWN
    with pytest.raises(small.Interrupted):
        close(database, approval=Approval.ANYBODY, progress=small.Plug(3))
    with pytest.raises(Refused) as refused:
        approve(database, BORIS)
    assert refused.value.code is Code.MONTH_BUSY
    discard(database)
    with pytest.raises(Refused) as refused:
        approve(database, BORIS)
    assert refused.value.code is Code.MONTH_NOT_READY


@pytest.mark.parametrize("state", ["running", "ready"])
def test_while_a_run_is_ready_rates_stand_as_while_it_is_computed(state: str, company: Company) -> None:
    rates.publish(company.database, MONTH, "EUR", "USD", "1.1")
    try:
        with suppress(small.Interrupted):
            close(company.database, approval=Approval.ANYBODY, progress=small.Plug(5 if state == "running" else None))
        assert month.runs(company.database)[0].state == state
        with pytest.raises(Refused) as refused:
            rates.publish(company.database, MONTH, "EUR", "USD", "1.2", replace=True)
        assert (refused.value.code, status(company.database)) == (Code.MONTH_CLOSED, "closing")
    finally:
        company.driver.execute_query("MATCH (r:ExchangeRate) DELETE r", database_=company.endpoint.database)


@pytest.mark.parametrize("attempt", range(chance.cases(8)))
def test_of_many_approvals_at_once_exactly_one_posts(attempt: int, company: Company) -> None:
    """Half of them by the one who closed, and if there is a moment in which a person may pass as another, they find it."""
    rng, database = chance.rng(f"approvals {attempt}"), company.database
    ready = close(database, approval=Approval.SECOND_PERSON)
    people = [Who(f"key{n}", "anna" if n % 2 else f"person{n}") for n in range(16)]
    rng.shuffle(people)
    gate, outcomes = threading.Barrier(16, timeout=60), list[tuple[Who, str]]()

    def run(who: Who) -> None:
        gate.wait()
        try:
            outcomes.append((who, approve(database, who, Approval.SECOND_PERSON)))
        except Refused as refused:
            outcomes.append((who, refused.code))

    threads = [threading.Thread(target=run, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 16, "a thread ended with another error"
    [posted] = [who for who, outcome in outcomes if outcome == ready.run_id]
    assert posted.person != "anna"
    for who, outcome in outcomes:
        allowed = {Code.MONTH_CLOSED, Code.SECOND_PERSON} if who.person == "anna" else {Code.MONTH_CLOSED, ready.run_id}
        assert outcome in allowed, (who, outcome)
    assert runs.run(database, ready.run_id).approver == posted.person
    assert small.census(company.driver, company.endpoint) == company.closed
    assert ledger.verify(database).holds


@pytest.mark.parametrize("attempt", range(chance.cases(3)))
def test_of_approving_and_discarding_at_once_one_happens_whole(attempt: int, company: Company) -> None:
    database, rng = company.database, chance.rng(f"approve or discard {attempt}")
    ready = close(database, approval=Approval.ANYBODY)
    gate, outcomes = threading.Barrier(2, timeout=60), dict[str, str]()

    def run(name: str, act: object, delay_seconds: float) -> None:
        gate.wait()
        time.sleep(delay_seconds)
        try:
            outcomes[name] = act(database, BORIS)  # type: ignore[operator]
        except Refused as refused:
            outcomes[name] = refused.code

    acts = {"approve": approve, "discard": discard}
    threads = [threading.Thread(target=run, args=(name, act, rng.uniform(0, 0.05))) for name, act in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if outcomes["approve"] == ready.run_id:
        assert outcomes["discard"] == Code.MONTH_CLOSED
        assert small.census(company.driver, company.endpoint) == company.closed
    else:
        assert outcomes == {"approve": Code.MONTH_NOT_READY, "discard": ready.run_id}
        company.assert_open()
