"""What a month counts: refunds, dates at the borders of zones, currencies, customers, and what was known in time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import neo4j
import pytest

from graphsvc import month, rates
from graphsvc.errors import Code, Refused
from graphsvc.query.runner import Database
from tests.month import small
from tests.month.conftest import Said
from tests.server import Address

Cli = Callable[..., Said]
EVERYBODY = {"conditions": [], "grace_periods": 0}


def document(**changes: Any) -> dict[str, Any]:
    """A plan in which everybody is active and the seller's sponsor gets all of the order: a line is what was counted."""
    bonus = small.PLAN["bonuses"][0] | {"compression": "none", "levels": [{"rate": "100%", "opens": "active"}]}
    return small.plan(**{"active": EVERYBODY, "bonuses": [bonus], **changes})


def closed(database: Database, *months: str) -> dict[str, dict[str, int]]:
    """Close months; what each counted for the recruits of whom."""
    found = {}
    for name in months:
        month.close(database, name, "small", actor="test", out_of_order=True)
        found[name] = {line[0]: line[4] for line in small.lines(database, name)}
    return found


def test_a_refund_in_the_orders_own_month_makes_it_smaller_and_a_later_one_takes_back(database: Database, tmp_path: Path) -> None:
    text = """
    A
      B : own 30 qv 100 cv 100 @2025-01-10, refund 10 @2025-01-20, refund 10 @2025-02-20, refund 10 @2025-03-20
    X
      Y : own 30 cv 100 @2025-01-10, refund 30 @2025-01-31T23:59:59Z
    P
      Q : own 30 cv 100 @2025-01-10, refund 30 @2025-02-01T00:00:00Z
    """
    small.import_company(database, tmp_path, text, document())
    assert closed(database, "2025-01", "2025-02", "2025-03") == {
        "2025-01": {"A": 6667, "P": 10_000},
        "2025-02": {"A": -3333, "P": -10_000},
        "2025-03": {"A": -3333},
    }
    report = month.runs(database)[-1]
    assert report.month == "2025-01"
    assert report.sold_minor == 2000 + 3000


def test_thirds_are_cut_down_in_turn(database: Database, tmp_path: Path) -> None:
    """A volume of 100 in three refunds of a third: 33.333, 33.333, 33.334; seen in cents by a value of 10."""
    volumes = small.PLAN["volumes"] | {"volume_value": 10}
    text = "A\n  B : own 30 cv 100 @2025-01-10, refund 10 @2025-02-20, refund 10 @2025-03-20, refund 10 @2025-04-20"
    small.import_company(database, tmp_path, text, document(volumes=volumes))
    counted = closed(database, "2025-01", "2025-02", "2025-03", "2025-04")
    assert [found["A"] for found in counted.values()] == [100_000, -33_333, -33_333, -33_334]


def test_what_is_recorded_after_the_cut_off_does_not_count(
    database: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path
) -> None:
    text = "A\n  B : own 30 @2025-01-10, refund 10 @2025-01-20 as SLOW, own 5 @2025-01-11 as LATE\n  L : own 7 @2025-01-12"
    small.import_company(database, tmp_path, text, document())
    # As if they had been taken in while the run was under way: after its cut-off.
    late = "datetime.realtime() + duration('PT1H')"
    for what in ("Refund {id: 'SLOW'}", "Order {id: 'LATE'}", "Partner {id: 'L'}"):
        driver.execute_query(f"MATCH (n:{what}) SET n.recorded_at = {late}", database_=endpoint.database)
    driver.execute_query("MATCH (o:Order {id: 'L-1'}) DETACH DELETE o", database_=endpoint.database)
    assert closed(database, "2025-01") == {"2025-01": {"A": 3000}}
    assert month.runs(database)[0].partners == 2


@pytest.mark.parametrize(
    ("zone", "before", "inside", "after"),
    [
        ("UTC", ("2025-02-28", "2025-02-28T23:59:59Z"), ("2025-03-01", "2025-03-01T00:00:00Z", "2025-03-31"), ("2025-04-01",)),
        (
            "Europe/Moscow",
            ("2025-02-28", "2025-02-28T20:59:59Z"),
            ("2025-03-01", "2025-02-28T21:00:00Z", "2025-03-31T20:59:59Z", "2025-03-31"),
            ("2025-04-01", "2025-03-31T21:00:00Z", "2025-04-01T00:00:00+03:00"),
        ),
        (
            "Pacific/Kiritimati",
            ("2025-02-28T09:59:59Z", "2025-02-28"),
            ("2025-02-28T10:00:00Z", "2025-03-01", "2025-03-31", "2025-03-31T09:59:59Z"),
            ("2025-03-31T10:00:00Z", "2025-04-01"),
        ),
    ],
)
def test_a_bare_date_is_a_day_of_the_plans_zone(
    zone: str, before: tuple[str, ...], inside: tuple[str, ...], after: tuple[str, ...], database: Database, tmp_path: Path
) -> None:
    cents = {"before": 1, "inside": 100, "after": 10_000}
    orders = [
        f"own {cents[where] / 100:.2f} @{at}"
        for where, instants in (("before", before), ("inside", inside), ("after", after))
        for at in instants
    ]
    small.import_company(database, tmp_path, "A\n  B : " + ", ".join(orders), document(time_zone=zone))
    assert closed(database, "2025-03") == {"2025-03": {"A": 100 * len(inside)}}


