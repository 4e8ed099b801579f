"""Exchange rates are exact, fixed once a month was closed with them, and told apart from what is no rate."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from graphsvc import rates
from graphsvc.errors import Code, Refused
from graphsvc.plan import store
from graphsvc.query.runner import Database
from tests.plan.sample import plan

Ask = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("source", "target", "rate", "minor"),
    [
        ("EUR", "USD", "1.0843", Fraction("1.0843")),
        ("JPY", "USD", "0.0084", Fraction("0.84")),
        ("USD", "JPY", "119.05", Fraction("1.1905")),
        ("KWD", "RUB", "300", Fraction("30")),
        ("USD", "KWD", "0.3", Fraction("3")),
        ("USD", "EUR", "0.000000000001", Fraction(1, 10**12)),
    ],
)
def test_a_rate_is_a_reduced_fraction_of_minor_units(source: str, target: str, rate: str, minor: Fraction) -> None:
    exact = rates.exact("2025-03", source, target, rate)
    assert (exact.numerator, exact.denominator) == (minor.numerator, minor.denominator)
    assert exact.numerator * exact.denominator <= 9 * 10**18


@pytest.mark.parametrize(
    ("month", "source", "target", "rate", "said"),
    [
        ("2025-13", "EUR", "USD", "1", "'2025-13' is not a month; write it as 2025-03."),
        ("2025-3", "EUR", "USD", "1", "'2025-3' is not a month"),
        ("2025-03", "EUX", "USD", "1", "'EUX' is not an ISO 4217 currency; the nearest are"),
        ("2025-03", "EUR", "usd", "1", "'usd' is not an ISO 4217 currency"),
        ("2025-03", "EUR", "EUR", "1", "a currency needs no rate into itself"),
        ("2025-03", "EUR", "USD", "0", "is 0, but must be above 0."),
        ("2025-03", "EUR", "USD", "-1.2", "is -1.2, but must be above 0."),
        ("2025-03", "EUR", "USD", "1,08", "is '1,08', which is not a plain decimal number"),
        ("2025-03", "EUR", "USD", "1e3", "is '1e3', which is not a plain decimal number"),
        ("2025-03", "EUR", "USD", "0.0000000000001", "which has more than 12 decimals"),
        ("2025-03", "EUR", "USD", "10000000", "is 10000000, too large to convert exactly; check the two currencies."),
        ("2025-03", "EUR", "USD", "12345.123456789", "too many digits to stay exact; round it to fewer."),
    ],
)
def test_what_is_no_rate_is_refused(month: str, source: str, target: str, rate: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        rates.exact(month, source, target, rate)
    assert said in caught.value.sentence


def test_a_rate_is_published_once(database: Database) -> None:
    assert rates.publish(database, "2025-03", "EUR", "USD", "1.08")
    assert not rates.publish(database, "2025-03", "EUR", "USD", "1.0800")
    with pytest.raises(Refused, match=r"The rate of EUR to USD in 2025-03 is 1\.08; add --replace to make it 1\.09") as caught:
        rates.publish(database, "2025-03", "EUR", "USD", "1.09")
    assert caught.value.code is Code.RATE_EXISTS
    assert rates.publish(database, "2025-03", "EUR", "USD", "1.09", replace=True)
    rates.publish(database, "2025-03", "JPY", "USD", "0.0084")
    rates.publish(database, "2025-03", "EUR", "RUB", "90")
    rates.publish(database, "2025-04", "EUR", "USD", "1.1")
    assert [(rate.source, rate.rate) for rate in rates.in_month(database, "2025-03", "USD")] == [
        ("EUR", "1.09"),
        ("JPY", "0.0084"),
    ]
    assert [(rate.source, rate.target) for rate in rates.in_month(database, "2025-03")] == [
        ("EUR", "RUB"),
        ("EUR", "USD"),
        ("JPY", "USD"),
    ]


@pytest.mark.parametrize("status", ["closing", "closed", "paid"])
def test_a_closed_month_keeps_its_rates(database: Database, ask: Ask, status: str) -> None:
    store.publish(database, plan())
    rates.publish(database, "2025-03", "EUR", "RUB", "90")
    ask(
        "CREATE (:Period {plan: 'sample', month: '2025-03', status: $status, run_id: 'r'}),"
        " (:Run {id: 'r', plan: 'sample', plan_version: 1})",
        status=status,
    )
    assert not rates.publish(database, "2025-03", "EUR", "RUB", "90.0")
    for source in ("EUR", "USD"):
        with pytest.raises(Refused, match="2025-03 is closed by sample, so its rates to RUB stand") as caught:
            rates.publish(database, "2025-03", source, "RUB", "91", replace=True)
        assert caught.value.code is Code.MONTH_CLOSED
    assert [rate.source for rate in rates.in_month(database, "2025-03")] == ["EUR"]
    assert rates.publish(database, "2025-03", "EUR", "USD", "1.08")
    assert rates.publish(database, "2025-04", "EUR", "RUB", "91")


def test_a_run_sees_every_rate_into_its_currency_by_source_and_month(database: Database) -> None:
    rates.publish(database, "2025-03", "EUR", "USD", "1.0843")
    rates.publish(database, "2025-04", "EUR", "USD", "1.1")
    rates.publish(database, "2025-03", "JPY", "USD", "0.0084")
    rates.publish(database, "2025-03", "EUR", "RUB", "90")
    assert rates.factors(database, "USD") == {
        "EUR 2025-03": [10843, 10000],
        "EUR 2025-04": [11, 10],
        "JPY 2025-03": [21, 25],
    }
