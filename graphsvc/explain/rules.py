"""What a partner's standing says about a condition: which tests failed, what it has, what it needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc import money
from graphsvc.plan.compiled import ACTIVE, CompiledPlan, Metric
from graphsvc.query.values import Row


@dataclass(frozen=True, slots=True)
class Held:
    """The rank that a partner had in the period of another plan that counts, and the one that is asked for: by number in the
    version that ran it (0: none), and by name; no period where that plan had none yet."""

    period: str
    have: int
    need: int
    name: str
    needed: str


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


def failures(plan: CompiledPlan, condition: int, metrics: list[int], held: Mapping[int, Held] | None = None) -> list[Failure]:
    """The tests of every clause that does not hold; of a clause with alternatives, all of them, since any would do.

    held: the ranks in other plans behind readings of the plan, where they were looked up.
    """
    found: list[Failure] = []
    rule = plan.conditions[condition]
    for clause in rule.clauses:
        if any(metrics[test.metric] >= test.need for test in clause):
            continue
        for test in clause:
            metric, have = plan.metrics[test.metric], metrics[test.metric]
            any_of = " (any one of these would do)" if len(clause) > 1 else ""
            if metric.kind == "told" and held and metric.argument in held:
                found.append(_elsewhere(rule.name, metric, held[metric.argument], any_of))
                continue
            if metric.unit == "flag":
                text = f"{metric.label}: no{any_of}"
            else:
                had, needed = quantity(have, metric, plan.currency), quantity(test.need, metric, plan.currency)
                missing = quantity(test.need - have, metric, plan.currency)
                text = f"{metric.label}: have {had}, need {needed}, {missing} missing{any_of}"
            found.append(Failure(rule.name, metric.label, metric.unit, have, test.need, text))
    return found


def _elsewhere(condition: str, metric: Metric, held: Held, any_of: str) -> Failure:
    """A rank in another plan that is too low: the one that was held, and the one that is needed."""
    had = f"have {held.name or 'none'} in {held.period}" if held.period else "have none, because no period of it counts yet"
    text = f"{metric.label}: {had}, need {held.needed}{any_of}"
    return Failure(condition, metric.label, "rank", held.have, held.need, text)


def closed(plan: CompiledPlan, condition: int, standing: Row) -> list[Failure]:
    """Why a level is not open to this standing; empty when it is open."""
    if not standing["active"]:
        return inactive(plan, standing)
    if condition < 0 or standing["holds"][condition]:
        return []
    return failures(plan, condition, standing["metrics"], standing.get("held"))


def inactive(plan: CompiledPlan, standing: Row) -> list[Failure]:
    """Why a partner is not active; empty when it is."""
    if standing["active"]:
        return []
    if not standing["member"]:
        return [Failure("active", "joined", "flag", 0, 1, "had not joined by the end of the month")]
    if not standing["able"]:
        return [Failure("active", "status", "flag", 0, 1, "is suspended or terminated, and so never active")]
    return failures(plan, ACTIVE, standing["metrics"], standing.get("held"))
