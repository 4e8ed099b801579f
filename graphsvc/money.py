"""Money as integer minor units with a currency; decimal strings at the edges; no float anywhere.

Volumes are integers in thousandths, rates integers in parts per million. Exact decimal text only: digits, an optional
sign, an optional point. `1e3`, `1_000`, `１２` and ` 1 ` are not numbers here.
"""

from __future__ import annotations

import functools
import re

import iso4217

VOLUME_DECIMALS = 3
RATE_DECIMALS = 6
# Bounds of one order, so that every product in the engine stays inside 63 bits.
AMOUNT_MINOR_MAX = 10**12
VOLUME_THOUSANDTHS_MAX = 10**12

_DECIMAL = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,18}))?", re.ASCII)


@functools.cache
def exponents() -> dict[str, int]:
    """Minor-unit exponent of every ISO 4217 currency that has one (0 for JPY, 2 for USD, 3 for KWD)."""
    return {c.code: c.exponent for c in iso4217.Currency if c.exponent is not None and c.exponent <= 3}


def exponent(currency: str) -> int:
    """Decimals of a currency; ValueError with a sentence when ISO 4217 has no such currency."""
    try:
        return exponents()[currency]
    except KeyError:
        raise ValueError("is not an ISO 4217 currency code, such as USD, EUR or RUB") from None


def parse_scaled(text: str, decimals: int) -> int:
    """An exact decimal string as an integer of 10^-decimals; ValueError with a sentence when it is not exactly that."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise ValueError("is not a plain decimal number, such as 11.77")
    sign, whole, fraction = match[1], match[2], (match[3] or "")
    if len(fraction.rstrip("0")) > decimals:
        raise ValueError(f"has more than {decimals} decimals" if decimals else "must be whole, without decimals")
    value = int(whole + fraction.rstrip("0").ljust(decimals, "0"))
    return -value if sign else value


def parse(text: str, currency: str) -> int:
    """A decimal string in major units as minor units of the currency: `parse("11.77", "USD") == 1177`."""
    return parse_scaled(text, exponent(currency))


def format_scaled(value: int, decimals: int) -> str:
    """An integer of 10^-decimals as a plain decimal string, all decimals shown."""
    sign, digits = ("-" if value < 0 else ""), str(abs(value)).rjust(decimals + 1, "0")
    return f"{sign}{digits[: len(digits) - decimals]}.{digits[len(digits) - decimals :]}" if decimals else f"{sign}{digits}"


def format_minor(amount_minor: int, currency: str) -> str:
    """Minor units as a decimal string in major units: `format_minor(1177, "USD") == "11.77"`."""
    return format_scaled(amount_minor, exponent(currency))


def format_volume(thousandths: int) -> str:
    """A volume as people read it: trailing zeros dropped."""
    return format_scaled(thousandths, VOLUME_DECIMALS).rstrip("0").rstrip(".")


def format_rate(ppm: int) -> str:
    """A rate as a percentage: `format_rate(50_000) == "5 %"`."""
    return format_scaled(ppm, 4).rstrip("0").rstrip(".") + " %"


def round_ratio(value: int, numerator: int, denominator: int, rule: str) -> int:
    """value * numerator / denominator, exactly, rounded once by the rule (half_up, half_even, down) on the absolute value."""
    whole, rest = divmod(abs(value) * numerator, denominator)
    if (rule == "half_up" and 2 * rest >= denominator) or (
        rule == "half_even" and (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
    ):
        whole += 1
    return -whole if value < 0 else whole
