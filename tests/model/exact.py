"""Exact numbers of a plan document: percentages, volumes and money as fractions and integers, and the three roundings."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from graphsvc import money

MILLION = 10**6


def rounded(value: Fraction, rule: str) -> int:
    """A whole number by `half_up`, `half_even` or `down`, each of the absolute value."""
    size = abs(value)
    whole = size.numerator // size.denominator
    rest = size - whole
    up = rule == "half_up" and rest >= Fraction(1, 2)
    up |= rule == "half_even" and (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1))
    return (whole + up) * (-1 if value < 0 else 1)


@cache
def percent(text: str) -> Fraction:
    """`5%` as a fraction."""
    return Fraction(text.rstrip("% ")) / 100


def ppm(share: Fraction) -> int:
    """A fraction in parts per million; the language has no finer one."""
    assert (share * MILLION).denominator == 1, share
    return int(share * MILLION)


@cache
def thousandths(value: Any) -> int:
    """A volume of a document."""
    return int(Fraction(str(value)) * 10**money.VOLUME_DECIMALS)


@cache
def minor(value: Any, currency: str) -> int:
    """Money of a document, in minor units."""
    return int(Fraction(str(value)) * 10 ** money.exponent(currency))
