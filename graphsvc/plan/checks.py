"""Checks of a plan document: everything that is wrong with it, each with its place and what would be right.

Form comes from the JSON Schema (`shape`); here stands what a schema cannot say: names that must exist, circles, sums, digits.
A check looks only at values whose form is sound, so one fault is told once and all faults are told together.
"""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterator
from typing import Any

from graphsvc import money
from graphsvc.errors import Finding, nearest
from graphsvc.plan import metrics, quantities, shape
from graphsvc.plan.document import Document, Place, where

KINDS = ("retail", "own_use", "joining_pack")
RESERVED = ("active", "inactive")

Found = Iterator[tuple[Place, str, str]]  # place, reason, fix


@functools.cache
def time_zones() -> frozenset[str]:
    """Every IANA zone name; a machine's own additions are left out, another machine would not know them."""
    return frozenset(zoneinfo.available_timezones() - {"Factory", "localtime", "posixrules"})


class View:
    """A document seen without what is ill-formed in it."""

    def __init__(self, document: dict[str, Any], bad: list[Place]) -> None:
        self.document = document
        self._bad = bad

    def get(self, *place: str | int) -> Any:
        """The value at a place; None where it is missing, or where it or something in it is ill-formed."""
        if any(bad[: len(place)] == place for bad in self._bad):
            return None
        return self._reach(place)

    def size(self, *place: str | int) -> int:
        """How many entries the list at a place has, sound or not; 0 where there is no list."""
        value = self._reach(place)
        return len(value) if isinstance(value, list) else 0

    def _reach(self, place: Place) -> Any:
        value: Any = self.document
        for step in place:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def names(self) -> list[str]:
        """Names of the conditions, sound or not."""
        named = self.document.get("conditions")
        return [str(name) for name in named] if isinstance(named, dict) else []

    def lists(self) -> Iterator[Place]:
        """Places of all lists of tests."""
        yield ("active", "conditions")
        yield from (("conditions", name) for name in self.names())
        for bonus in range(self.size("bonuses")):
            for level in range(self.size("bonuses", bonus, "levels")):
                yield ("bonuses", bonus, "levels", level, "opens")

    def tests(self, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The sound tests of the list at a place, those inside `any` too."""
        for index in range(self.size(*place)):
            item = self.get(*place, index)
            if item is not None and "any" not in item:
                yield (*place, index), item
            for inner in range(self.size(*place, index, "any")):
                test = self.get(*place, index, "any", inner)
                if test is not None:
                    yield (*place, index, "any", inner), test


def _frame(view: View) -> Found:
    currency, zone, day = view.get("currency"), view.get("time_zone"), view.get("valid_from")
    if currency is not None and currency not in money.exponents():
        yield ("currency",), "is not an ISO 4217 currency", nearest(currency, money.exponents())
    if zone is not None and zone not in time_zones():
        yield ("time_zone",), "is not an IANA time zone", nearest(zone, time_zones())
    if day is not None:
        try:
            first = dt.date.fromisoformat(day)
        except ValueError:
            yield ("valid_from",), "is not a day of the calendar", "write a date such as 2025-01-01"
        else:
            if first.day != 1:
                fix = f"write {first.replace(day=1)} or the first day of a later month"
                yield ("valid_from",), "is not the first day of a month, and a month is computed by one version", fix
    value = view.get("volumes", "volume_value")
    if value is not None:
        try:
            worth = quantities.scaled(value, quantities.VALUE_DECIMALS)
        except ValueError as error:
            yield ("volumes", "volume_value"), str(error), "write a number such as 1 or 0.40"
        else:
            if not 0 < worth <= 10**6 * 10**quantities.VALUE_DECIMALS:
                yield ("volumes", "volume_value"), "is not above 0 and at most 1000000", "write what a volume of 1 is worth"


def _tests(view: View) -> Found:
    currency = view.get("currency")
    usable = currency if currency in money.exponents() else "USD"
    for place in view.lists():
        activity = place == ("active", "conditions")
        for at, test in view.tests(place):
            if "metric" not in test:
                alone = len(at) == len(place) + 1
                if "status" in test and "active" not in test["status"] and alone and place[0] != "conditions":
                    yield at, "can never hold, because the suspended and the terminated are never active", "leave it out"
                continue
            if activity and metrics.known(test).reads_activity:
                reason = f"is a circle: who is active would depend on {test['metric']}, which counts the active"
                yield (*at, "metric"), reason, "test a volume, sales or customers here"
            given = test["at_least"]
            for need in given["by_title"].values() if isinstance(given, dict) else [given]:
                try:
                    metrics.need({**test, "at_least": need}, usable)
                except ValueError as error:
                    if metrics.known(test).unit != "money" or usable == currency:
                        yield (*at, "at_least"), str(error), "write what is needed, above 0"
            if "volume" in test and _bad_volume(test["volume"]):
                yield (*at, "volume"), _bad_volume(test["volume"]), "write the TV that a leg must reach"


def _bad_volume(value: int | str) -> str:
    try:
        thousandths = quantities.scaled(value, money.VOLUME_DECIMALS)
    except ValueError as error:
        return str(error)
    return "" if 0 < thousandths <= quantities.NEED_MAX * 1000 else f"is not above 0 and at most {quantities.NEED_MAX}"


def _names(view: View) -> Found:
    used: set[str] = set()
    known = view.names()
    for bonus in range(view.size("bonuses")):
        places: list[Place] = [("bonuses", bonus, "levels", n, "opens") for n in range(view.size("bonuses", bonus, "levels"))]
        for place in [*places, ("bonuses", bonus, "vanish")]:
            name = view.get(*place)
            if not isinstance(name, str) or name == ("inactive" if place[-1] == "vanish" else "active"):
                continue
            used.add(name)
            if name not in known:
                every = "inactive" if place[-1] == "vanish" else "active"
                yield place, "is not the name of a condition", f"{nearest(name, [every, *known])}; conditions: holds the names"
    for name in known:
        if name in RESERVED:
            yield ("conditions", name), "is a name that the language itself uses", "choose another name"
        elif name not in used:
            yield ("conditions", name), "is a condition that nothing uses", "use it in opens or vanish, or leave it out"
    if view.document.get("conditions") == {}:
        yield ("conditions",), "holds no condition", "leave the key out"
    if view.get("active", "conditions") == [] and view.get("active", "grace_periods"):
        yield ("active", "grace_periods"), "is pointless where active has no conditions", "write 0"


def _bonuses(view: View) -> Found:
    seen: dict[str, int] = {}
    for index in range(view.size("bonuses")):
        place: Place = ("bonuses", index)
        name, compression = view.get(*place, "name"), view.get(*place, "compression")
        if name is not None and seen.setdefault(name, index) != index:
            yield (*place, "name"), f"is the name of bonuses[{seen[name]}] already", "give each bonus a name of its own"
        raw = view.document["bonuses"][index]
        if compression is not None and compression != "standard" and "vanish" in raw:
            fix = "leave it out, or choose compression: standard"
            yield (*place, "vanish"), f"has no meaning with {compression} compression, where nobody vanishes", fix
        if _kinds(view, index) == ():
            fix = "let them count under volumes, or take other kinds or another base"
            yield (*place, "sources", "kinds"), f"are all orders that do not count as {view.get(*place, 'base')}", fix
        yield from _rates(view, index)


def _kinds(view: View, bonus: int) -> tuple[str, ...] | None:
    """Kinds of orders that a bonus can pay on; None while that is not known."""
    base, kinds = view.get("bonuses", bonus, "base"), view.get("bonuses", bonus, "sources", "kinds")
    counts = {kind: view.get("volumes", kind) for kind in KINDS[1:]}
    if base is None or kinds is None or None in counts.values():
        return None
    return tuple(
        kind
        for kind in (KINDS if kinds == "all" else kinds)
        if kind == "retail" or base == "money" or counts[kind] in (base, "both")
    )


def _rates(view: View, bonus: int) -> Found:
    currency, base, to = view.get("currency"), view.get("bonuses", bonus, "base"), view.get("rounding", "to")
    value = view.get("volumes", "volume_value")
    for level in range(view.size("bonuses", bonus, "levels")):
        place = ("bonuses", bonus, "levels", level, "rate")
        rate = view.get(*place)
        if not isinstance(rate, str):
            continue
        if not 0 < quantities.ppm(rate) <= quantities.PPM_WHOLE:
            yield place, "is not above 0% and at most 100%", "write a percentage such as 5%, or leave the level out"
        elif currency in money.exponents() and None not in (base, to, value) and not _bad_value(value):
            exponent = money.exponent(currency)
            unit = quantities.unit_minor(to, exponent)
            if max(quantities.share(base, value, exponent, quantities.ppm(rate), unit)) > quantities.FRACTION_MAX:
                reason = "has, together with volume_value, too many digits to stay exact"
                yield place, reason, "use fewer decimals in one of the two"


def _bad_value(value: int | str) -> bool:
    try:
        return quantities.scaled(value, quantities.VALUE_DECIMALS) <= 0
    except ValueError:
        return True


def _flat(rate: Any) -> bool:
    return isinstance(rate, str)


def _worst_case(view: View) -> Found:
    """An order of one kind and category must not pay more than itself, whoever stands above."""
    paying: list[tuple[tuple[str, ...], Any, int]] = []
    for bonus in range(view.size("bonuses")):
        rates = [view.get("bonuses", bonus, "levels", n, "rate") for n in range(view.size("bonuses", bonus, "levels"))]
        kinds, categories = _kinds(view, bonus), view.get("bonuses", bonus, "sources", "categories")
        if kinds is not None and categories is not None:
            paying.append(
                (
                    kinds,
                    categories,
                    sum(
                        ppm
                        for ppm in map(quantities.ppm, (rate for rate in rates if isinstance(rate, str)))
                        if ppm <= quantities.PPM_WHOLE
                    ),
                )
            )
    named = sorted({category for _, categories, _ in paying if categories != "all" for category in categories})
    for kind in KINDS:
        for category in (None, *named):
            total = sum(ppm for kinds, of, ppm in paying if kind in kinds and (of == "all" or category in of))
            if total > quantities.PPM_WHOLE:
                what = f"an order of kind {kind}" + ("" if category is None else f" and category {category!r}")
                fix = "lower the rates until an order pays at most 100 %"
                yield ("bonuses",), f"can pay {money.format_rate(total)} of the base of {what}", fix
                return


CHECKS = (_frame, _tests, _names, _bonuses, _worst_case)


def check(document: dict[str, Any]) -> list[Finding]:
    """Everything that is wrong with a plan document, in the order of its lines; empty when it can be published."""
    found = shape.faults(document)
    view = View(document, [place for place, _ in found])
    for checking in CHECKS:
        for place, reason, fix in checking(view):
            value = view.get(*place)
            text = shape.shown(value) if isinstance(value, str | int) else ""
            found.append((place, Finding(where(document, place), reason, text, fix)))
    lines = document.lines if isinstance(document, Document) else {}

    def line(place: Place) -> int:
        return next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), 0)

    return [finding for _, finding in sorted(found, key=lambda fault: (line(fault[0]), [str(step) for step in fault[0]]))]
