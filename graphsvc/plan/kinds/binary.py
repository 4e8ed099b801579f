"""Binary: the volumes of two legs are paired, what is paired is paid and leaves, the rest is carried (mechanics section 6)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from graphsvc import money
from graphsvc.plan import awarded, quantities, sums_of
from graphsvc.plan.compiled import Award
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import walking

NOTHING = -1


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """pairings: {lesser, greater, most, picks}: so many thousandths of each leg are one unit, at most so many units a period (0:
    any number). A pick is [condition, ppm or -1, numerator, denominator]: what one unit pays, in units of what is rounded to.

    A percentage pairs thousandths one by one; a step is one unit of its volume, the highest that fits (taken `steps`). lots: how
    many periods of origin are told apart; where nothing expires they are one, because only their sum is ever looked at.
    """
    name, volume, carry = bonus["name"], bonus["volume"], bonus["carry"]
    pay, pairings, taken = bonus["pay"], [], "in_turn"
    if "units" in pay:
        taken = pay["units"]["taken"]
        for number, pairing in enumerate(pay["units"]["pairings"], 1):
            lesser = quantities.scaled(pairing["lesser"], money.VOLUME_DECIMALS)
            greater = quantities.scaled(pairing["greater"], money.VOLUME_DECIMALS)
            picks = _pays(pairing["pays"], lesser, volume, f"{name} pairing {number}", conditions, frame)
            pairings.append({"lesser": lesser, "greater": greater, "most": 0, "picks": picks})
    elif "steps" in pay:
        taken = "steps"
        for number, step in enumerate(pay["steps"], 1):
            size = quantities.scaled(step["volume"], money.VOLUME_DECIMALS)
            picks = _pays(step, size, volume, f"{name} step {number}", conditions, frame)
            pairings.append({"lesser": size, "greater": size, "most": 1, "picks": picks})
    else:
        picks = _pays({"rate": pay["percent"]}, 1, volume, name, conditions, frame)
        pairings.append({"lesser": 1, "greater": 1, "most": 0, "picks": picks})
    lots = 1 if carry["expires"] == "never" else int(carry["expires"]["periods"])
    everything = {"base": volume, "kinds": list(walking.KINDS), "categories": None, "marks": [], "by": "", "classes": [""]}
    everything["net"] = True  # whatever a plan says of refunds
    source = walking.source_set(bonus["tree"], "sources.orders", everything | {"other": -1, "types": []}, [""])
    worth = quantities.worth(volume, frame["volume_value"], frame["exponent"])
    rules = {
        "tree": bonus["tree"],
        "volume": volume,
        "gathered": source,
        "source": source.key,
        "own_pv": bonus["own_pv"],
        "pairings": pairings,
        "taken": taken,
        "merged": carry["expires"] == "never",
        "columns": [f"{leg}_{age}" for leg in ("left", "right") for age in range(lots, 0, -1)],
        "lots": lots,
        "limit": None if carry["limit"] == "none" else quantities.scaled(carry["limit"], money.VOLUME_DECIMALS),
        "keep_inactive": carry["inactive"] == "kept",
        **_cap(bonus["cap"], name, conditions),
        "value_numerator": worth[0],
        "value_denominator": worth[1],
    }
    return awarded.award(bonus, conditions, named, "bucket", rules, carries=True)


def _pays(
    pays: Mapping[str, Any], lesser: int, volume: str, name: str, conditions: Conditions, frame: Mapping[str, Any]
) -> list[list[int]]:
    if "sum" in pays:
        unit = frame["unit_minor"]
        return [[condition, NOTHING, sum_ // unit, 1] for condition, sum_ in sums_of.sums(pays["sum"], name, conditions, frame)]
    found = []
    for condition, ppm in sums_of.picks(pays["rate"], name, conditions, quantities.ppm):
        numerator, denominator = awarded.share(volume, frame, ppm)
        common = math.gcd(numerator * lesser, denominator)
        found.append([condition, ppm, numerator * lesser // common, denominator // common])
    return found


def _cap(cap: Any, name: str, conditions: Conditions) -> dict[str, Any]:
    """caps: picks of what may be paid in a period, -1 for whoever the cap says nothing of."""
    if cap == "none":
        return {"caps": [], "cap_units": False, "cap_lost": False}
    is_units = cap["per"] == "units"

    def leaf(given: Any) -> int:
        return int(given) if is_units else sums_of.amount(given, conditions.currency)

    picks = sums_of.picks(cap["values"], f"{name} cap", conditions, leaf, NOTHING)
    return {"caps": picks, "cap_units": is_units, "cap_lost": cap["above"] == "lost"}
