"""What can never be reached: ranks and levels whose tests contradict each other, or that ask for themselves.

Every number of a test is a lower bound, so two of them cannot contradict each other. What can: lists without a common word,
legs that the tree does not have, shares of too few legs, and ranks that ask for a rank that nobody has before them.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from graphsvc.plan import metrics, quantities
from graphsvc.plan.checks.view import Found, View, below
from graphsvc.plan.document import Place

WAYS_MAX = 2_000
SINGLE = ("type", "status", "country")  # a partner has one of each


def check(view: View) -> Found:
    """Ranks first, then whoever a bonus asks for."""
    unreachable: set[str] = set()
    names = view.ranks()
    for index, name in enumerate(names):
        place: Place = ("ranks", "list", index, "conditions")
        if index and view.get(*place) == []:
            yield place, "is empty, so everybody has this rank and the ranks below mean nothing", "write what it asks for"
        told = _asks(view, place, names, index, unreachable) or contradiction(view, place)
        if told:
            unreachable.add(name)
            yield told[0], told[1], told[2]
    for place in view.lists():
        if place[0] == "ranks":
            continue
        told = contradiction(view, place) or _no_rank(view, place, names, unreachable)
        if told:
            yield told[0], told[1], told[2]
        elif place[-1] == "opens":
            yield from _nobody_paid(view, place)
    for place, every in view.conditions_named():
        name = view.get(*place)
        if place[-1] in ("opens", "qualified") and isinstance(name, str) and name != every:
            named: Place = ("conditions", name)
            told = None if contradiction(view, named) else contradiction(view, place, named)
            if told:
                yield place, told[1], told[2]


def _asks(view: View, place: Place, names: list[str], index: int, unreachable: set[str]) -> tuple[Place, str, str] | None:
    """Ranks that a rank asks legs for must be below it, and reachable."""
    for at, test in view.tests(place):
        if test.get("metric") != "legs_with_rank" or test["rank"] not in names or _has_another_way(view, at, names, index):
            continue
        if names.index(test["rank"]) >= index:
            itself = "itself" if test["rank"] == names[index] else f"{test['rank']}, which is above it"
            return (*at, "rank"), f"can never be reached: the rank asks for legs with {itself}", "ask for a rank below"
        if test["rank"] in unreachable and not any(name not in unreachable for name in names[names.index(test["rank"]) : index]):
            return (
                (*at, "rank"),
                f"can never be reached, because nobody can have {test['rank']}",
                "make that rank reachable first",
            )
    return None


def _has_another_way(view: View, at: Place, names: list[str], index: int) -> bool:
    """Whether a test stands among several, of which another one does not wait for the rank itself or one above it: whoever is
    the first in a leg comes by that one."""
    return at[-2] == "any" and any(
        other.get("metric") != "legs_with_rank" or (other["rank"] in names and names.index(other["rank"]) < index)
        for n in range(view.size(*at[:-1]))
        if isinstance(other := view.get(*at[:-1], n), dict)
    )


def _no_rank(view: View, place: Place, names: list[str], unreachable: set[str]) -> tuple[Place, str, str] | None:
    """A list that asks for a rank when neither it nor any above it can be reached."""
    for at, test in view.tests(place):
        alone = len(at) == len(place) + 1 and metrics.names_rank(test) and test["rank"] in names
        if alone and unreachable.issuperset(names[names.index(test["rank"]) :]):
            return (*at, "rank"), "is opened by no rank: neither this one nor any above it can be reached", "see ranks"
    return None


def contradiction(view: View, place: Place, named: Place | None = None) -> tuple[Place, str, str] | None:
    """Why no partner can ever meet all tests of a list (or of the condition named there); None where one might."""
    source = named or place
    items = [(index, view.get(*source, index)) for index in range(view.size(*source))]
    sound = [(index, item) for index, item in items if isinstance(item, dict)]
    width = _width(view)
    choices: list[list[tuple[int, Mapping[str, Any]]]] = []
    for index, item in sound:
        tests: Sequence[Mapping[str, Any]] = item.get("any", [item])
        told = [_alone(test, width) for test in tests]
        if all(told):
            return (*place, index), f"can never hold: {told[0]}", "lower it, or read another tree"
        choices.append([(index, test) for test, bad in zip(tests, told, strict=True) if not bad])
    base = _activity(view, place)
    clash: tuple[int, str] | None = None
    for ways, chosen in enumerate(itertools.product(*choices)):
        clash = _clash([*base, *chosen])
        if clash is None or ways > WAYS_MAX:
            return None
    if clash is None:
        return None
    return (
        (*place, clash[0]),
        f"can never hold together with {clash[1]}",
        "leave one of the two out, or give them a word in common",
    )


def _activity(view: View, place: Place) -> list[tuple[int, Mapping[str, Any]]]:
    """What is true of everybody whom a list judges: of the active their status and the conditions of activity."""
    asks = any("active" in test for at, test in view.tests(place) if len(at) == len(place) + 1)
    if not (asks or place[0] == "active" or place[-1] in ("opens", "qualified")):
        return []
    # Of lists that only the active are held against, a wrong status is told by the tests.
    true: list[tuple[int, Mapping[str, Any]]] = [(-1, {"status": ["active"]})] if asks else []
    if place[0] != "active" and not view.get("active", "grace_periods"):
        true += [(-1, test) for at, test in view.tests(("active", "conditions")) if len(at) == 3]
    if place[-1] == "opens" and not isinstance(view.get(*place[:2], "unqualified"), dict):
        who = view.get(*place[:2], "qualified")
        qualified: Place = ("conditions", who) if isinstance(who, str) else (*place[:2], "qualified")
        true += [(-1, test) for at, test in view.tests(qualified) if len(at) == len(qualified) + 1]
    return true


def _clash(tests: list[tuple[int, Mapping[str, Any]]]) -> tuple[int, str] | None:
    """Two lists of the same thing without a common word: where, and with what."""
    left: dict[str, tuple[set[str], str]] = {}
    for index, test in tests:
        for key in SINGLE:
            if key in test:
                words, said = left.get(key, (set(test[key]), ""))
                common = words & set(test[key])
                if not common:
                    return max(index, 0), said
                left[key] = common, f"{key}: {', '.join(test[key])}" + (" (of all who are asked)" if index < 0 else "")
    return None


def _width(view: View) -> int:
    """How many legs a partner can have in the tree that ranks look down; 0 where there is no bound."""
    tree = view.get("trees", view.word("standings_tree"))
    if not isinstance(tree, dict) or tree["kind"] == "unilevel":
        return 0
    return 2 if tree["kind"] == "binary" else int(tree["width"])


def _alone(test: Mapping[str, Any], width: int) -> str:
    """Why a test can never hold on a tree of so many legs; empty where it may."""
    if not width or "metric" not in test or isinstance(test.get("at_least"), dict):
        return ""
    legs = f"the tree has {width} legs at most"
    match test["metric"]:
        case "leg" if test["nth"] > width:
            return legs
        case "outside_legs" if test["largest"] >= width:
            return legs
        case "legs_with" | "legs_with_rank" | "broken_away_legs" | "frontline_with" if test["at_least"] > width:
            return legs
        case "active_downline" if test["depth"] != "unlimited":
            most = sum(width**level for level in range(1, min(test["depth"], 60) + 1))
            if test["at_least"] > most:
                return f"{legs}, so {most} partners down to level {test['depth']}"
        case "counted_volume" if test["own_pv"] == "without":
            most_ppm = width * quantities.ppm(test["share"])
            if test["of"] == "requirement" and most_ppm < quantities.PPM_WHOLE:
                return f"{legs}, of each {test['share']} is counted"
    return ""


def _nobody_paid(view: View, place: Place) -> Found:
    """A level whose rate names only types that it is not open to."""
    rate = view.get(*place[:-1], "rate")
    if not (isinstance(rate, dict) and rate.get("by") == "type"):
        return
    paid = {str(at[-1]) for at, _ in below(rate, ())}
    for at, test in view.tests(place):
        if "type" in test and len(at) == len(place) + 1 and not paid & set(test["type"]):
            yield at, f"leaves nobody to pay: the rate names only {', '.join(sorted(paid))}", "name a type in both"
