"""What plans that read each other must agree on before they are published: names, currency, and no circle (mechanics section 9).

A plan's document does not say what another one has; here the published versions are held against each other, those that apply
when the new one does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graphsvc.errors import Code, Refused, nearest
from graphsvc.plan.compiled import Award, CompiledPlan, Other, Walk


@dataclass(frozen=True, slots=True)
class Dated:
    """A version of a plan and the first day on which it applies."""

    plan: CompiledPlan
    valid_from: dt.date


Versions = Mapping[str, Sequence[Dated]]  # of each plan, oldest first


def asks(plan: CompiledPlan, other: str) -> tuple[bool, bool]:
    """Whether a plan reads ranks of another plan, and whether it reads lines."""
    ranks = any(reading.of == other and reading.rank for reading in plan.readings)
    lines = any(reading.of == other and not reading.rank for reading in plan.readings)
    return ranks, lines or any(name == other for bonus in plan.bonuses for name, _ in matched(bonus))


def matched(bonus: Walk | Award) -> list[list[str]]:
    """[what the plan is called, bonus] of every bonus of another plan whose lines a bonus reads."""
    rules = bonus.source.rules if isinstance(bonus, Walk) else bonus.rules
    found: list[list[str]] = rules.get("elsewhere", [])
    return found


def other_currency(plan: CompiledPlan, other: Other, found: CompiledPlan) -> str:
    """Why money of another plan cannot be read."""
    return (
        f"{plan.name} version {plan.version} pays in {plan.currency} and reads what plan {other.plan} pays, which is in "
        f"{found.currency}; only money of one currency is matched or compared."
    )


def refuse_strangers(new: Dated, versions: Versions) -> None:
    """Refuse a plan that reads what the other plan does not have, or other money."""
    plan = new.plan
    for other in plan.others:
        there = versions.get(other.plan, ())
        if not there:
            known = sorted(name for name in versions if name != plan.name)
            fix = nearest(other.plan, known) if known else "no other plan is published"
            raise Refused(
                Code.PLAN_UNKNOWN,
                f"{plan.name} version {plan.version} reads plan {other.plan!r}, which is not published; {fix}. Plans that read "
                "each other are published together: `graphsvc plan publish FILE FILE`.",
            )
        if asks(plan, other.name)[1] and there[-1].plan.currency != plan.currency:
            raise Refused(Code.BAD_PLAN, other_currency(plan, other, there[-1].plan))
        _refuse_names(plan, other, list(_applying(there, new.valid_from)))


def _applying(versions: Sequence[Dated], since: dt.date) -> Iterator[CompiledPlan]:
    """The versions that apply on a day or later."""
    for version, following in zip(versions, [*versions[1:], None], strict=True):
        if following is None or following.valid_from > since:
            yield version.plan


def _refuse_names(plan: CompiledPlan, other: Other, applying: list[CompiledPlan]) -> None:
    ranks = {rank.name for version in applying for rank in version.ranks}
    bonuses = {bonus.name for version in applying for bonus in version.bonuses}
    asked = [(reading.rank, "rank", ranks) for reading in plan.readings if reading.of == other.name and reading.rank]
    named = [name for reading in plan.readings if reading.of == other.name for name in reading.bonuses or ()]
    named += [bonus for one in plan.bonuses for of, bonus in matched(one) if of == other.name]
    for name, what, known in [*asked, *((name, "bonus", bonuses) for name in named)]:
        if name not in known:
            fix = nearest(name, sorted(known)) if known else f"it has no {what}es" if what == "bonus" else "it has no ranks"
            raise Refused(
                Code.BAD_PLAN,
                f"{plan.name} version {plan.version} reads {what} {name!r} of plan {other.plan}, which has none of "
                f"that name; {fix}.",
            )


def refuse_circle(new: Dated, versions: Versions) -> None:
    """Refuse plans of which each needs the other up to the same instant, so that none of them could be closed first."""
    starts = {version.valid_from for dated in versions.values() for version in dated}
    for day in sorted({new.valid_from, *(start for start in starts if start > new.valid_from)}):
        needs = {
            name: {other.plan for other in found.others if other.until == "end"}
            for name, dated in versions.items()
            if (found := _in_force(dated, day)) is not None
        }
        circle = _circle(new.plan.name, needs)
        if circle:
            chain = ", ".join(f"{reader} reads {read}" for reader, read in zip(circle, [*circle[1:], circle[0]], strict=True))
            raise Refused(
                Code.BAD_PLAN,
                f"{new.plan.name} version {new.plan.version} would close a circle from {day} on: {chain}, each until the end of "
                "its own periods, so none of them could be closed first; write until: start in one of them.",
            )


def _in_force(versions: Iterable[Dated], day: dt.date) -> CompiledPlan | None:
    return next((version.plan for version in reversed(list(versions)) if version.valid_from <= day), None)


def _circle(name: str, needs: Mapping[str, set[str]]) -> list[str]:
    """The plans of a circle that a plan stands in, from it on; empty where there is none."""
    ways = [[name]]
    seen = set[str]()
    while ways:
        way = ways.pop()
        for read in sorted(needs.get(way[-1], ())):
            if read == name:
                return way
            if read not in seen:
                seen.add(read)
                ways.append([*way, read])
    return []