def test_money_in_other_currencies_is_converted_once_an_order(database: Database, cli: Cli, tmp_path: Path) -> None:
    text = """
    A
      B : own 10.05 in EUR @2025-03-31, own 10.05 in EUR @2025-03-30, own 333 in JPY, own 1 in EUR cv 7
      C : own 2
    """
    small.import_company(database, tmp_path, text, document())
    said = cli("month", "close", "2025-03", "--plan", "small")
    assert (said.code, said.out) == (2, "")
    assert "EUR 2025-03, JPY 2025-03" in said.sentence
    assert "graphsvc rate publish" in said.sentence
    rates.publish(database, "2025-03", "EUR", "USD", "1.1")
    said = cli("month", "close", "2025-03", "--plan", "small")
    assert said.code == 2
    assert "EUR" not in said.sentence
    assert "JPY 2025-03" in said.sentence
    assert [period["status"] for period in month.months(database, "small")] == ["open"]
    rates.publish(database, "2025-03", "JPY", "USD", "0.0075")
    assert cli("month", "close", "2025-03", "--plan", "small").code == 0
    # 10.05 EUR are 11.055 USD, rounded half up to 11.06 each; 333 JPY are 2.4975 USD; a given CV stays as it is.
    assert {line[0]: line[4] for line in small.lines(database, "2025-03")} == {"A": 1106 + 1106 + 250 + 700 + 200}
    assert month.runs(database)[0].sold_minor == 1106 + 1106 + 250 + 110 + 200


def test_a_rate_missing_leaves_no_lines(database: Database, driver: neo4j.Driver, endpoint: Address, tmp_path: Path) -> None:
    small.import_company(database, tmp_path, "A\n  B : own 1 in EUR", document())
    with pytest.raises(Refused) as refused:
        month.close(database, "2025-03", "small", actor="test")
    assert refused.value.code is Code.RATE_MISSING
    before = small.census(driver, endpoint)
    assert before.pop("Period") == 1
    assert not {"FrozenTree", "FrozenVolume", "Standing", "Earning"} & set(before)
    before["Period"] = 1
    with pytest.raises(Refused):
        month.preview(database, "2025-03", "small", actor="test")
    month.preview(database, "2025-04", "small", actor="test")
    assert small.census(driver, endpoint) == before


def test_sums_that_cannot_be_exact_are_refused_and_can_be_mended(
    database: Database, driver: neo4j.Driver, endpoint: Address, cli: Cli, tmp_path: Path
) -> None:
    small.import_company(database, tmp_path, "A\n  B : " + ", ".join(["own 1"] * 6), document())
    driver.execute_query("MATCH (o:Order) SET o.cv = 999999999999999999", database_=endpoint.database)
    with pytest.raises(Refused) as refused:
        month.close(database, "2025-03", "small", actor="test")
    assert refused.value.code is Code.SUM_TOO_LARGE
    assert month.runs(database)[0].state == "discarded"
    assert "Earning" not in small.census(driver, endpoint)
    # Once the mistake is mended the same command goes on, with a cut-off of its own: what was mended counts.
    driver.execute_query("MATCH (o:Order) SET o.cv = null, o.recorded_at = datetime.realtime()", database_=endpoint.database)
    assert closed(database, "2025-03") == {"2025-03": {"A": 600}}


def test_customers_and_months_are_read_where_a_condition_asks(database: Database, tmp_path: Path) -> None:
    text = """
    A joined 2024-03-31 : customer a1, customer a2 joined 2025-03-31, customer a3 joined 2025-04-01
      S : own 10
    B joined 2024-04-01 : customer b1, customer b2
      T : own 10
    C joined 2024-03-31 : retail 9 by c1, retail 8 by c2, retail 7 by c2, refund 7
      U : own 10
    """
    opens = [{"metric": "customers", "at_least": 2}, {"metric": "months_since_joining", "at_least": 12}]
    paying = [{"metric": "paying_customers", "window": "period", "at_least": 2}]
    bonus = document()["bonuses"][0]
    bonuses = [
        bonus | {"name": "customers", "levels": [{"rate": "10%", "opens": opens}]},
        bonus | {"name": "paying", "levels": [{"rate": "10%", "opens": paying}]},
    ]
    small.import_company(database, tmp_path, text, document(bonuses=bonuses))
    month.close(database, "2025-03", "small", actor="test")
    assert [line[:2] for line in small.lines(database, "2025-03")] == [
        ("A", "customers"),
        ("C", "customers"),
        ("C", "paying"),
    ]
