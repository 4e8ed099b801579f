"""What a plan reads of closed periods: other plans by the names it calls them, and what it paid itself.

Whether another plan has such a rank or bonus is not known from a document alone; publishing and closing say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphsvc.errors import nearest
from graphsvc.plan.checks.view import Found, View, mappings
from graphsvc.plan.document import Place


def named_in(part: Any) -> Iterator[str]:
    """Every name of another plan that a part of a document uses, sound or not."""
    for found in mappings(part):
        for name in (found.get("in_plan"), found.get("plan") if "bonus" in found else None):
            if isinstance(name, str):
                yield name


def check(view: View) -> Found:
    """Other plans that are not there, not used, or the plan itself; what was earned by which bonuses, and when."""
    known, used = view.keys("other_plans"), set(named_in(view.document))
    for name in known:
        if view.word("other_plans", name, "plan") == view.word("plan") != "":
            reason = "is this plan itself, whose earlier periods need no name"
            yield ("other_plans", name, "plan"), reason, "leave it out; {metric: earned} reads what it paid before"
        elif name not in used:
            yield ("other_plans", name), "is another plan that nothing reads", "name it in in_plan or of, or leave it out"
    for at, test in _read(view):
        if "in_plan" in test:
            yield from _unknown((*at, "in_plan"), test["in_plan"], known)
        if test.get("metric") == "earned":
            yield from _earned(view, at, test)
    for place, _ in view.bonuses():
        for n in range(view.size(*place, "of")):
            other = view.get(*place, "of", n)
            if isinstance(other, dict):
                yield from _unknown((*place, "of", n, "plan"), other["plan"], known)


def _read(view: View) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Every sound test and number of the document."""
    for place in view.lists():
        yield from view.tests(place)
    yield from view.numbers()


def _unknown(at: Place, name: str, known: list[str]) -> Found:
    if name not in known:
        fix = f"{nearest(name, known)}; other_plans: holds the names" if known else "add it under other_plans"
        yield at, "is not the name of another plan here", fix


def _earned(view: View, at: Place, number: Mapping[str, Any]) -> Found:
    elsewhere, before = "in_plan" in number, isinstance(number["window"], Mapping)
    if elsewhere and before:
        reason = "counts periods of this plan, and what another plan paid is read in its periods that count here"
        yield (*at, "window"), reason, "write period"
    elif not elsewhere and not before:
        reason = "is this period, whose bonuses come after all that reads numbers"
        yield (*at, "window"), reason, "write {last: n} for the n periods before, or name another plan in in_plan"
    if not elsewhere and number["of"] != "all":
        names = view.bonus_names()
        for n, name in enumerate(number["of"]):
            if name not in names:
                yield (*at, "of", n), "is not the name of a bonus", nearest(name, list(filter(None, names)))
