"""The frame of a plan: currency, time zone, calendar, what a volume is worth, its trees and the volume transfer."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo

from graphsvc import money
from graphsvc.errors import nearest
from graphsvc.plan import quantities
from graphsvc.plan.checks.view import Found, View

TREES = ("sponsor", "transferred")
_DAYS = {"week": 7, "four_weeks": 28}


@functools.cache
def time_zones() -> frozenset[str]:
    """Every IANA zone name; a machine's own additions are left out, another machine would not know them."""
    return frozenset(zoneinfo.available_timezones() - {"Factory", "localtime", "posixrules"})


def check(view: View) -> Found:
    """Currency, zone, first day, the worth of a volume, trees and the transfer."""
    currency, zone = view.get("currency"), view.get("time_zone")
    if currency is not None and currency not in money.exponents():
        yield ("currency",), "is not an ISO 4217 currency", nearest(currency, money.exponents())
    if zone is not None and zone not in time_zones():
        yield ("time_zone",), "is not an IANA time zone", nearest(zone, time_zones())
    yield from _first_day(view)
    value = view.get("volumes", "volume_value")
    if value is not None:
        try:
            worth = quantities.scaled(value, quantities.VALUE_DECIMALS)
        except ValueError as error:
            yield ("volumes", "volume_value"), str(error), "write a number such as 1 or 0.40"
        else:
            if not 0 < worth <= 10**6 * 10**quantities.VALUE_DECIMALS:
                yield ("volumes", "volume_value"), "is not above 0 and at most 1000000", "write what a volume of 1 is worth"
    yield from _trees(view)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _first_day(view: View) -> Found:
    calendar, text = view.get("calendar"), view.word("valid_from")
    span = next((span for span in _DAYS if isinstance(calendar, dict) and span in calendar), "")
    anchor = _day(calendar[span]) if span else None
    if span and anchor is None:
        yield ("calendar", span), "is not a day of the calendar", "write a date such as 2025-03-03"
    if not text:
        return
    first = _day(text)
    if first is None:
        yield ("valid_from",), "is not a day of the calendar", "write a date such as 2025-01-01"
    elif anchor is not None and (first - anchor).days % _DAYS[span]:
        later = first + dt.timedelta(days=-(first - anchor).days % _DAYS[span])
        reason = f"is not the first day of {span.replace('_', ' ')} counted from {anchor}, and each is computed by one version"
        yield ("valid_from",), reason, f"write {later} or another first day"
    elif calendar == "quarter" and (first.day, first.month % 3) != (1, 1):
        fix = f"write {first.replace(day=1, month=(first.month - 1) // 3 * 3 + 1)} or the first day of a later quarter"
        yield ("valid_from",), "is not the first day of a quarter, and a quarter is computed by one version", fix
    elif not isinstance(calendar, dict) and calendar != "quarter" and first.day != 1:
        fix = f"write {first.replace(day=1)} or the first day of a later month"
        yield ("valid_from",), "is not the first day of a month, and a month is computed by one version", fix


def known_trees(view: View) -> list[str]:
    """Names that a tree may be named by in this plan."""
    return ["sponsor", *(["transferred"] if "transfer" in view.document else []), *view.keys("trees")]


def _trees(view: View) -> Found:
    known, standings = known_trees(view), view.word("standings_tree")
    used = {str(view.raw(*place, "tree")) for place, _ in view.bonuses()} | {standings}
    used |= {str(number.get("tree")) for _, number in view.numbers()}
    used |= {str(test.get("tree")) for place in view.lists() for _, test in view.tests(place)}
    for name in view.keys("trees"):
        if name in TREES:
            yield ("trees", name), "is a name that the language itself uses", "choose another name"
        elif name not in used:
            yield ("trees", name), "is a tree that nothing uses", "name it in the tree of a bonus, or leave it out"
    if standings and standings not in known:
        yield ("standings_tree",), *_unknown(standings, known)
    asked = [key for key in ("trees", "transfer", "ranks") if key in view.document]
    if asked and "standings_tree" not in view.document:
        yield ("standings_tree",), f"is left open, and a plan with {asked[0]} needs it", f"choose {', '.join(known)}"
    elif "transfer" in view.document and standings in known and standings != "transferred":
        reason = "is not transferred, but after a transfer volumes, activity and ranks are read on that tree"
        yield ("standings_tree",), reason, "write transferred, or leave transfer out"


def _unknown(name: str, known: list[str]) -> tuple[str, str]:
    if name == "transferred":
        return "names the tree that a transfer makes, and the plan has none", "add transfer, or name another tree"
    return "is not the name of a tree", nearest(name, known)


def unknown_tree(name: str, view: View) -> tuple[str, str] | None:
    """Reason and fix where a name is no tree of the plan; None where it is one."""
    known = known_trees(view)
    return None if name in known else _unknown(name, known)
