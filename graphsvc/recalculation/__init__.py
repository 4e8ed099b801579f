"""A closed period computed again, without touching it: what would differ, line by line, and what is behind each difference.

It is computed from today's data, in hindsight: what came late counts where it is dated; or by another version of the plan.
"""

from __future__ import annotations

from graphsvc.recalculation.impact import Impact, counts_in, currency_of, of_refund
from graphsvc.recalculation.looking import looking
from graphsvc.recalculation.service import Difference, LineDifference, compare, computable, recalculate

__all__ = [
    "Difference",
    "Impact",
    "LineDifference",
    "compare",
    "computable",
    "counts_in",
    "currency_of",
    "looking",
    "of_refund",
    "recalculate",
]
