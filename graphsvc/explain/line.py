"""One line, whole: base, rate, rule, who brought what it was paid for, and the way each of these took.

The amount is computed here once more, from the frozen sources that are found by going down through what arrived, with other
arithmetic than the engine's; it must be the stored one, and the answer carries both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graphsvc import earnings, network
from graphsvc.errors import Code, Refused, nearest
from graphsvc.explain import amounts, aside, awards, binary, feed, path, reversals, rules, words
from graphsvc.explain.waiting import RELEASED
from graphsvc.month import elsewhere
from graphsvc.periods import parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import Award, CompiledPlan, Pay, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

SOURCES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One partner (or order line, where each makes a line of its own) behind a line, with the way up to the payee."""

    partner_id: str
    source_id: str
    base: int
    base_minor: int
    hops: list[path.Hop] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A line (or the order lines of one payee, bonus, level and class): stored amount, the same computed again, its sources.

    earned_minor is what stood before caps; that is what the computation must give. source_ids: of each line, '' where it is no
    order's alone.
    """

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
    rate_ppm: int | None
    rounding: str
    amount_minor: int
    computed_minor: int
    currency: str
    lines: int
    source_count: int
    sources: list[Source]
    source_class: str = ""
    earned_minor: int = 0
    brought: str = "sold"
    facts: list[str] = field(default_factory=list)
    source_ids: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether the explanation gives exactly what was earned."""
        return self.earned_minor == self.computed_minor

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return dataclasses.asdict(self) | {"equal": self.equal}


def bonus_of(plan: CompiledPlan, name: str) -> Walk | Award:
    """A plan's bonus by name; refuses with the nearest names."""
    for bonus in plan.bonuses:
        if bonus.name == name:
            found: Walk | Award = bonus
            return found
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
    return standing | {"partner_id": partner_id, "held": held_elsewhere(database, plan, month, standing["seq"])}


def held_elsewhere(database: Database, plan: CompiledPlan, month: str, seq: int) -> dict[int, rules.Held]:
    """By reading of the plan, the ranks in other plans that a partner's conditions read, as closed periods have them."""
    read, found = elsewhere.Elsewhere(database, plan, parse_month(month)), dict[int, rules.Held]()
    for number, reading in enumerate(plan.readings):
        if not reading.rank:
            continue
        closed = read.held(reading.of)
        if closed is None:
            found[number] = rules.Held("", 0, 1, "", reading.rank)
            continue
        names = [rank.name for rank in closed.plan.ranks]
        row = database.one("explain.held", run_id=closed.run_id, seq=seq, opening=closed.is_opening)
        have = row[reading.as_] if row else 0
        need = names.index(reading.rank) + 1
        found[number] = rules.Held(closed.period, have, need, names[have - 1] if have else "", reading.rank)
    return found


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
    if bonus is not None and all(bonus != deduction.name for deduction in plan.deductions):
        bonus_of(plan, bonus)
    standing = partner_standing(database, closed["run_id"], plan, partner_id, month)
    stored: dict[tuple[str, int, str], list[Row]] = {}
    for row in database.run("earnings.of_partner", run_id=closed["run_id"], partner_id=partner_id):
        if bonus in (None, row["bonus"]) and level in (None, row["level"]):
            stored.setdefault((row["bonus"], row["level"], row["class"]), []).append(row)
    if not stored:
        what = "".join([f" of bonus {bonus}" if bonus else "", f" at level {level}" if level else ""])
        ask = f"graphsvc why-not {month} {partner_id} --level {level or 1}"
        raise Refused(Code.LINE_UNKNOWN, f"{partner_id} has no line{what} in {month}; `{ask}` says why.")
    found: list[Explanation] = []
    here = _Place(database, month, closed["run_id"], plan, standing)
    parts = any(row["adjusts"] for rows in stored.values() for row in rows)
    stand = reversals.standing(database, here.run_id, month, plan) if parts else None
    for rows in stored.values():
        made = [row for row in rows if not row["adjusts"]]
        found += _made(here, made, shown) if made else []
        if stand is not None:
            found += [_simple(here, row, reversals.told(database, here.run_id, stand, row)) for row in rows if row["adjusts"]]
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an explanation looks: the closed run, and the partner's standing in it."""

    database: Database
    month: str
    run_id: str
    plan: CompiledPlan
    standing: Row


def _made(here: _Place, rows: list[Row], shown: int) -> list[Explanation]:
    """The lines of one bonus, step and class that the period made or released, explained."""
    database, month, plan = here.database, here.month, here.plan
    name, number, class_ = (rows[0][key] for key in ("bonus", "level", "class"))
    deduction = next((d for d in plan.deductions if d.name == name), None)
    if deduction is not None:
        return [_simple(here, row, aside.deducted(database, here.run_id, plan, deduction, row)) for row in rows]
    found: list[Explanation] = []
    made_here = [row for row in rows if not row["source_id"].startswith(RELEASED)]
    chosen = bonus_of(plan, name)
    if isinstance(chosen, Walk) and made_here:
        explained = _explain(database, month, here.run_id, plan, chosen, number, class_, here.standing, made_here, shown)
        read = awards.closed_read(database, plan, month, chosen.source.rules, chosen.spans)
        found.append(dataclasses.replace(explained, facts=[*explained.facts, *read, *_cuts(here, made_here)]))
    elif isinstance(chosen, Award):
        asked = awards.Asked(database, here.run_id, month, plan, chosen, number, here.standing)
        tell = binary.told if chosen.kind == "binary" else awards.told
        found += [_simple(here, row, tell(asked)) for row in made_here]
    released = [row for row in rows if row not in made_here]
    return found + [_simple(here, row, aside.released(database, month, plan, row["partner_id"], row)) for row in released]


