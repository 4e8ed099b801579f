"""Conditions of a plan as the engine takes them, with the metrics, windows and lists that they share.

Each is named once and referred to by index, so that a run computes a number once whatever the number of tests that read it.
A condition is a list of clauses that all hold, a clause a list of tests of which any does; whatever the language lets people
write is brought into that one form here (mechanics section 2).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from graphsvc.plan import metrics, quantities
from graphsvc.plan.compiled import EVERY_ACTIVE, Clause, Condition, Mark, Metric, Reading, Test, Window

T = TypeVar("T")
Item = Mapping[str, Any]


def _index(values: list[T], value: T) -> int:
    if value not in values:
        values.append(value)
    return values.index(value)


class Conditions:
    """Collects conditions with the metrics, windows and lists they share.

    ranks: names of the plan's ranks, lowest first; period: what a period of its calendar is called.
    """

    def __init__(self, currency: str, ranks: Iterable[str] = (), period: str = "month") -> None:
        self.currency = currency
        self.period = period
        self.ranks = tuple(ranks)
        self.windows = [Window(1)]
        self.metrics: list[Metric] = []
        self.lists: list[tuple[str, tuple[str, ...]]] = []
        self.events: list[str] = []
        self.recruit_trees: list[str] = []
        self.frontline: list[str] = []
        self.running: list[str] = []
        self.readings: list[Reading] = []
        self.marks: list[Mark] = []
        self.conditions: list[Condition] = []

    def rank(self, name: str) -> int:
        """Index of a rank, from 1; 0 is to have none."""
        return self.ranks.index(name) + 1

    def mark(self, mark: Mark) -> int:
        """Index of a mark of orders."""
        return _index(self.marks, mark)

    def event(self, kind: str) -> int:
        """Index of a kind of event."""
        return _index(self.events, kind)

    def metric(self, test: Item) -> int:
        """Index of the metric that a test, a scale, a milestone or an order of contestants reads."""
        known = metrics.known(test)
        if known.kind == "told":
            return self._told(metrics.reading(test), test, known.unit)
        if test.get("window") == "running":
            summed = self.metric({**test, "window": "period"})
            column = _index(self.running, metrics.running(test))
            return self._metric(Metric("running", metrics.label(test, self.period), known.unit, 0, column, summed))
        window = _index(self.windows, Window(metrics.periods(test)))
        kind, column, argument = known.kind, known.column, 0
        if kind == "counted":
            # Of a requirement the cap is one number for everybody; of the total it is a share of each one's own legs.
            share, column = quantities.ppm(test["share"]), int(test["own_pv"] == "with")
            if test["of"] == "requirement":
                kind, argument = "counted_capped", metrics.need(test, self.currency) * share // quantities.PPM_WHOLE
            else:
                kind, argument = "counted_share", share
        elif kind == "legs_with_rank":
            kind, argument = f"legs_with_{test['as']}", self.rank(test["rank"])
        elif kind == "events":
            argument = _index(self.events, test["kind"])
        elif kind == "recruits":
            argument = _index(self.recruit_trees, test["tree"])
        elif kind == "frontline_with":
            argument = _index(self.frontline, test["condition"])
        else:
            argument = metrics.argument(test)
        return self._metric(Metric(kind, metrics.label(test, self.period), known.unit, window, column, argument))

    def held(self, as_: str) -> int:
        """Index of the metric that is a partner's own rank, `paid_as` or `title`, as a number from 1."""
        kind, label = ("rank", "paid-as rank") if as_ == "paid_as" else ("title", "title")
        return self._metric(Metric(kind, label, "rank"))

    def clauses(self, test: Item) -> tuple[Clause, ...]:
        """One test of the document as clauses that all hold; more than one where what is needed depends on the title."""
        for name in metrics.LISTS:
            if name in test:
                index = _index(self.lists, (name, tuple(test[name])))
                return ((Test(self._metric(Metric("listed", metrics.label(test, self.period), "flag", argument=index)), 1),),)
        if "in_plan" in test and "metric" not in test:
            return ((Test(self._told(metrics.reading(test), test, "flag"), 1),),)
        if "rank" in test and "metric" not in test:
            return ((Test(self.held(test["as"]), self.rank(test["rank"])),),)
        if "active" in test:
            return ((Test(self._metric(Metric("active", "active", "flag")), 1),),)
        if isinstance(test["at_least"], Mapping):
            return self._by_title(test)
        return ((Test(self.metric(test), metrics.need(test, self.currency)),),)

    def add(self, name: str, items: Sequence[Item]) -> int:
        """One list of tests as a condition; its index."""
        clauses: list[Clause] = []
        for item in items:
            ways = [self.clauses(test) for test in item.get("any", [item])]
            # Any of several lists of clauses: each clause of the one beside each of the others.
            clauses += [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*ways)]
        self.conditions.append(Condition(name, tuple(clauses)))
        return len(self.conditions) - 1

    def both(self, one: int, other: int) -> int:
        """The condition that holds where both do; EVERY_ACTIVE asks for nothing. No new one where one says it already."""
        if one == other or other == EVERY_ACTIVE:
            return one
        if one == EVERY_ACTIVE:
            return other
        first, second = self.conditions[one], self.conditions[other]
        clauses = first.clauses + tuple(clause for clause in second.clauses if clause not in first.clauses)
        for index, condition in enumerate(self.conditions):
            if index and condition.clauses == clauses:  # never the conditions of activity: these also see status and grace
                return index
        self.conditions.append(Condition(f"{first.name} and {second.name}", clauses))
        return len(self.conditions) - 1

    def who(self, name: str, given: str | Sequence[Item], named: Mapping[str, int]) -> int:
        """What stands under `opens` or `qualified`: active (EVERY_ACTIVE), the name of a condition, or tests of its own."""
        if isinstance(given, str):
            return EVERY_ACTIVE if given == "active" else named[given]
        return self.add(name, given)

    def _metric(self, metric: Metric) -> int:
        return _index(self.metrics, metric)

    def _told(self, reading: Reading, test: Item, unit: str) -> int:
        """Index of the metric that is a reading of closed periods."""
        label = metrics.label(test, self.period)
        return self._metric(Metric("told", label, unit, argument=_index(self.readings, reading)))

    def _by_title(self, test: Item) -> tuple[Clause, ...]:
        """For each band of titles at the period's start: below the band, above it, or what the band needs."""
        named = test["at_least"]["by_title"]
        bands = sorted((0 if title == "none" else self.rank(title), need) for title, need in named.items())
        clauses: list[Clause] = []
        for number, (first, need) in enumerate(bands):
            wanted = {**test, "at_least": need}
            tests = [Test(self.metric(wanted), metrics.need(wanted, self.currency))]
            if first:
                label = f"title at the period's start below {self.ranks[first - 1]}"
                under = Metric("title_under", label, "flag", argument=first)
                tests.append(Test(self._metric(under), 1))
            if number + 1 < len(bands):
                start = Metric("title_at_start", "title at the period's start", "rank")
                tests.append(Test(self._metric(start), bands[number + 1][0]))
            clauses.append(tuple(tests))
        return tuple(clauses)
