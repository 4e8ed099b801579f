"""The lines of bonuses that walk a tree (mechanics, sections 3 to 5 and 7): what enters, who is paid, each sum rounded once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.model.exact import rounded
from tests.model.rates import class_of, highest, leaf, named_classes, share, shown, told_apart_by
from tests.model.state import Breakage, Line
from tests.model.volumes import Source
from tests.model.walks import Hop, hops, steps_of, tree_of

if TYPE_CHECKING:
    from tests.model.month import Month

Bonus = dict[str, Any]


@dataclass(frozen=True)
class Entering:
    """What enters a bonus's tree: at whom, of which class, as which source of a line, how much."""

    partner: str
    class_: str
    source_id: str
    base: int
    source: Source | None = None  # where it is an order


def entering(m: Month, bonus: Bonus, among: list[Source] | None = None) -> Iterator[Entering]:
    """Everything that a walking bonus walks up with; of orders, those `among` others than the period's where these are given."""
    kind = bonus["kind"]
    if kind == "recruit":
        yield from _recruits(m, bonus)
    elif kind == "action":
        for event in m.network.events:
            counts = event.kind == bonus["event"] and event.accepted
            if counts and m.period_of(m.instant(event.happened_at)) == m.period and m.has_place(event.partner, bonus["tree"]):
                yield Entering(event.partner, "", "", 1)
    elif kind == "matching":
        for line in m.lines_of(bonus):
            class_ = class_of(m.partners[line.partner_id].type, classes(bonus)) if "rates_by" in bonus else ""
            if class_ != "other" or has_other(bonus):
                yield Entering(line.partner_id, class_, "", line.amount_minor)
    else:
        rates_by = bonus.get("rates_by")
        for source in m.taken_by(bonus, bonus["sources"], among):
            partner = m.enters_at(source, bonus["tree"], bonus["base"])
            class_ = class_of(told_apart_by(m, rates_by, source, partner), classes(bonus)) if rates_by and partner else ""
            # Decided: what no rate of the bonus names is no source of it; a seller's type is that of whose the volume is.
            if partner is not None and (class_ != "other" or has_other(bonus)):
                source_id = source.id if bonus["lines"] == "order" else ""
                yield Entering(partner, class_, source_id, source.base(bonus["base"]), source)


def _recruits(m: Month, bonus: Bonus) -> Iterator[Entering]:
    """Who meets the condition for the first time. Decided: partners who have not joined yet do not; others do once, wherever
    they stand and whether anybody is paid for them or not."""
    done: set[str] = set(m.before.bonuses.get(bonus["name"], ()))
    named = classes(bonus)
    for partner in m.partners:
        if partner not in done and m.is_member(partner) and m.holds(bonus["counts_when"], partner):
            done.add(partner)
            class_ = class_of(m.partners[partner].type, named) if "sums_by" in bonus else ""
            if m.has_place(partner, bonus["tree"]):
                yield Entering(partner, class_, "", 1)
    m.after.bonuses[bonus["name"]] = done


def classes(bonus: Bonus) -> set[str]:
    """The classes of sources that a bonus's rates or sums name."""
    if "levels" in bonus or "generations" in bonus:
        return named_classes(step.get("rate", step.get("sum")) for step in steps_of(bonus))
    return named_classes([bonus.get("rates", bonus.get("rate"))])


def has_other(bonus: Bonus) -> bool:
    """Whether a tree of a bonus has a rate for sources that it does not name."""
    trees = [s.get("rate", s.get("sum")) for s in steps_of(bonus)] if "levels" in bonus or "generations" in bonus else []
    trees += [bonus[key] for key in ("rate", "rates") if key in bonus]
    return any(isinstance(tree, dict) and tree["by"] == "source" and "other" in tree["values"] for tree in trees)


