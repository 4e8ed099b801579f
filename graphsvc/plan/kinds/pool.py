"""Pool: a part of what the company sold, shared out among the qualified (mechanics section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc import money
from graphsvc.plan import awarded, quantities, sums_of
from graphsvc.plan.compiled import EVERY_ACTIVE, Award
from graphsvc.plan.conditions import Conditions
from graphsvc.plan.kinds import walking

# What one point of a share in proportion is in units of the metric, where shares are rounded at the point.
_POINTS = {"volume": 10**money.VOLUME_DECIMALS, "share": quantities.PPM_WHOLE // 100}


def compiled(bonus: Mapping[str, Any], conditions: Conditions, named: Mapping[str, int], frame: Mapping[str, Any]) -> Award:
    """Weights: by picks, by the metric up to a limit (metric >= 0), or by place (places, ppm of the fund)."""
    fund, shares, name = bonus["fund"], bonus["shares"], bonus["name"]
    numerator, denominator = awarded.share(fund["base"], frame, quantities.ppm(fund["rate"]))
    rules: dict[str, Any] = awarded.company_base(fund) | {
        "marks": walking.asked(fund, conditions),
        "numerator": numerator,
        "denominator": denominator,
        "picks": [[EVERY_ACTIVE, 1]],
        "metric": -1,
        "limit": None,
        "point": 1,
        "places": [],
        "order": awarded.order(bonus.get("order", []), conditions),
        "first": bonus.get("first", 0),
        "at_point": bonus["rounded_at"] == "point",
        "rest": bonus["rest"] if isinstance(bonus["rest"], str) else "next_fund",
        "next_fund": bonus["rest"]["next_fund"] if isinstance(bonus["rest"], Mapping) else "",
    }
    if shares == "equal":
        return awarded.award(bonus, conditions, named, "once", rules)
    if "points" in shares or "by" in shares:
        rules["picks"] = sums_of.picks(shares.get("points", shares), f"{name} points", conditions, int)
    elif "places" in shares:
        rules["places"] = [quantities.ppm(part) for part in shares["places"]]
        rules["first"] = min(rules["first"] or len(rules["places"]), len(rules["places"]))
    else:
        metric = conditions.metric(shares["in_proportion"])
        unit = conditions.metrics[metric].unit
        limit = shares.get("limit")
        rules |= {
            "metric": metric,
            "limit": None if limit is None else sums_of.bound(metric, limit, conditions),
            "point": _POINTS.get(unit, 10 ** frame["exponent"] if unit == "money" else 1),
        }
    return awarded.award(bonus, conditions, named, "once", rules)
