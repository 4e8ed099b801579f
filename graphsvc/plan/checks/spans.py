"""Bonuses that take several periods together: where that has a meaning, and from which period spans are counted."""

from __future__ import annotations

import datetime as dt

from graphsvc.periods import Calendar, named
from graphsvc.plan.checks.view import Found, View
from graphsvc.plan.document import Place
from graphsvc.plan.spanning import Spans

# Why some kinds cannot span periods.
REFUSED = {
    "binary": "has no meaning here: legs are paired in each period, and what is left is carried into the next",
    "rank_bonus": "has no meaning here: a rank is paid once, in the period that makes it due",
    "tenure": "has no meaning here: periods are counted one by one, and a sum is paid in the one that completes them",
    "recruit": "has no meaning here: a recruit is paid for in the period in which it first meets the condition",
    "action": "has no meaning here: an event is paid for in the period in which it happens",
    "fast_start": "has no meaning here: a newcomer's orders are paid on as they come, so that the start is fast",
}


def check(view: View) -> Found:
    """Every bonus that says `spans`, and rests of pools that would come when the next fund does not pay."""
    calendar = _calendar(view)
    for place, kind in view.bonuses():
        if view.raw(*place, "spans") is not None:
            if kind in REFUSED:
                yield (*place, "spans"), REFUSED[kind], "leave it out"
            else:
                yield from _first(view, place, calendar)
                yield from _own_windows(view, place, kind)
        yield from _next_fund(view, place)


def _calendar(view: View) -> Calendar | None:
    """The plan's calendar, where it is sound."""
    given = view.get("calendar")
    if isinstance(given, str):
        return Calendar(given)
    if not isinstance(given, dict):
        return None
    ((kind, first),) = given.items()
    try:
        return Calendar(kind, dt.date.fromisoformat(first))
    except ValueError:
        return None


def _first(view: View, place: Place, calendar: Calendar | None) -> Found:
    at = (*place, "spans", "first")
    text = view.word(*at)
    if not text or calendar is None:
        return
    first = named(text)
    if first is None:
        yield at, "is not a period", f"write a {calendar.noun}, such as {calendar.of(dt.date(2025, 1, 1))}"
    elif calendar.of(first.first_day) != first:
        reason = f"is no {calendar.noun} of the plan's calendar"
        yield at, reason, f"write {calendar.of(first.first_day)}, or the first one of another span"


def _own_windows(view: View, place: Place, kind: str) -> Found:
    """Bonuses by numbers that have windows: a milestone is looked at at the end of each span."""
    if kind == "milestone" and view.get(*place, "how_often") == "once":
        reason = "has no meaning where each step is paid once ever, in the period in which it is reached"
        yield (*place, "spans"), reason, "leave it out, or write how_often: each_period"


def _cycle(view: View, place: Place) -> tuple[int, int] | None:
    """How long the spans of a bonus are and where they begin; one period where it has none, None where that cannot be judged."""
    if view.raw(*place, "spans") is None:
        return 1, 0
    spans = view.get(*place, "spans")
    first = named(spans["first"]) if isinstance(spans, dict) else None
    return None if first is None else Spans(spans["periods"], first).cycle


def _next_fund(view: View, place: Place) -> Found:
    """A rest goes into a fund of the same period."""
    name, names = view.word(*place, "rest", "next_fund"), view.bonus_names()
    if not name or name not in names:
        return
    ours, theirs = _cycle(view, place), _cycle(view, ("bonuses", names.index(name)))
    if None not in (ours, theirs) and ours != theirs:
        reason = "does not pay in the same periods as this pool, so the rest would be lost"
        yield (*place, "rest", "next_fund"), reason, "give both pools the same spans, or name another pool"
