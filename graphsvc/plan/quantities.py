"""The exact numbers of a plan: percentages, volumes and money as integers, and what a base is worth as a reduced fraction."""

from __future__ import annotations

import math
from typing import Any

from graphsvc import money

VALUE_DECIMALS = 4
PERCENT_DECIMALS = 4
PPM_WHOLE = 1_000_000
# Bound of a reduced numerator or denominator: what is computed with them stays exact in 64-bit integers.
FRACTION_MAX = 10**12
# Bound of a volume or a sum of money in a condition, in major units.
NEED_MAX = 10**12


def scaled(value: int | str, decimals: int) -> int:
    """A decimal of a plan, quoted or not, as an integer of 10^-decimals; ValueError with a sentence when it does not fit."""
    return money.parse_scaled(str(value), decimals)


def ppm(text: str) -> int:
    """A percentage as parts per million: `ppm("2.5%") == 25_000`."""
    return money.parse_scaled(text.removesuffix("%").rstrip(" "), PERCENT_DECIMALS)


def plain(value: int | str, decimals: int = 18) -> str:
    """A decimal in its one shortest form, so that 10, "10" and 10.00 are the same plan."""
    text = money.format_scaled(scaled(value, decimals), decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(text: str) -> str:
    """A percentage in its one shortest form: `percent("5.00 %") == "5%"`."""
    return money.format_rate(ppm(text)).replace(" ", "")


def worth(base: str, volume_value: int | str, exponent: int) -> tuple[int, int]:
    """What one unit of a base is in minor units: a thousandth of volume, or a minor unit itself where the base is money."""
    if base == "money":
        return 1, 1
    return reduced(scaled(volume_value, VALUE_DECIMALS) * 10**exponent, 10**VALUE_DECIMALS * 10**money.VOLUME_DECIMALS)


def share(base: str, volume_value: int | str, exponent: int, rate_ppm: int, unit_minor: int) -> tuple[int, int]:
    """What one unit of a base pays at a rate, in units of `unit_minor` minor units, before the one rounding."""
    numerator, denominator = worth(base, volume_value, exponent)
    return reduced(numerator * rate_ppm, denominator * PPM_WHOLE * unit_minor)


def reduced(numerator: int, denominator: int) -> tuple[int, int]:
    """A fraction in its lowest terms."""
    common = math.gcd(numerator, denominator)
    return numerator // common, denominator // common


def unit_minor(to: str, exponent: int) -> int:
    """How many minor units a line is rounded to: 1, or those of one whole unit."""
    return 10**exponent if to == "whole" else 1


def as_list(value: Any) -> list[Any]:
    """A value that the schema says is a list, as one."""
    assert isinstance(value, list)
    return value
