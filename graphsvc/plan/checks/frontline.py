"""Conditions that are asked of the frontline: whether there are such, and whether anybody can be the first to meet them.

A condition may read what is known of those below by the same condition, because they are complete before the partner is. Where it
can be met in no other way, it is met by nobody: whoever stands lowest has nobody below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphsvc.errors import nearest
from graphsvc.plan import metrics
from graphsvc.plan.checks.view import Found, View, mappings
from graphsvc.plan.document import Place

ACTIVE: Place = ("active", "conditions")
BREAKAWAY: Place = ("breakaway",)


def named_in(part: Any) -> Iterator[str]:
    """Every condition that a part of a document asks of the frontline, sound or not."""
    for found in mappings(part):
        if found.get("metric") == "frontline_with" and isinstance(found.get("condition"), str):
            yield found["condition"]


def check(view: View) -> Found:
    """Names that are no condition's, wherever they are read; then tests that wait for a first one."""
    lists = list(view.lists())
    numbers = [found for place in lists for found in view.tests(place)] + list(view.numbers())
    known = view.keys("conditions")
    for at, number in numbers:
        if number.get("metric") == "frontline_with" and number["condition"] not in known:
            fix = f"{nearest(number['condition'], known)}; conditions: holds the names" if known else "add it under conditions"
            yield (*at, "condition"), "is not the name of a condition", fix
    met = _met(view)
    for place in lists:
        for index in range(view.size(*place)):
            tests = _ways(view, (*place, index))
            if any(_possible(view, met, test) for _, test in tests):
                continue
            for at, test in tests:
                if test.get("metric") == "frontline_with":
                    reason = (
                        "can never hold: whoever meets it must have somebody below who meets it already, and nobody is the first"
                    )
                    yield (*at, "condition"), reason, "give it another way, with any, or ask for something else"


def _ways(view: View, place: Place) -> list[tuple[Place, Mapping[str, Any]]]:
    """The tests of an item of a list, any of which makes it hold, with their places."""
    item = view.get(*place)
    if not isinstance(item, dict):
        return [(place, {})]
    return [((*place, "any", n), test) for n, test in enumerate(item["any"])] if "any" in item else [(place, item)]


def _met(view: View) -> set[Place]:
    """The lists that somebody may meet as far as those go that look below; the least such set, found from those that do not."""
    places = [place for place in view.lists() if place[0] in ("active", "conditions", "ranks", "breakaway")]
    met: set[Place] = set()
    while True:
        more = {
            place
            for place in places
            if place not in met
            and all(any(_possible(view, met, test) for _, test in _ways(view, (*place, n))) for n in range(view.size(*place)))
        }
        if not more:
            return met
        met |= more


def _possible(view: View, met: set[Place], test: Mapping[str, Any]) -> bool:
    """Whether a test may hold when only the lists of `met` are met by anybody."""
    metric = str(test.get("metric", ""))
    if "active" in test or (metric and metrics.known(test).reads_activity):
        return ACTIVE in met
    if metric == "frontline_with":
        return ("conditions", test["condition"]) in met or test["condition"] not in view.keys("conditions")
    if metric == "broken_away_legs":
        return BREAKAWAY in met or "breakaway" not in view.document
    if metrics.names_rank(test):
        names = view.ranks()
        above = range(names.index(test["rank"]), len(names)) if test["rank"] in names else ()
        return test["rank"] not in names or any(("ranks", "list", n, "conditions") in met for n in above)
    return True
