"""Exchange rates: one a month and pair of currencies, published before the month is closed, then fixed.

A rate is exact decimal text and becomes a reduced fraction of minor units, so that a run converts an order in 64-bit integers
and rounds it once by the plan's rule.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from graphsvc import money
from graphsvc.errors import Code, Refused, nearest
from graphsvc.periods import parse_month
from graphsvc.query.runner import Database, Transaction

RATE_DECIMALS = 12
# q * numerator + r * numerator / denominator must fit 63 bits with r below the denominator.
PRODUCT_MAX = 9 * 10**18
# So many minor units of target for one of source at most: the largest order still fits 63 bits.
FACTOR_MAX = PRODUCT_MAX // money.AMOUNT_MINOR_MAX


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Units of target for one of source in a month: as text, and as a fraction of their minor units."""

    month: str
    source: str
    target: str
    rate: str
    numerator: int
    denominator: int


def exact(month: str, source: str, target: str, rate: str) -> ExchangeRate:
    """A rate as an exact fraction of minor units; refuses what is no rate, or has more digits than stay exact."""
    named = f"{source} to {target} in {parse_month(month)}"
    for code in (source, target):
        if code not in money.exponents():
            raise Refused(Code.BAD_INPUT, f"{code!r} is not an ISO 4217 currency; {nearest(code, money.exponents())}.")
    if source == target:
        raise Refused(Code.BAD_INPUT, f"{named}: a currency needs no rate into itself; name two currencies.")
    try:
        scaled = money.parse_scaled(rate, RATE_DECIMALS)
    except ValueError as error:
        raise Refused(Code.BAD_INPUT, f"The rate of {named} is {rate!r}, which {error}; write it as 1.0843.") from None
    if scaled <= 0:
        raise Refused(Code.BAD_INPUT, f"The rate of {named} is {rate}, but must be above 0.")
    numerator = scaled * 10 ** money.exponent(target)
    denominator = 10 ** (RATE_DECIMALS + money.exponent(source))
    common = math.gcd(numerator, denominator)
    numerator, denominator = numerator // common, denominator // common
    if numerator * denominator > PRODUCT_MAX:
        raise Refused(Code.BAD_INPUT, f"The rate of {named} is {rate}, too many digits to stay exact; round it to fewer.")
    if numerator > FACTOR_MAX * denominator:
        raise Refused(Code.BAD_INPUT, f"The rate of {named} is {rate}, too large to convert exactly; check the two currencies.")
    text = money.format_scaled(scaled, RATE_DECIMALS).rstrip("0").rstrip(".")
    return ExchangeRate(month, source, target, text, numerator, denominator)


def publish(database: Database, month: str, source: str, target: str, rate: str, *, replace: bool = False) -> bool:
    """Fix the rate of a month; False when it stands already. Another value needs `replace`, and an open month."""
    wanted = exact(month, source, target, rate)

    def work(tx: Transaction) -> bool:
        row = tx.one("rates.take", month=month, source=source, target=target)
        there = row["rate"] if row else None
        if there == wanted.rate:
            return False
        closed = [found["plan"] for found in tx.run("rates.closed_with", month=month, target=target)]
        if closed:
            raise Refused(
                Code.MONTH_CLOSED,
                f"{month} is closed by {', '.join(closed)}, so its rates to {target} stand; publish rates before the close.",
            )
        if there is not None and not replace:
            raise Refused(
                Code.RATE_EXISTS,
                f"The rate of {source} to {target} in {month} is {there}; add --replace to make it {wanted.rate}.",
                detail={"rate": there},
            )
        tx.run("rates.publish", month=month, source=source, target=target, rate=wanted.rate)
        return True

    return database.transact(work)


def in_month(database: Database, month: str, target: str | None = None) -> list[ExchangeRate]:
    """The rates of a month into one currency, or into all, by target and source."""
    parse_month(month)
    return [
        exact(month, row["source"], row["target"], row["rate"])
        for row in database.run("rates.in_month", month=month, target=target)
    ]


def factors(database: Database | Transaction, target: str) -> dict[str, list[int]]:
    """Every rate into a currency as a run takes it: `EUR 2025-03` to [numerator, denominator] of minor units."""
    table: dict[str, list[int]] = {}
    for row in database.run("rates.into", target=target):
        rate = exact(row["month"], row["source"], target, row["rate"])
        table[f"{rate.source} {rate.month}"] = [rate.numerator, rate.denominator]
    return table
