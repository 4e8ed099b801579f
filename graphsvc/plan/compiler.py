"""From a plan document to what the month's queries take: every choice made, every number an integer."""

from __future__ import annotations

from typing import Any

from graphsvc import money
from graphsvc.errors import BadInput, Code
from graphsvc.plan import canonical, checks, quantities
from graphsvc.plan.compiled import CompiledPlan
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import unilevel

COUNTS = {"qv": (True, False), "cv": (False, True), "both": (True, True), "neither": (False, False)}


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
    conditions = Conditions(document["currency"])
    conditions.add("active", document["active"]["conditions"])
    # Sorted, so that a plan compiles alike from its file and from the store, where keys are sorted.
    named = {name: conditions.add(name, items) for name, items in sorted(document.get("conditions", {}).items())}
    frame = {"volume_value": volumes["volume_value"], "exponent": exponent, "unit_minor": unit_minor}
    bonuses = tuple(unilevel.compiled(bonus, conditions, named, frame) for bonus in document["bonuses"])
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
