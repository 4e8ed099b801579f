"""What a partner's standing says about a condition: which tests failed, what it has, what it needs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from graphsvc import money
from graphsvc.plan.compiled import ACTIVE, CompiledPlan, Metric
from graphsvc.query.values import Row


@dataclass(frozen=True, slots=True)
class Failure:
    """One test that failed. have and need in the metric's own unit (thousandths, minor units, ppm, count)."""

    condition: str
    metric: str
    unit: str
    have: int
    need: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return dataclasses.asdict(self)


def quantity(value: int, metric: Metric, currency: str) -> str:
    """A metric's value as people read it."""
    if metric.unit == "volume":
        return money.format_volume(value)
    if metric.unit == "money":
        return f"{money.format_minor(value, currency)} {currency}"
    if metric.unit == "share":
        return money.format_rate(value)
    if metric.unit == "flag":
        return "yes" if value else "no"
    return str(value)


def failures(plan: CompiledPlan, condition: int, metrics: list[int]) -> list[Failure]:
    """The tests of every clause that does not hold; of a clause with alternatives, all of them, since any would do."""
    found: list[Failure] = []
    rule = plan.conditions[condition]
    for clause in rule.clauses:
        if any(metrics[test.metric] >= test.need for test in clause):
            continue
        for test in clause:
            metric, have = plan.metrics[test.metric], metrics[test.metric]
            any_of = " (any one of these would do)" if len(clause) > 1 else ""
            if metric.unit == "flag":
                text = f"{metric.label}: no{any_of}"
            else:
                had, needed = quantity(have, metric, plan.currency), quantity(test.need, metric, plan.currency)
                missing = quantity(test.need - have, metric, plan.currency)
                text = f"{metric.label}: have {had}, need {needed}, {missing} missing{any_of}"
            found.append(Failure(rule.name, metric.label, metric.unit, have, test.need, text))
    return found


def closed(plan: CompiledPlan, condition: int, standing: Row) -> list[Failure]:
    """Why a level is not open to this standing; empty when it is open."""
    if not standing["active"]:
        return inactive(plan, standing)
    if condition < 0 or standing["holds"][condition]:
        return []
    return failures(plan, condition, standing["metrics"])


def inactive(plan: CompiledPlan, standing: Row) -> list[Failure]:
    """Why a partner is not active; empty when it is."""
    if standing["active"]:
        return []
    if not standing["member"]:
        return [Failure("active", "joined", "flag", 0, 1, "had not joined by the end of the month")]
    if not standing["able"]:
        return [Failure("active", "status", "flag", 0, 1, "is suspended or terminated, and so never active")]
    return failures(plan, ACTIVE, standing["metrics"])
