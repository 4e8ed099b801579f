"""Published versions never change, follow one another, and never reach into a closed month."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest

from graphsvc.errors import BadInput, Code, Refused
from graphsvc.plan import compiler, store
from graphsvc.query.runner import Database
from tests.plan.sample import plan

Ask = Callable[..., list[dict[str, Any]]]


def version(number: int, valid_from: str, *changes: tuple[str, str]) -> dict[str, Any]:
    """A version of the sample plan."""
    return plan(("version: 1", f"version: {number}"), ("2025-01-01", valid_from), *changes)


def refused(database: Database, document: dict[str, Any]) -> Refused:
    """Why a document cannot be published."""
    with pytest.raises(Refused) as caught:
        store.publish(database, document)
    return caught.value


def test_what_is_published_is_what_comes_back(database: Database) -> None:
    done = store.publish(database, plan())
    assert done.is_new
    assert done.valid_from == dt.date(2025, 1, 1)
    assert store.get(database, "sample") == store.get(database, "sample", 1) == done.plan == compiler.compile_plan(plan())
    assert store.names(database) == ["sample"]
    (known,) = store.versions(database)
    assert (known.name, known.version, known.valid_from, known.currency) == ("sample", 1, dt.date(2025, 1, 1), "RUB")
    assert known.digest == done.plan.digest


def test_the_same_content_again_changes_nothing(database: Database) -> None:
    store.publish(database, plan())
    again = store.publish(database, plan(("at_least: 100", "at_least: '100.0'"), ("rate: 5%", "rate: 5.00 %")))
    assert not again.is_new
    assert len(store.versions(database)) == 1


def test_a_version_never_changes(database: Database) -> None:
    store.publish(database, plan())
    error = refused(database, plan(("rate: 5%", "rate: 6%")))
    assert error.code is Code.PLAN_EXISTS
    assert error.sentence == (
        "sample version 1 is published with other content, and a published version never changes;"
        " write version: 2 and a later valid_from."
    )
    assert store.get(database, "sample").bonuses[0].pays[0].rate_ppm == 50_000


def test_versions_and_their_first_days_rise(database: Database) -> None:
    store.publish(database, version(3, "2025-03-01"))
    assert refused(database, version(2, "2025-04-01")).sentence == (
        "sample version 2 is lower than the newest, which is 3; write version: 4 and a later valid_from."
    )
    assert refused(database, version(4, "2025-03-01")).sentence == (
        "sample version 4 would apply from 2025-03-01, but version 3 applies from 2025-03-01;"
        " set valid_from to the first day of a later month."
    )
    assert store.publish(database, version(4, "2025-04-01")).is_new


def test_the_version_in_force_on_a_day(database: Database) -> None:
    store.publish(database, plan())
    store.publish(database, version(2, "2025-03-01"))
    for day, expected in [((2025, 1, 1), 1), ((2025, 2, 28), 1), ((2025, 3, 1), 2), ((2031, 1, 1), 2)]:
        assert store.in_force(database, "sample", dt.date(*day)).version == expected
    with pytest.raises(Refused, match="sample applies from 2025-01-01; on 2024-12-31 no version of it is in force") as caught:
        store.in_force(database, "sample", dt.date(2024, 12, 31))
    assert caught.value.code is Code.PLAN_NOT_IN_FORCE


def test_an_unknown_plan_or_version_is_told_with_what_there_is(database: Database) -> None:
    with pytest.raises(Refused, match="There is no plan 'sampel'; none is published yet, `graphsvc plan publish FILE` does it"):
        store.get(database, "sampel")
    store.publish(database, plan())
    for asked in (lambda: store.get(database, "sampel"), lambda: store.in_force(database, "sampel", dt.date(2025, 1, 1))):
        with pytest.raises(Refused, match="There is no plan 'sampel'; there is only sample") as caught:
            asked()
        assert caught.value.code is Code.PLAN_UNKNOWN
    with pytest.raises(Refused, match="sample has no version 7; its versions are 1"):
        store.get(database, "sample", 7)


@pytest.mark.parametrize("status", ["closing", "closed", "paid"])
def test_no_version_reaches_into_a_month_that_is_closed(database: Database, ask: Ask, status: str) -> None:
    store.publish(database, plan())
    ask("CREATE (:Period {plan: 'sample', month: '2025-03', status: $status, run_id: 'r'})", status=status)
    ask("CREATE (:Period {plan: 'other', month: '2025-06', status: 'closed', run_id: 's'})")
    for day in ("2025-02-01", "2025-03-01"):
        error = refused(database, version(2, day))
        assert error.code is Code.MONTH_CLOSED
        assert f"would apply from {day}, but the plan's month 2025-03 is {status} already" in error.sentence
    assert store.publish(database, version(2, "2025-04-01")).is_new


def test_an_open_month_may_get_a_new_version(database: Database, ask: Ask) -> None:
    store.publish(database, plan())
    ask("CREATE (:Period {plan: 'sample', month: '2025-03', status: 'open'})")
    assert store.publish(database, version(2, "2025-03-01")).is_new


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("calendar", [("calendar: month", "calendar: quarter")]),
        ("calendar", [("calendar: month", "calendar: {week: 2025-04-01}")]),
        ("time_zone", [("Europe/Moscow", "Asia/Almaty")]),
        ("currency", [("RUB", "KZT")]),
        ("calendar and currency", [("calendar: month", "calendar: quarter"), ("RUB", "KZT")]),
    ],
)
def test_a_new_version_keeps_its_periods(database: Database, key: str, changes: list[tuple[str, str]]) -> None:
    store.publish(database, plan())
    error = refused(database, version(2, "2025-04-01", *changes))
    assert error.code is Code.PLAN_EXISTS
    assert error.sentence == (
        f"sample version 2 has another {key} than version 1, and each period starts from what the one before it carried;"
        " keep it, or publish this under a name of its own."
    )


def test_weeks_counted_from_another_day_of_the_same_weekday_are_the_same_weeks(database: Database) -> None:
    weekly = ("calendar: month", "calendar: {week: 2025-01-06}")
    store.publish(database, plan(weekly, ("valid_from: 2025-01-01", "valid_from: 2025-01-06")))
    assert store.publish(database, version(2, "2025-04-07", ("calendar: month", "calendar: {week: 2025-03-03}"))).is_new
    error = refused(database, version(3, "2025-04-15", ("calendar: month", "calendar: {week: 2025-03-04}")))
    assert "has another calendar than version 2" in error.sentence


def test_a_faulty_plan_is_not_published(database: Database) -> None:
    with pytest.raises(BadInput):
        store.publish(database, plan(("rate: 5%", "rate: 5")))
    assert store.versions(database) == []


def test_publishing_at_once_keeps_one_version(database: Database) -> None:
    """Two versions 2 with different content: one is kept, the other is refused by name."""
    store.publish(database, plan())
    results: list[str] = []

    def publish(rate: int) -> None:
        try:
            store.publish(database, version(2, "2025-02-01", ("rate: 5%", f"rate: {rate}%")))
            results.append("kept")
        except Refused as error:
            results.append(error.code)

    threads = [threading.Thread(target=publish, args=(rate,)) for rate in range(6, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted(["kept"] + [Code.PLAN_EXISTS] * 5)
    assert [known.version for known in store.versions(database)] == [1, 2]
