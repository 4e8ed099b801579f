"""What is done to lines after they are rounded: caps, deductions, and the split of a partner's total (mechanics section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import awarded, quantities, sums_of
from graphsvc.plan.compiled import Deduction, Limit, Split
from graphsvc.plan.conditions import Conditions

NO_CAP = -1


def limits(document: Mapping[str, Any], conditions: Conditions, frame: Mapping[str, Any]) -> tuple[Limit, ...]:
    """The caps of a plan, as they stand; a cap may vary by rank, type or scale, and who is given none has none."""
    found: list[Limit] = []
    every = tuple(bonus["name"] for bonus in document["bonuses"])
    for number, limit in enumerate(document.get("limits", []), 1):
        bonuses = every if limit["bonuses"] == "all" else tuple(limit["bonuses"])
        if limit["cap"] != "company":
            picks = sums_of.picks(
                limit["sum"], f"limit {number}", conditions, lambda given: sums_of.amount(given, conditions.currency), NO_CAP
            )
            found.append(Limit(limit["cap"], bonuses, tuple((condition, cap) for condition, cap in picks)))
        elif "sum" in limit:
            found.append(Limit("company", bonuses, sum_minor=sums_of.amount(limit["sum"], conditions.currency)))
        else:
            numerator, denominator = awarded.share("cv", frame, quantities.ppm(limit["rate"]))
            found.append(Limit("company", bonuses, numerator=numerator, denominator=denominator))
    return tuple(found)


def deductions(document: Mapping[str, Any], frame: Mapping[str, Any]) -> tuple[Deduction, ...]:
    """The deductions of a plan, each a rate of the lines of its bonuses."""
    found: list[Deduction] = []
    for deduction in document.get("deductions", []):
        ppm = quantities.ppm(deduction["rate"])
        found.append(Deduction(deduction["name"], tuple(deduction["bonuses"]), ppm, *awarded.share("money", frame, ppm)))
    return tuple(found)


def splits(document: Mapping[str, Any]) -> tuple[Split, ...]:
    """The balances beside the main one, with the part of a total that goes to each."""
    return tuple(Split(split["balance"], quantities.ppm(split["rate"])) for split in document.get("splits", []))
