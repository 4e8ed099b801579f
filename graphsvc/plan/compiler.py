"""From a plan document to what the month's queries take: every choice made, every number an integer.

Metrics, windows and lists are named once and referred to by index, so that a run computes each number once whatever the
number of conditions that read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from graphsvc import money
from graphsvc.errors import BadInput, Code
from graphsvc.plan import canonical, checks, metrics, quantities
from graphsvc.plan.compiled import ACTIVE, EVERY_ACTIVE, CompiledPlan, Condition, Level, Metric, Test, Unilevel, Window

T = TypeVar("T")
COUNTS = {"qv": (True, False), "cv": (False, True), "both": (True, True), "neither": (False, False)}


def _index(values: list[T], value: T) -> int:
    if value not in values:
        values.append(value)
    return values.index(value)


class _Conditions:
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


def _unilevel(bonus: Mapping[str, Any], conditions: _Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Unilevel:
    levels: list[Level] = []
    for number, level in enumerate(bonus["levels"], 1):
        opens = level["opens"]
        if isinstance(opens, str):
            condition = EVERY_ACTIVE if opens == "active" else named[opens]
        else:
            condition = conditions.add(f"{bonus['name']} level {number}", opens)
        levels.append(Level(quantities.ppm(level["rate"]), condition))
    vanish = bonus.get("vanish", "inactive")
    base, sources = bonus["base"], bonus["sources"]
    value, exponent = frame["volume_value"], frame["exponent"]
    pairs = [quantities.share(base, value, exponent, level.rate_ppm, frame["unit_minor"]) for level in levels]
    worth = quantities.worth(base, value, exponent)
    return Unilevel(
        name=bonus["name"],
        base=base,
        kinds=checks.KINDS if sources["kinds"] == "all" else tuple(sources["kinds"]),
        categories=None if sources["categories"] == "all" else tuple(sources["categories"]),
        first_level=bonus["first_level"],
        compression=bonus["compression"],
        vanish=ACTIVE if vanish == "inactive" else named[vanish],
        lines=bonus["lines"],
        levels=tuple(levels),
        numerators=tuple(numerator for numerator, _ in pairs),
        denominators=tuple(denominator for _, denominator in pairs),
        value_numerator=worth[0],
        value_denominator=worth[1],
    )


def compile_plan(document: dict[str, Any]) -> CompiledPlan:
    """A plan document as the month takes it; `BadInput` with every finding when it is not fit for that."""
    findings = checks.check(document)
    if findings:
        name = document.get("plan")
        faults = "1 fault" if len(findings) == 1 else f"{len(findings)} faults"
        said = f"The plan {name} has {faults}:" if isinstance(name, str) else f"The plan has {faults}:"
        raise BadInput(Code.BAD_PLAN, said, findings)
    volumes, rounding = document["volumes"], document["rounding"]
    exponent = money.exponent(document["currency"])
    unit_minor = quantities.unit_minor(rounding["to"], exponent)
    conditions = _Conditions(document["currency"])
    conditions.add("active", document["active"]["conditions"])
    # Sorted, so that a plan compiles alike from its file and from the store, where keys are sorted.
    named = {name: conditions.add(name, items) for name, items in sorted(document.get("conditions", {}).items())}
    frame = {"volume_value": volumes["volume_value"], "exponent": exponent, "unit_minor": unit_minor}
    bonuses = tuple(_unilevel(bonus, conditions, named, frame) for bonus in document["bonuses"])
    return CompiledPlan(
        name=document["plan"],
        version=document["version"],
        digest=canonical.digest(document),
        currency=document["currency"],
        exponent=exponent,
        time_zone=document["time_zone"],
        counted_by=volumes["counted_by"],
        refunds=volumes["refunds"],
        counts={"retail": (True, True), "own_use": COUNTS[volumes["own_use"]], "joining_pack": COUNTS[volumes["joining_pack"]]},
        windows=tuple(conditions.windows),
        metrics=tuple(conditions.metrics),
        lists=tuple(conditions.lists),
        conditions=tuple(conditions.conditions),
        grace_periods=document["active"]["grace_periods"],
        bonuses=bonuses,
        rounding=rounding["rule"],
        unit_minor=unit_minor,
    )
