"""Keys that have no meaning beside what was chosen: the schema refuses them too, but only here is it known why."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.plan.checks.view import Found, View
from graphsvc.plan.document import Place

JOINING = ("days", "months", "calendar_months")  # how long after joining a fast start lasts


def check(view: View) -> Found:
    """Every key that stands where another choice was made."""
    for place, kind in view.bonuses():
        yield from _bonus(view, place, kind)
    for place in view.lists():
        for at, test in view.tests(place):
            if "direction" in test:
                yield (*at, "direction"), "has no meaning in a test", "leave it out; it belongs to an order"
    for place, number in view.numbers():
        if "at_least" in number:
            yield (*place, "at_least"), "has no meaning here, where a number is read and not tested", "leave it out"
        if "direction" in number and "order" not in place:
            yield (*place, "direction"), "has no meaning here", "leave it out; it belongs to an order"
    for limit in range(view.size("limits")):
        if {"sum", "rate"} <= set(view.keys("limits", limit)):
            yield ("limits", limit, "sum"), "stands beside rate, and a limit is one of the two", "leave one of them out"


def _compressions(view: View, place: Place) -> Iterator[tuple[Place, str]]:
    yield (*place, "vanish"), view.word(*place, "compression")
    yield (*place, "by", "vanish"), view.word(*place, "by", "levels")


def _bonus(view: View, place: Place, kind: str) -> Found:
    for at, compression in _compressions(view, place):
        if compression and compression != "standard" and view.raw(*at) is not None:
            fix = "leave it out, or choose compression: standard"
            yield at, f"has no meaning with {compression} compression, where nobody vanishes", fix
    keys = view.keys(*place)
    if "unqualified" in keys and view.get(*place, "qualified") in ("active", None) and not _faulty(view, place):
        yield (*place, "unqualified"), "has no meaning where every active partner is qualified", "leave it out"
    if kind == "fast_start":
        first, *more = [key for key in JOINING if key in keys] or [""]
        for key in more:
            yield (
                (*place, key),
                f"stands beside {first}, and a fast start has one of {', '.join(JOINING)}",
                "leave one of them out",
            )
    if kind == "infinity_differential" and "met" in keys and isinstance(view.get(*place, "method"), dict):
        yield (*place, "met"), "has no meaning where what remains of a total is paid", "leave it out"
    for step in range(view.size(*place, "steps")):
        said = set(view.keys(*place, "steps", step))
        if {"sum", "rate"} <= said:
            yield (*place, "steps", step, "sum"), "stands beside rate, and a step pays one of the two", "leave one of them out"
        elif {"sum", "of"} <= said:
            yield (*place, "steps", step, "of"), "has no meaning beside a sum", "leave it out"


def _faulty(view: View, place: Place) -> bool:
    """Whether there is a `qualified` that cannot be judged."""
    return view.raw(*place, "qualified") is not None and view.get(*place, "qualified") is None
