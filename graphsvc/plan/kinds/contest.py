"""Contest: prizes for the first by a number, place by place; a prize may be a thing (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.plan import awarded, sums_of
from graphsvc.plan.compiled import Award
from graphsvc.plan.conditions import Conditions


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """prizes, by place: {picks, award_en, award_ru}; picks are empty where the prize is no money."""
    prizes = []
    for place, prize in enumerate(bonus["prizes"], 1):
        title = prize.get("award", {"en": "", "ru": ""})
        name = f"{bonus['name']} place {place}"
        picks = sums_of.sums(prize["sum"], name, conditions, frame) if "sum" in prize else []
        prizes.append({"picks": picks, "award_en": title["en"], "award_ru": title["ru"]})
    metric = conditions.metric(bonus["metric"])
    rules = {"metric": metric, "prizes": prizes, "order": [[metric, -1], *awarded.order(bonus["order"], conditions)]}
    return awarded.award(bonus, conditions, named, "once", rules)
