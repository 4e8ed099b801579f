"""Tests of conditions: what each may read where it stands, what it needs, and circles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc import money
from graphsvc.errors import nearest
from graphsvc.plan import metrics, quantities
from graphsvc.plan.checks.view import Found, View
from graphsvc.plan.document import Place

BROKEN = ("gv", "broken_away_legs")


def check(view: View) -> Found:
    """Every test of every list, then every number outside tests."""
    for place in view.lists():
        for at, test in view.tests(place):
            if "metric" in test:
                yield from _needs(view, at, test, place == ("active", "conditions"))
                yield from _number(view, at, test)
            yield from _by_place(place, at, test)
            if metrics.names_rank(test):
                yield from unknown_rank(view, (*at, "rank"), test["rank"])
    for at, number in view.numbers():
        yield from _number(view, at, number)
        if number["metric"] == "legs_with_rank":
            yield from unknown_rank(view, (*at, "rank"), number["rank"])
        if number["metric"] == "counted_volume" and number["of"] == "requirement":
            yield (*at, "of"), "has no meaning here, where nothing is required", "write of: total"
    yield from _transfer(view)


def unknown_rank(view: View, place: Place, name: str) -> Found:
    """A finding where a name is none of the plan's ranks."""
    known = view.ranks()
    if name not in known:
        yield place, "is not the name of a rank", f"{nearest(name, known)}; ranks: holds the names" if known else "add ranks"


def _needs(view: View, at: Place, test: Mapping[str, Any], is_activity: bool) -> Found:
    currency = view.get("currency")
    usable = currency if currency in money.exponents() else "USD"
    given = test["at_least"]
    if isinstance(given, Mapping) and not is_activity:
        reason = "depends on the title, which only the conditions of active may ask"
        yield (*at, "at_least", "by_title"), reason, "write one number, or a test for each rank"
    elif isinstance(given, Mapping):
        for title in given["by_title"]:
            if title != "none":
                yield from unknown_rank(view, (*at, "at_least", "by_title", title), title)
    for key, need in given["by_title"].items() if isinstance(given, Mapping) else [("", given)]:
        try:
            metrics.need({**test, "at_least": need}, usable)
        except ValueError as error:
            if metrics.known(test).unit != "money" or usable == currency:
                place = (*at, "at_least", "by_title", key) if key else (*at, "at_least")
                yield place, str(error), "write what is needed, above 0"


def _number(view: View, at: Place, number: Mapping[str, Any]) -> Found:
    """What a metric's arguments must be, wherever it is read."""
    if "volume" in number and bad_volume(number["volume"]):
        yield (*at, "volume"), bad_volume(number["volume"]), "write the TV that a leg must reach"
    metric = number["metric"]
    if metric in BROKEN and "breakaway" not in view.document:
        what = "GV" if metric == "gv" else "legs that broke away"
        yield (
            (*at, "metric"),
            "needs to know who breaks away, and the plan does not say",
            f"add breakaway, without which {what} cannot be told",
        )
    if metric == "personal_sales" and number["of"] == "average" and number["window"] == "running":
        yield (*at, "window"), "is a running total, and an average has none", "write {last: n} or since_joining"
    if metric == "counted_volume" and not 0 < quantities.ppm(number["share"]) <= quantities.PPM_WHOLE:
        yield (*at, "share"), "is not above 0% and at most 100%", "write the share of one leg, such as 50%"
    if metric == "recruits_per_leg" and number["tree"] not in view.keys("trees"):
        known = view.keys("trees")
        yield (*at, "tree"), "is not the name of a placement tree", nearest(number["tree"], known) if known else "add trees"
    elif metric == "recruits_per_leg" and view.word("trees", number["tree"], "kind") == "unilevel":
        reason = "is a tree with any number of places, so there are no legs to have recruits in"
        yield (*at, "tree"), reason, "name a matrix or a binary tree, or ask for active_frontline"


def _by_place(place: Place, at: Place, test: Mapping[str, Any]) -> Found:
    """What may not be read in the list where it stands, because it would be a circle."""
    metric, kind = test.get("metric", ""), place[0]
    if place == ("active", "conditions"):
        if metric and metrics.known(test).reads_activity:
            reason = f"is a circle: who is active would depend on {metric}, which counts the active"
            yield (*at, "metric"), reason, "test a volume, sales or customers here"
        elif "active" in test:
            yield (*at, "active"), "is a circle: who is active would depend on who is active", "leave it out"
        elif metric == "legs_with_rank" or (metrics.names_rank(test) and not metric):
            reason = "is a circle: ranks are given after it is known who is active"
            yield (*at, "rank"), reason, "test volumes here; at_least: {by_title: …} asks more of higher titles"
        elif metric in BROKEN:
            reason = f"is a circle: {metric} depends on who breaks away, which is known only after who is active"
            yield (*at, "metric"), reason, "test pv or tv here"
    elif kind == "ranks" and metrics.names_rank(test) and not metric:
        reason = "is a circle: a rank cannot ask for a rank of the same partner"
        yield (*at, "rank"), reason, "ask for legs_with_rank, or write out what that rank asks for"
    qualifying = kind in ("active", "bonuses") and place[-1] != "counts_when"
    if qualifying and "status" in test and "active" not in test["status"] and len(at) == len(place) + 1:
        yield at, "can never hold, because the suspended and the terminated are never active", "leave it out"


def bad_volume(value: int | str) -> str:
    """Why a volume is none that can be compared with, above 0; empty where it is one."""
    try:
        thousandths = quantities.scaled(value, money.VOLUME_DECIMALS)
    except ValueError as error:
        return str(error)
    return "" if 0 < thousandths <= quantities.NEED_MAX * 1000 else f"is not above 0 and at most {quantities.NEED_MAX}"


def _transfer(view: View) -> Found:
    """Who gives volume up is judged before anything is known but PV of the period."""
    name = view.word("transfer", "who_fails")
    if not name:
        return
    for at, test in view.tests(("conditions", name)):
        if test.get("metric") != "pv" or test.get("window") != "period":
            reason = "stands in the condition of transfer, which comes first and can read only pv of the period"
            yield at, reason, "test {metric: pv, window: period, at_least: …}, or name another condition"
