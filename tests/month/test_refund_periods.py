"""Which period a refund belongs to (mechanics section 9): that of its own date, or its order's if that still knew of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc import month
from graphsvc.errors import BadInput
from graphsvc.imports import ImportFiles, import_files
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.graphs import IDENTIFIER_KEY, build, draw
from tests.month import small
from tests.month.test_late import document, send
from tests.month.test_reverse import closed
from tests.records import Network

BOTH = pytest.mark.parametrize("choice", ["own_period", "order_period"])


def belonging(choice: str, **changes: Any) -> dict[str, Any]:
    """The volumes of a plan with a choice of where refunds belong."""
    return small.PLAN["volumes"] | {"refunds_belong_to": choice} | changes


def amounts(database: Database, text: str, folder: Path, plan: dict[str, Any], *months: str) -> list[list[int]]:
    """The amounts of each period that is closed; proved, explained, and held against the judge."""
    return [[line[4] for line in lines] for lines in closed(database, draw(text), folder, plan, *months)]


@BOTH
def test_a_refund_dated_next_month_that_is_known_at_the_close(choice: str, database: Database, tmp_path: Path) -> None:
    """Of 30.00, 10.00 in time: January's with its order, or February's. All of 8.00: as if neither were, or March's."""
    text = "A\n  B : own 30 @2025-01-10, refund 10 @2025-02-05, own 8 @2025-01-11, refund 8 @2025-03-01"
    found = amounts(database, text, tmp_path, document(volumes=belonging(choice)), "2025-01", "2025-02", "2025-03")
    assert found == {"own_period": [[3800], [-1000], [-800]], "order_period": [[2000], [], []]}[choice]


@BOTH
def test_a_refund_that_is_recorded_after_the_close_belongs_to_its_date(choice: str, database: Database, tmp_path: Path) -> None:
    text = """
    A
      B : own 30 @2025-01-10, refund 10 @2025-02-05 after 1, refund 5 @2025-03-05 after 1, refund 1 @2025-02-06 after 2
    """
    found = amounts(database, text, tmp_path, document(volumes=belonging(choice)), "2025-01", "2025-02", "2025-03")
    assert found == [[3000], [-1000], [-600]]


@BOTH
def test_part_refunds_add_up_in_the_order_in_which_they_count(choice: str, database: Database, tmp_path: Path) -> None:
    """10.00 three times, of 30.00 with a volume of 100, in cents by a value of 10. The one dated last is known first."""
    refunds = "refund 10 @2025-04-20, refund 10 @2025-02-02 after 1, refund 10 @2025-03-05 after 2"
    text = f"A\n  B : own 30 cv 100 @2025-01-10, {refunds}"
    plan = document(volumes=belonging(choice, volume_value=10))
    found = amounts(database, text, tmp_path, plan, "2025-01", "2025-02", "2025-03", "2025-04")
    own, order = [[100_000], [-33_333], [-33_333], [-33_334]], [[66_667], [-33_333], [-33_334], []]
    assert found == {"own_period": own, "order_period": order}[choice]


