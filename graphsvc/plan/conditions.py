"""Conditions of a plan as the engine takes them, with the metrics, windows and lists that they share.

Each is named once and referred to by index, so that a run computes a number once whatever the number of tests that read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from graphsvc.plan import metrics
from graphsvc.plan.compiled import Condition, Metric, Test, Window

T = TypeVar("T")


def _index(values: list[T], value: T) -> int:
    if value not in values:
        values.append(value)
    return values.index(value)


class Conditions:
    """Collects conditions with the metrics, windows and lists they share."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.windows = [Window(1)]
        self.metrics: list[Metric] = []
        self.lists: list[tuple[str, tuple[str, ...]]] = []
        self.conditions: list[Condition] = []

    def test(self, test: Mapping[str, Any]) -> Test:
        """One test of the document."""
        for name in metrics.LISTS:
            if name in test:
                index = _index(self.lists, (name, tuple(test[name])))
                return Test(_index(self.metrics, Metric("listed", metrics.label(test), "flag", argument=index)), 1)
        known = metrics.known(test)
        window = _index(self.windows, Window(metrics.periods(test)))
        metric = Metric(known.kind, metrics.label(test), known.unit, window, known.column, metrics.argument(test))
        return Test(_index(self.metrics, metric), metrics.need(test, self.currency))

    def add(self, name: str, items: list[Mapping[str, Any]]) -> int:
        """One list of tests as a condition; its index."""
        clauses = tuple(tuple(self.test(test) for test in item.get("any", [item])) for item in items)
        self.conditions.append(Condition(name, clauses))
        return len(self.conditions) - 1