def worth(m: Month, bonus: Bonus) -> Fraction:
    """What one unit of a bonus's base is in minor units; a count has no worth of its own."""
    if bonus["kind"] in ("recruit", "action"):
        return Fraction(0)
    return Fraction(1) if bonus["kind"] == "matching" else m.worth(bonus["base"])


def walked(m: Month, bonus: Bonus) -> tuple[list[Line], list[Breakage]]:
    """The lines of a walking bonus, and of a unilevel its breakage by level."""
    owed: dict[tuple[Hop, str, str], int] = defaultdict(int)
    entered: dict[str, int] = defaultdict(int)
    walks: dict[tuple[str, str], list[Hop]] = {}
    m.owed[bonus["name"]] = owed
    for unit in entering(m, bonus):
        entered[unit.class_] += unit.base
        key = (unit.partner, unit.class_)
        if key not in walks:
            walks[key] = ways(m, bonus, *key)
        for hop in walks[key]:
            owed[hop, unit.class_, unit.source_id] += unit.base
    lines = list(_priced(m, bonus, owed.items()))
    return lines, list(_breakage(m, bonus, entered, lines)) if bonus["kind"] == "unilevel" else []


def ways(m: Month, bonus: Bonus, partner: str, class_: str) -> list[Hop]:
    """Everybody paid for what enters at a partner."""
    return [_plain(hop) for hop in hops(m, bonus, partner, class_)]


def _plain(hop: Hop) -> Hop:
    """A hop without its tree, which its step and class name again."""
    return Hop(hop.payee, hop.step, None, hop.margin)


def _priced(m: Month, bonus: Bonus, owed: Iterable[tuple[tuple[Hop, str, str], int]]) -> Iterator[Line]:
    for key, base in owed:
        line = priced(m, bonus, key, base)
        if line.amount_minor:
            yield line


def priced(m: Month, bonus: Bonus, key: tuple[Hop, str, str], base: int) -> Line:
    """The line that a base makes, of 0 too."""
    hop, class_, source_id = key
    if hop.margin is not None:
        rate: Any = hop.margin
    elif bonus["kind"] == "infinity":
        rate = leaf(m, tree_of(bonus, class_), hop.payee)
    else:
        sums = bonus["kind"] in ("recruit", "action")
        rate = leaf(m, tree_of(steps_of(bonus)[hop.step - 1], class_), hop.payee, money=sums)
    if bonus["kind"] in ("recruit", "action"):
        amount_minor, rate_ppm = m.amount(base * (rate or Fraction(0))), None
    else:
        amount_minor, rate_ppm = m.amount(share(rate, base) * worth(m, bonus)), shown(rate)
    base_minor = rounded(base * worth(m, bonus), m.rule)
    return Line(hop.payee, bonus["name"], hop.step, class_, source_id, base, base_minor, rate_ppm, amount_minor, m.currency)


def _breakage(m: Month, bonus: Bonus, entered: dict[str, int], lines: list[Line]) -> Iterator[Breakage]:
    """By level: the base of all sources × its highest rate (of their class), and what it paid."""
    for level, step in enumerate(bonus["levels"], 1):
        possible = Fraction(0)
        for class_, base in entered.items():
            tree = tree_of(step, class_)
            possible += base * highest(tree) if tree is not None else 0
        paid_minor = sum(line.amount_minor for line in lines if line.level == level)
        base_minor = rounded(sum(entered.values()) * worth(m, bonus), m.rule)
        yield Breakage(bonus["name"], level, base_minor, m.amount(possible * worth(m, bonus)), paid_minor)


def reached(m: Month, bonus: Bonus, level: int, partner: str) -> bool:
    """Whether a level of a unilevel bonus brought a partner anything, whatever it rounds to."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for unit in entering(m, bonus):
        if any((hop.payee, hop.step) == (partner, level) for hop in hops(m, bonus, unit.partner, unit.class_)):
            found[unit.partner, unit.source_id] += unit.base
    return any(found.values())