@BOTH
def test_a_window_holds_a_refund_where_it_was_counted(choice: str, database: Database, tmp_path: Path) -> None:
    """PV of two periods of at least 35: in March that is February's 10, less 10 or not, and 25."""
    text = "A\n  B : own 30 @2025-01-10, refund 10 @2025-02-05, own 10 @2025-02-06, own 25 @2025-03-06"
    needs = [{"metric": "pv", "window": {"last": 2}, "at_least": 35}]
    bonus = document()["bonuses"][0] | {"first_level": "seller"}
    plan = document(active={"conditions": needs, "grace_periods": 0}, bonuses=[bonus], volumes=belonging(choice))
    found = amounts(database, text, tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert found == {"own_period": [[], [], []], "order_period": [[], [], [2500]]}[choice]


@BOTH
def test_who_gave_all_back_in_time_paid_for_nothing(choice: str, database: Database, tmp_path: Path) -> None:
    text = "A\n  B : own 50 @2025-01-11, retail 30 by c @2025-01-10, refund 30 @2025-02-05"
    needs = [{"metric": "paying_customers", "window": "period", "at_least": 1}]
    bonus = document()["bonuses"][0] | {"first_level": "seller"}
    plan = document(active={"conditions": needs, "grace_periods": 0}, bonuses=[bonus], volumes=belonging(choice))
    found = amounts(database, text, tmp_path, plan, "2025-01", "2025-02")
    assert found == {"own_period": [[8000], []], "order_period": [[], []]}[choice]


@BOTH
@pytest.mark.parametrize("late", ["now", "then"])
def test_a_late_order_has_the_period_that_counts_it(late: str, choice: str, database: Database, tmp_path: Path) -> None:
    """Its refund of March is known when February, which counts it, is closed."""
    text = "A\n  B : own 30 @2025-01-10, own 20 @2025-01-11 as LATE after 1, refund 5 @2025-03-05 after 1"
    plan = document(volumes=belonging(choice, late_orders=late))
    found = amounts(database, text, tmp_path, plan, "2025-01", "2025-02", "2025-03")
    assert found == {"own_period": [[3000], [2000], [-500]], "order_period": [[3000], [1500], []]}[choice]


@BOTH
def test_nothing_is_taken_back_of_lines_that_never_had_it(choice: str, database: Database, tmp_path: Path) -> None:
    """Of the second refund goes what the closed line still has of it."""
    text = "A\n  B : own 30 cv 100 @2025-01-10, refund 10 @2025-02-05, refund 10 @2025-02-06 after 1"
    plan = document(volumes=belonging(choice, refunds="reverse", volume_value=10))
    found = amounts(database, text, tmp_path, plan, "2025-01", "2025-02")
    assert found == {"own_period": [[100_000], [-66_666]], "order_period": [[66_667], [-33_333]]}[choice]


def test_a_version_decides_for_the_periods_that_it_closes(database: Database, tmp_path: Path) -> None:
    text = "A\n  B : own 30 @2025-01-10, refund 10 @2025-02-05, own 20 @2025-02-06, refund 5 @2025-03-06"
    build(database, draw(text), tmp_path)
    store.publish(database, document(volumes=belonging("own_period")))
    store.publish(database, document(volumes=belonging("order_period"), version=2, valid_from="2025-02-01"))
    found = []
    for name in ("2025-01", "2025-02", "2025-03"):
        month.close(database, name, "small", actor="test")
        found.append([line[4] for line in small.lines(database, name)])
    assert found == [[3000], [500], []]


def test_a_preview_takes_it_and_leaves_nothing(database: Database, tmp_path: Path) -> None:
    """Shown again after its close, a period takes what its own run knew."""
    network = draw("A\n  B : own 30 @2025-01-10, refund 10 @2025-02-05, refund 2 @2025-02-06 after 1")
    build(database, network.known(0), tmp_path)
    store.publish(database, document(volumes=belonging("order_period")))
    assert month.preview(database, "2025-01", "small", actor="test").payout_minor == 2000
    assert month.preview(database, "2025-02", "small", actor="test").payout_minor == -1000  # as long as January takes nothing
    month.close(database, "2025-01", "small", actor="test")
    assert month.preview(database, "2025-02", "small", actor="test").payout_minor == 0
    send(database, network, 1, tmp_path)
    assert month.preview(database, "2025-01", "small", actor="test").payout_minor == 2000
    assert month.preview(database, "2025-02", "small", actor="test").payout_minor == -200


def test_periods_closed_out_of_order_take_a_refund_once(database: Database, tmp_path: Path) -> None:
    """March is closed before January and takes what it knows by its date; of what comes then, January takes what it knows."""
    orders = "own 30 @2025-01-10, refund 10 @2025-03-05, own 20 @2025-01-11"
    network = draw(f"A\n  B : {orders}, refund 5 @2025-03-06 after 1, refund 1 @2025-03-07 after 2")
    build(database, network.known(0), tmp_path)
    store.publish(database, document(volumes=belonging("order_period")))
    found = {}
    for number, name in enumerate(("2025-03", "2025-01", "2025-04")):
        if number:
            send(database, network, number, tmp_path)
        month.close(database, name, "small", actor="test", out_of_order=True)
        found[name] = [line[4] for line in small.lines(database, name)]
    assert found == {"2025-03": [-1000], "2025-01": [4500], "2025-04": [-100]}


def test_a_refund_that_a_closed_period_counted_stays_as_it_is(database: Database, tmp_path: Path) -> None:
    """February is closed first and takes its part of an order of which January counts a line."""
    network = draw("A\n  B : own 10 @2025-01-10, also 20 @2025-02-10, refund 3 @2025-03-05 as GIVEN")
    build(database, network, tmp_path)
    store.publish(database, document(volumes=belonging("order_period")))
    month.close(database, "2025-02", "small", actor="test", out_of_order=True)
    assert [line[4] for line in small.lines(database, "2025-02")] == [1800]
    given = Network(orders=network.orders, refunds=network.refunds).write(tmp_path / "again")["refunds"]
    given.write_text(given.read_text().replace("3.00", "2.00"))
    with pytest.raises(BadInput) as caught:
        import_files(database, ImportFiles(refunds=given), update=True, identifier_key=IDENTIFIER_KEY)
    assert [(f.value, f.reason) for f in caught.value.findings] == [
        ("GIVEN", "was counted by the closed month 2025-02 of plan small")
    ]
