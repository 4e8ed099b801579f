"""What a pay code makes of a base, once more, by exact fractions: other arithmetic than the engine's."""

from __future__ import annotations

from fractions import Fraction

from graphsvc.money import round_ratio
from graphsvc.plan.compiled import CompiledPlan, Deduction, Pay, Walk


def owed(plan: CompiledPlan, pay: Pay, base: int) -> int:
    """Minor units of a line of this base; slices cut its absolute value at their bounds, so that what is below nothing takes back
    what was paid."""
    if not pay.slices:
        return round_ratio(base, pay.numerator, pay.denominator, plan.rounding) * plan.unit_minor
    size = abs(base)
    ends = [bound for bound, _, _ in pay.slices[1:]] + [size]
    exact = Fraction(0)
    for (bound, numerator, denominator), end in zip(pay.slices, ends, strict=True):
        exact += max(0, min(size, end) - bound) * Fraction(numerator, denominator)
    owed_minor = round_ratio(exact.numerator, 1, exact.denominator, plan.rounding) * plan.unit_minor
    return -owed_minor if base < 0 else owed_minor


def deducted(plan: CompiledPlan, deduction: Deduction, amount_minor: int) -> int:
    """Minor units that a deduction makes of a line of this amount; below 0 where the line is not."""
    return -round_ratio(amount_minor, deduction.numerator, deduction.denominator, plan.rounding) * plan.unit_minor


def worth(plan: CompiledPlan, bonus: Walk, base: int) -> int:
    """A base in minor units, rounded by the plan's rule."""
    return round_ratio(base, *bonus.value, plan.rounding)
