"""What is recorded after the period of its date was closed (mechanics sections 1 and 9): orders and refunds in windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphsvc import month
from graphsvc.imports import ImportFiles, import_files
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import IDENTIFIER_KEY, build, draw
from tests.month import small
from tests.records import Network

EVERYBODY = {"conditions": [], "grace_periods": 0}


def document(**changes: Any) -> dict[str, Any]:
    """A plan in which everybody is active and the seller's sponsor gets all of the order: a line is what was counted."""
    bonus = small.PLAN["bonuses"][0] | {"compression": "none", "levels": [{"rate": "100%", "opens": "active"}]}
    return small.plan(**{"active": EVERYBODY, "bonuses": [bonus], **changes})


def send(database: Database, network: Network, closed: int, folder: Path) -> None:
    """What the company sends once so many periods are closed."""
    files = ImportFiles(**network.sent(closed).write(folder / f"{closed}"))
    if files != ImportFiles():
        import_files(database, files, update=False, identifier_key=IDENTIFIER_KEY)


def closed(database: Database, network: Network, folder: Path, *months: str, plan: dict[str, Any] | None = None) -> list[Any]:
    """Close periods one after another, with what is sent in between: the amounts of each by payee."""
    build(database, network.known(0), folder)
    store.publish(database, plan or document())
    found = []
    for number, name in enumerate(months):
        if number:
            send(database, network, number, folder)
        month.close(database, name, "small", actor="test")
        found.append({line[0]: line[4] for line in small.lines(database, name)})
    return found


def test_a_late_order_counts_once_in_the_next_period_that_is_closed(database: Database, tmp_path: Path) -> None:
    text = "A\n  B : own 30 @2025-01-10, own 5 @2025-01-11 as LATE after 1, own 7 @2025-01-12 as LATER after 2"
    counted = closed(database, draw(text), tmp_path, "2025-01", "2025-02", "2025-03", "2025-04")
    assert counted == [{"A": 3000}, {"A": 500}, {"A": 700}, {}]


def test_a_window_holds_a_late_order_where_it_was_counted(database: Database, tmp_path: Path) -> None:
    """PV of two periods of at least 40: January's 30 and the late 10 of February reach it in February, but not in March."""
    text = "A\n  B : own 30 @2025-01-10, own 10 @2025-01-11 as LATE after 1, own 1 @2025-02-11, own 29 @2025-03-11"
    needs = [{"metric": "pv", "window": {"last": 2}, "at_least": 40}]
    bonus = document()["bonuses"][0] | {"first_level": "seller"}
    plan = document(active={"conditions": needs, "grace_periods": 0}, bonuses=[bonus])
    counted = closed(database, draw(text), tmp_path, "2025-01", "2025-02", "2025-03", plan=plan)
    assert counted == [{}, {"B": 1100}, {"B": 2900}]


def test_a_late_refund_is_taken_in_the_next_period_that_is_closed(database: Database, tmp_path: Path) -> None:
    """One of January's, recorded in February, one of February's, recorded in March, and one in time."""
    text = """
    A
      B : own 30 cv 100 @2025-01-10, refund 10 @2025-01-20 after 1, refund 10 @2025-02-20 after 2, refund 10 @2025-03-20 after 2
    C
      D : own 20 @2025-01-10 after 1, refund 20 @2025-01-12 after 1
    E
      F : own 20 @2025-01-10 after 1, refund 20 @2025-01-12 after 2
    """
    counted = closed(database, draw(text), tmp_path, "2025-01", "2025-02", "2025-03", "2025-04")
    assert counted == [{"A": 10_000}, {"A": -3333, "E": 2000}, {"A": -6667, "E": -2000}, {}]


def test_a_late_order_is_no_first_purchase_where_one_was_paid_before(database: Database, tmp_path: Path) -> None:
    """It counts as if dated in the open period, so also among its customer's orders."""
    text = "A\n  B : retail 30 by c @2025-01-10, retail 5 by c @2025-01-05 as LATE after 1"
    bonus = document()["bonuses"][0] | {"sources": {"kinds": "all", "categories": "all", "orders": "first_of_customer"}}
    counted = closed(database, draw(text), tmp_path, "2025-01", "2025-02", plan=document(bonuses=[bonus]))
    assert counted == [{"A": 3000}, {}]


def test_money_is_changed_at_the_rate_of_the_period_that_counts(database: Database, tmp_path: Path) -> None:
    from graphsvc import rates

    rates.publish(database, "2025-01", "JPY", "USD", "0.01")
    rates.publish(database, "2025-02", "JPY", "USD", "0.02")
    text = "A\n  B : own 1000 in JPY @2025-01-10, own 1000 in JPY @2025-01-11 as LATE after 1"
    counted = closed(database, draw(text), tmp_path, "2025-01", "2025-02")
    assert counted == [{"A": 1000}, {"A": 2000}]


def test_a_preview_counts_what_is_late_and_leaves_nothing(database: Database, tmp_path: Path) -> None:
    network = draw("A\n  B : own 30 @2025-01-10, own 5 @2025-01-11 as LATE after 1")
    closed(database, network, tmp_path, "2025-01")
    send(database, network, 1, tmp_path)
    assert month.preview(database, "2025-02", "small", actor="test").payout_minor == 500
    assert month.preview(database, "2025-03", "small", actor="test").payout_minor == 500
    month.close(database, "2025-02", "small", actor="test")
    assert month.preview(database, "2025-03", "small", actor="test").payout_minor == 0


def test_periods_closed_out_of_order_take_what_is_late_once(database: Database, tmp_path: Path) -> None:
    """February is closed after March: a late order of January counts in the first that knew of it, one of March in April."""
    text = (
        "A\n  B : own 30 @2025-01-10, own 20 @2025-02-10, own 10 @2025-03-10, own 5 @2025-01-11 as LATE after 1, "
        "own 7 @2025-03-12 as M after 2"
    )
    network = draw(text)
    build(database, network.known(0), tmp_path)
    store.publish(database, document())
    found = {}
    for number, name in enumerate(("2025-01", "2025-03", "2025-02", "2025-04")):
        if number in (1, 2):
            send(database, network, number, tmp_path)
        month.close(database, name, "small", actor="test", out_of_order=True)
        found[name] = [line[4] for line in small.lines(database, name)]
    assert found == {"2025-01": [3000], "2025-03": [1500], "2025-02": [2000], "2025-04": [700]}
