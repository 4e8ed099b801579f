"""Match-down: a percentage of a sponsor's named lines, in equal parts to its qualified frontline (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import awarded, quantities
from graphsvc.plan.compiled import Award
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import walking


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """numerator / denominator make units of what lines are rounded to of minor units, before they are parted."""
    numerator, denominator = awarded.share("money", frame, quantities.ppm(bonus["rate"]))
    own, elsewhere = walking.named(bonus["of"])
    rules = {"of": own, "rate_ppm": quantities.ppm(bonus["rate"]), "cascades": bonus["reversals"] == "cascade", **elsewhere}
    rules |= {"numerator": numerator, "denominator": denominator}
    return awarded.award(bonus, conditions, named, "bucket", rules, reads=own)
