"""One line, whole: base, rate, rule, who sold what it was paid for, and the way each sale took.

The amount is computed here once more, from the frozen sales of the sources that the walk from above names, with other
arithmetic than the engine's; it must be the stored one, and the answer carries both.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from graphsvc import earnings, network
from graphsvc.errors import Code, Refused, nearest
from graphsvc.explain import path
from graphsvc.money import round_ratio
from graphsvc.month import parameters
from graphsvc.plan import store
from graphsvc.plan.compiled import CompiledPlan, Unilevel
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

SOURCES_SHOWN = 5

COMPRESSIONS = {
    "none": "level = distance in the tree; what the partner at that distance is not open for, nobody gets",
    "standard": "who vanishes is not counted as a level; what a counted partner is not open for, nobody gets",
    "dynamic": "each level goes to the next partner above who is open for it, counting on from there",
    "roll_up": "each level goes to the first partner at its distance or above who is open for it",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One seller (or order line, where each makes a line of its own) behind a line, with the way up to the payee."""

    partner_id: str
    source_id: str
    base: int
    base_minor: int
    hops: list[path.Hop] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A line (or the order lines of one payee, bonus and level): stored amount, the same computed again, and its sources."""

    month: str
    plan: str
    plan_version: int
    run_id: str
    partner_id: str
    bonus: str
    level: int
    rule: str
    base_of: str
    base: int
    base_minor: int
    rate_ppm: int
    rounding: str
    amount_minor: int
    computed_minor: int
    currency: str
    lines: int
    source_count: int
    sources: list[Source]

    @property
    def equal(self) -> bool:
        """Whether the explanation gives exactly the stored amount."""
        return self.amount_minor == self.computed_minor

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return dataclasses.asdict(self) | {"equal": self.equal}


def bonus_of(plan: CompiledPlan, name: str) -> Unilevel:
    """A plan's bonus by name; refuses with the nearest names."""
    for bonus in plan.bonuses:
        if bonus.name == name:
            return bonus
    names = [b.name for b in plan.bonuses]
    raise Refused(Code.BONUS_UNKNOWN, f"Plan {plan.name} has no bonus {name!r}; {nearest(name, names)}.")


def partner_standing(database: Database, run_id: str, plan: CompiledPlan, partner_id: str, month: str) -> Row:
    """A partner's frozen standing; refuses unknown partners with the nearest ids."""
    standing = database.one(
        "explain.standing",
        run_id=run_id,
        partner_id=partner_id,
        numbers=len(plan.metrics),
        rules=len(plan.conditions),
    )
    if standing is None:
        if network.visible(database, partner_id) is None:
            raise network.unknown(database, partner_id)
        raise Refused(Code.PARTNER_UNKNOWN, f"{partner_id} was not known yet when {month} was closed.")
    return standing | {"partner_id": partner_id}


def lines(
    database: Database,
    month: str,
    partner_id: str,
    *,
    plan_name: str | None = None,
    bonus: str | None = None,
    level: int | None = None,
    shown: int = SOURCES_SHOWN,
) -> list[Explanation]:
    """Every line of a partner in a closed month, or those of one bonus or level, explained."""
    closed = earnings.closed_run(database, month, plan_name)
    plan = store.get(database, closed["plan"], closed["plan_version"])
    if bonus is not None:
        bonus_of(plan, bonus)
    standing = partner_standing(database, closed["run_id"], plan, partner_id, month)
    stored: dict[tuple[str, int], list[Row]] = {}
    for row in database.run("earnings.of_partner", run_id=closed["run_id"], partner_id=partner_id):
        if bonus in (None, row["bonus"]) and level in (None, row["level"]):
            stored.setdefault((row["bonus"], row["level"]), []).append(row)
    if not stored:
        what = "".join([f" of bonus {bonus}" if bonus else "", f" at level {level}" if level else ""])
        ask = f"graphsvc why-not {month} {partner_id} --level {level or 1}"
        raise Refused(Code.LINE_UNKNOWN, f"{partner_id} has no line{what} in {month}; `{ask}` says why.")
    return [
        _explain(database, month, closed["run_id"], plan, bonus_of(plan, name), number, standing, rows, shown)
        for (name, number), rows in stored.items()
    ]


def line(
    database: Database,
    month: str,
    partner_id: str,
    *,
    plan_name: str | None = None,
    bonus: str | None = None,
    level: int | None = None,
) -> Explanation:
    """The first of `lines`."""
    return lines(database, month, partner_id, plan_name=plan_name, bonus=bonus, level=level)[0]


def sources(database: Database, run_id: str, bonus: Unilevel, level: int, standing: Row) -> list[Row]:
    """Who sold what reached a partner at a level of a bonus, largest first: by seller, or by order line where each is a line."""
    return database.run(
        "explain.sources",
        run_id=run_id,
        bonus=bonus.name,
        payee=standing["seq"],
        level=standing["level"],
        step=level - 1,
        steps=len(bonus.levels),
        per_order=bonus.lines == "order",
        **parameters.source(bonus),
    )


def _explain(
    database: Database,
    month: str,
    run_id: str,
    plan: CompiledPlan,
    bonus: Unilevel,
    level: int,
    standing: Row,
    rows: list[Row],
    shown: int,
) -> Explanation:
    found = sources(database, run_id, bonus, level, standing)
    numerator, denominator = bonus.numerators[level - 1], bonus.denominators[level - 1]

    def money_of(base: int) -> int:
        return round_ratio(base, numerator, denominator, plan.rounding) * plan.unit_minor

    def value_of(base: int) -> int:
        return round_ratio(base, bonus.value_numerator, bonus.value_denominator, plan.rounding)

    base = sum(row["base"] for row in found)
    computed = sum(money_of(row["base"]) for row in found) if bonus.lines == "order" else money_of(base)
    largest = found[:shown]
    walks = path.walk(database, run_id, plan, [(row["seq"], row["level"]) for row in largest], standing["level"])
    return Explanation(
        month=month,
        plan=plan.name,
        plan_version=plan.version,
        run_id=run_id,
        partner_id=standing["partner_id"],
        bonus=bonus.name,
        level=level,
        rule=f"{bonus.compression}: {COMPRESSIONS[bonus.compression]}",
        base_of=bonus.base,
        base=base,
        base_minor=value_of(base),
        rate_ppm=bonus.levels[level - 1].rate_ppm,
        rounding=plan.rounding,
        amount_minor=sum(row["amount_minor"] for row in rows),
        computed_minor=computed,
        currency=plan.currency,
        lines=len(rows),
        source_count=len(found),
        sources=[
            Source(row["partner_id"], row["source_id"], row["base"], value_of(row["base"]), path.outcomes(plan, bonus, walked))
            for row, walked in zip(largest, walks, strict=True)
        ],
    )
