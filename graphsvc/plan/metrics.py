"""What conditions may read: each metric of the plan language, its unit, and what it becomes in a compiled plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphsvc import money
from graphsvc.plan import quantities
from graphsvc.plan.compiled import CUSTOMER_QV, MONEY, ORDERS, PAYING_CUSTOMERS, QV, Reading

Test = Mapping[str, Any]
LISTS = ("type", "status", "country", "tag")
UNLIMITED = -1


@dataclass(frozen=True, slots=True)
class Known:
    """One metric of the language: its kind and column in a compiled plan, its unit, and the key of its argument."""

    kind: str
    unit: str
    column: int = 0
    argument: str = ""
    reads_activity: bool = False


METRICS: dict[str, Known] = {
    "pv": Known("sum", "volume", QV),
    "customer_pv": Known("sum", "volume", CUSTOMER_QV),
    "customer_share": Known("share", "share"),
    "personal_sales": Known("sum", "money", MONEY),
    "customers": Known("customers", "count"),
    "paying_customers": Known("sum", "count", PAYING_CUSTOMERS),
    "orders": Known("sum", "count", ORDERS),
    "tv": Known("tv", "volume"),
    "leg": Known("leg", "volume", argument="nth"),
    "outside_legs": Known("outside_legs", "volume", argument="largest"),
    "legs_with": Known("legs_with", "count", argument="volume"),
    "active_frontline": Known("active_frontline", "count", reads_activity=True),
    "active_downline": Known("active_downline", "count", argument="depth", reads_activity=True),
    "months_since_joining": Known("months", "count"),
    "gv": Known("gv", "volume"),
    "counted_volume": Known("counted", "volume"),
    "legs_with_rank": Known("legs_with_rank", "count"),
    "broken_away_legs": Known("broken_away_legs", "count"),
    "recruits_per_leg": Known("recruits", "count", reads_activity=True),
    "events": Known("events", "count"),
    "frontline_with": Known("frontline_with", "count"),
    "earned": Known("told", "money"),
}
_SALES = {"money": METRICS["personal_sales"], "count": METRICS["orders"], "average": Known("average", "money")}


def known(test: Test) -> Known:
    """What a test's metric is; of personal sales it depends on what is counted."""
    return _SALES[test["of"]] if test["metric"] == "personal_sales" else METRICS[test["metric"]]


def need(test: Test, currency: str) -> int:
    """What a test needs, as an integer of its unit; ValueError with a sentence when it is not above 0 and exact."""
    unit, given = known(test).unit, test["at_least"]
    if unit == "share":
        wanted = quantities.ppm(given)
        if wanted > quantities.PPM_WHOLE:
            raise ValueError("is more than 100 %")
    elif unit == "count":
        if not isinstance(given, int):
            raise ValueError("must be a whole number, without quotes")
        wanted = given
    else:
        decimals = money.exponent(currency) if unit == "money" else money.VOLUME_DECIMALS
        wanted = quantities.scaled(given, decimals)
        if wanted > quantities.NEED_MAX * 10**decimals:
            raise ValueError(f"is more than {quantities.NEED_MAX}")
    if wanted <= 0:
        raise ValueError("is not above 0, so it would hold for nearly everybody")
    return wanted


def argument(test: Test) -> int:
    """The metric's argument as an integer: a number of legs or levels, or a volume in thousandths."""
    key = known(test).argument
    if not key:
        return 0
    if key == "volume":
        return quantities.scaled(test["volume"], money.VOLUME_DECIMALS)
    return UNLIMITED if test[key] == "unlimited" else int(test[key])


def periods(test: Test) -> int:
    """How many periods the test's window spans; 0 for all time. The period itself where the metric has no window, and where a
    running total adds it to what closed periods carried."""
    window = test.get("window", "period")
    return {"period": 1, "running": 1, "since_joining": 0}[window] if isinstance(window, str) else int(window["last"])


def names_rank(test: Test) -> bool:
    """Whether a test names a rank of the plan itself, and not of another one."""
    return "rank" in test and "in_plan" not in test


def reading(test: Test) -> Reading:
    """What a test of a rank in another plan, or a metric of what was earned, reads of closed periods."""
    of = test.get("in_plan", "")
    if "rank" in test:
        return Reading(of, test["rank"], test["as"])
    bonuses = None if test["of"] == "all" else tuple(sorted(test["of"]))
    return Reading(of, bonuses=bonuses, periods=0 if of else int(test["window"]["last"]))


def _many(period: str) -> str:
    return period.replace("period", "periods") if " " in period else f"{period}s"


def running(test: Test) -> str:
    """The column that carries a running total from period to period; the same name in every version of a plan."""
    return f"running_{test['metric']}" + (f"_{test['of']}" if test["metric"] == "personal_sales" else "")


def _ordinal(number: int) -> str:
    if number == 1:
        return "largest"
    suffix = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix} largest"


def _span(test: Test, period: str) -> str:
    if test.get("window") == "running":
        return " so far"
    spanned = periods(test)
    return f" this {period}" if spanned == 1 else " since joining" if spanned == 0 else f" of the last {spanned} {_many(period)}"


def label(test: Test, period: str = "month") -> str:
    """The metric as an English phrase, as a "why not" prints it: "PV of the last 3 months"."""
    for name in LISTS:
        if name in test:
            return f"{name} {' or '.join(test[name])}"
    if "rank" in test and "in_plan" in test:
        return f"{'title' if test['as'] == 'title' else 'paid-as rank'} of at least {test['rank']} in plan {test['in_plan']}"
    match test["metric"]:
        case "leg":
            return f"{_ordinal(test['nth'])} leg" + _span(test, period)
        case "outside_legs":
            legs = "largest leg" if test["largest"] == 1 else f"{test['largest']} largest legs"
            return f"TV outside the {legs}" + _span(test, period)
        case "legs_with":
            return f"legs with a TV of at least {money.format_volume(argument(test))}" + _span(test, period)
        case "active_downline" if test["depth"] != "unlimited":
            return f"active partners down to level {test['depth']}"
        case "personal_sales":
            word = {"money": "personal sales", "count": "orders", "average": "average order"}[test["of"]]
            return word + _span(test, period)
        case "counted_volume":
            legs = f"TV counted to {test['share']} of the {test['of']} in each leg"
            return legs + (" and own PV" if test["own_pv"] == "with" else "") + _span(test, period)
        case "legs_with_rank":
            return f"legs with a {'title' if test['as'] == 'title' else 'paid-as rank'} of at least {test['rank']}"
        case "recruits_per_leg":
            return f"active personal recruits in each leg of {test['tree']}"
        case "frontline_with":
            return f"frontline partners who meet {test['condition']}"
        case "earned":
            paid = "earned" + ("" if test["of"] == "all" else f" by {', '.join(sorted(test['of']))}")
            if "in_plan" in test:
                return f"{paid} in plan {test['in_plan']}"
            last = int(test["window"]["last"])
            return f"{paid} in the {period if last == 1 else f'{last} {_many(period)}'} before"
        case "events":
            return f"accepted {test['kind']} events" + _span(test, period)
        case name:
            return _PHRASES[name] + (_span(test, period) if "window" in test else "")


_PHRASES = {
    "pv": "PV",
    "customer_pv": "PV from customers",
    "customer_share": "share of PV from customers",
    "customers": "customers",
    "paying_customers": "paying customers",
    "orders": "orders",
    "tv": "TV",
    "active_frontline": "active frontline partners",
    "active_downline": "active partners in the downline",
    "months_since_joining": "whole months since joining",
    "gv": "GV",
    "broken_away_legs": "broken-away legs",
}
