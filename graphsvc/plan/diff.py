"""What differs between two plans, place by place, in words that people can read.

Plans are compared in their one form, so that layout, quotes and the order of keys are no difference. What has a name (bonuses,
ranks, conditions, deductions, balances) is the same thing in both plans when it has the same name, wherever it stands; levels,
tiers and steps are the same when they have the same number; tests of a list are compared as a set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from graphsvc.plan import canonical

COLUMNS = ("place", "change", "before", "after")
_NAMED = {"bonuses": "name", "list": "name", "deductions": "name", "splits": "balance"}
_TESTS = ("conditions", "opens", "qualified", "counts_when", "breakaway", "any")
_ONE = {
    "bonuses": "bonus",
    "list": "rank",
    "deductions": "deduction",
    "splits": "balance",
    "levels": "level",
    "generations": "generation",
    "steps": "step",
    "prizes": "prize",
    "places": "place",
    "pairings": "pairing",
    "limits": "limit",
    "values": "tier",
    "sums": "sum",
}
_WORDS = {"own_use": "own use", "joining_pack": "joining pack", "of": "of what", "as": "as", "by": "by"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, whether it was added, removed, changed or moved, and what stood and stands there."""

    place: str
    change: str
    before: str = ""
    after: str = ""


def shown(value: Any) -> str:
    """A value on one line, as a plan writes it."""
    if isinstance(value, dict | list):
        ordered = canonical.ordered(value)
        return str(yaml.safe_dump(ordered, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10**6)).strip()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _word(key: str) -> str:
    return _WORDS.get(key, key.replace("_", " "))


def _join(place: str, word: str) -> str:
    return f"{place}, {word}" if place else word


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Every difference between two checked documents, in the order in which the language explains its keys."""
    return list(_mapping(canonical.ordered(canonical.normal(before)), canonical.ordered(canonical.normal(after)), ""))


def _mapping(before: dict[str, Any], after: dict[str, Any], place: str) -> Iterator[Change]:
    for key in [*before, *(key for key in after if key not in before)]:
        at = _join(place, _word(key))
        if key not in after:
            yield Change(at, "removed", shown(before[key]))
        elif key not in before:
            yield Change(at, "added", "", shown(after[key]))
        else:
            yield from _value(key, before[key], after[key], at, place)


def _value(key: str, before: Any, after: Any, at: str, place: str) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict) and (not before or not after or set(before) & set(after)):
        yield from _mapping(before, after, at)
    elif isinstance(before, list) and isinstance(after, list):
        if key in _NAMED and all(isinstance(item, dict) and _NAMED[key] in item for item in (*before, *after)):
            yield from _named(key, before, after, place)
        elif key in _ONE and key not in _TESTS:
            yield from _numbered(key, before, after, place)
        else:
            yield from _set(before, after, at)
    else:
        yield Change(at, "changed", shown(before), shown(after))


def _named(key: str, before: list[dict[str, Any]], after: list[dict[str, Any]], place: str) -> Iterator[Change]:
    """Lists of things with names: the same name is the same thing, and the order matters."""
    name, one = _NAMED[key], _ONE[key]
    old, new = {item[name]: item for item in before}, {item[name]: item for item in after}
    for known in old:
        at = _join(place, f"{one} {known}")
        if known in new:
            yield from _mapping(old[known], new[known], at)
        else:
            yield Change(at, "removed", shown(old[known]))
    for known in new:
        if known not in old:
            yield Change(_join(place, f"{one} {known}"), "added", "", shown(new[known]))
    left, right = [known for known in old if known in new], [known for known in new if known in old]
    if left != right:
        yield Change(
            _join(place, "order of the " + ("ranks" if key == "list" else key)), "moved", ", ".join(left), ", ".join(right)
        )


def _numbered(key: str, before: list[Any], after: list[Any], place: str) -> Iterator[Change]:
    """Levels, tiers, steps: the first is compared with the first."""
    for number in range(max(len(before), len(after))):
        at = _join(place, f"{_ONE[key]} {number + 1}")
        if number >= len(after):
            yield Change(at, "removed", shown(before[number]))
        elif number >= len(before):
            yield Change(at, "added", "", shown(after[number]))
        elif isinstance(before[number], dict) and isinstance(after[number], dict):
            yield from _mapping(before[number], after[number], at)
        elif before[number] != after[number]:
            yield Change(at, "changed", shown(before[number]), shown(after[number]))


def _set(before: list[Any], after: list[Any], at: str) -> Iterator[Change]:
    """Lists of tests and of words: what is gone, what is new. A test whose number alone differs has changed."""
    gone = [item for item in before if item not in after]
    new = [item for item in after if item not in before]
    for item in list(gone):
        same = next((other for other in new if _but_need(item) is not None and _but_need(item) == _but_need(other)), None)
        if same is not None:
            gone.remove(item)
            new.remove(same)
            yield Change(_join(at, shown(_but_need(item))), "changed", shown(item["at_least"]), shown(same["at_least"]))
    yield from (Change(at, "removed", shown(item)) for item in gone)
    yield from (Change(at, "added", "", shown(item)) for item in new)
    if not gone and not new and sorted(map(shown, before)) == sorted(map(shown, after)) and at.endswith(("order", "of what")):
        yield Change(at, "moved", shown(before), shown(after))


def _but_need(item: Any) -> dict[str, Any] | None:
    """A test of a metric without what it needs; None of anything else."""
    if isinstance(item, dict) and "metric" in item and "at_least" in item:
        return {key: value for key, value in item.items() if key != "at_least"}
    return None
