"""What a schema cannot say of a plan: names that must exist, numbers that must fit, order, circles, and what can never happen.

Each room looks at one thing through the same `View` and yields findings by place; they are told together, in the order of the
document's lines, so that a plan is set right in one go.
"""

from __future__ import annotations

from typing import Any

from graphsvc.errors import BadInput, Code, Finding
from graphsvc.plan import shape
from graphsvc.plan.checks import (
    bonuses,
    elsewhere,
    extras,
    frame,
    frontline,
    names,
    order,
    ranks,
    rates,
    scales,
    spans,
    tests,
    worst_case,
)
from graphsvc.plan.checks.view import KINDS, View
from graphsvc.plan.document import Document, where

__all__ = ["CHECKS", "KINDS", "check", "demand_sound"]

CHECKS = (
    frame.check,
    extras.check,
    tests.check,
    names.check,
    frontline.check,
    elsewhere.check,
    ranks.check,
    rates.check,
    scales.check,
    bonuses.check,
    spans.check,
    order.check,
    worst_case.check,
)


def check(document: dict[str, Any]) -> list[Finding]:
    """Everything that is wrong with a plan document, in the order of its lines; empty when it can be published."""
    found = shape.faults(document)
    view = View(document, [place for place, _ in found])
    for checking in CHECKS:
        for place, reason, fix in checking(view):
            value = view.get(*place)
            text = shape.shown(value) if isinstance(value, str | int) else ""
            found.append((place, Finding(where(document, place), reason, text, fix)))
    lines = document.lines if isinstance(document, Document) else {}

    def line(place: tuple[str | int, ...]) -> int:
        return next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), 0)

    return [finding for _, finding in sorted(found, key=lambda fault: (line(fault[0]), [str(step) for step in fault[0]]))]


def demand_sound(document: dict[str, Any]) -> None:
    """`BadInput` with every finding where a plan document is not fit to be computed, published or shown."""
    findings = check(document)
    if findings:
        name = document.get("plan")
        faults = "1 fault" if len(findings) == 1 else f"{len(findings)} faults"
        said = f"The plan {name} has {faults}:" if isinstance(name, str) else f"The plan has {faults}:"
        raise BadInput(Code.BAD_PLAN, said, findings)