def _cuts(here: _Place, rows: list[Row]) -> list[str]:
    """What limits cut of these lines."""
    if all(row["amount_minor"] == row["earned_minor"] for row in rows):
        return []
    kept = {row["source_id"] for row in rows}
    row = rows[0]
    fates = aside.fates(here.database, here.run_id, row["partner_id"], row["bonus"], row["level"], row["class"])
    return aside.cuts(here.plan, [fate for fate in fates if fate["fate"] == "paid" and fate["source_id"] in kept])


def _simple(here: _Place, row: Row, told: awards.Told) -> Explanation:
    """A line that was not walked to: its facts stand for its sources."""
    return Explanation(
        month=here.month,
        plan=here.plan.name,
        plan_version=here.plan.version,
        run_id=here.run_id,
        partner_id=row["partner_id"],
        bonus=row["bonus"],
        level=row["level"],
        rule=told.rule,
        base_of="number",
        base=row["base"],
        base_minor=row["base_minor"],
        rate_ppm=told.rate_ppm,
        rounding=here.plan.rounding,
        amount_minor=row["amount_minor"],
        computed_minor=told.computed_minor,
        currency=here.plan.currency,
        lines=1,
        source_count=0,
        sources=[],
        source_class=row["class"],
        earned_minor=row["earned_minor"],
        facts=told.facts + _cuts(here, [row]),
        source_ids=[row["source_id"]],
    )


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


def place_of(database: Database, run_id: str, bonus: Walk, standing: Row) -> int | None:
    """At which level of the bonus's tree a partner stands; None where it has no place there."""
    if bonus.source.tree == "sponsor":
        return int(standing["level"])
    place = database.one("explain.place", run_id=run_id, tree=bonus.source.tree, seq=standing["seq"])
    return None if place is None else int(place["level"])


def fed(
    database: Database,
    run_id: str,
    bonus: Walk,
    level: int,
    class_: str | None,
    standing: Row,
    *,
    shown: int = 1,
    orders: Iterable[str] = (),
) -> tuple[Pay | None, feed.Feed]:
    """By which pay code a partner is paid at a step of a bonus (of one source class, or of any), and everything that fed that."""
    at = place_of(database, run_id, bonus, standing)
    arrived = path.at_partner(database, run_id, bonus, standing["seq"], at) if at is not None else []
    pay: Pay | None = None
    places: dict[int, int] = {}
    for row in arrived:
        code, told = row["move"] // words.MILLION, bonus.source.classes[(row["state"] - 1) // bonus.states]
        if code and bonus.pays[code - 1].level == level and class_ in (None, told):
            pay = bonus.pays[code - 1]
            places[standing["seq"] * feed.STATE + row["state"]] = row["move"]
    return pay, feed.feed(database, run_id, bonus, at or 0, places, shown=shown, orders=orders)


def _explain(
    database: Database,
    month: str,
    run_id: str,
    plan: CompiledPlan,
    bonus: Walk,
    level: int,
    class_: str,
    standing: Row,
    rows: list[Row],
    shown: int,
) -> Explanation:
    # Of several lines, one an order, those that stand: what limits cut to nothing is told beside them.
    orders = [row["source_id"] for row in rows] if bonus.lines == "order" else []
    pay, found = fed(database, run_id, bonus, level, class_, standing, shown=shown, orders=orders)
    parts = found.named if bonus.lines == "order" else [found.base]
    walked = path.ways(database, run_id, plan, bonus, found)
    return Explanation(
        month=month,
        plan=plan.name,
        plan_version=plan.version,
        run_id=run_id,
        partner_id=standing["partner_id"],
        bonus=bonus.name,
        level=level,
        rule=words.rule(bonus),
        base_of=bonus.base,
        base=found.base,
        base_minor=amounts.worth(plan, bonus, found.base),
        rate_ppm=pay.rate_ppm if pay else None,
        rounding=plan.rounding,
        amount_minor=sum(row["amount_minor"] for row in rows),
        computed_minor=sum(amounts.owed(plan, pay, part) for part in parts) if pay else 0,
        currency=plan.currency,
        lines=len(rows),
        source_count=found.sources,
        sources=[
            Source(hops[0].partner_id, source.source_id, source.base, amounts.worth(plan, bonus, source.base), hops)
            for source, hops in zip(found.largest, walked, strict=True)
        ],
        source_class=class_,
        earned_minor=sum(row["earned_minor"] for row in rows),
        brought=words.BROUGHT[bonus.source.query],
        facts=words.spanned(bonus, month),
        source_ids=[row["source_id"] for row in rows],
    )
