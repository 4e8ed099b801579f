"""The binary bonus (mechanics, section 6): two legs with what they carried, what is paired, what is paid, what goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.model.exact import MILLION, rounded, thousandths
from tests.model.pools import counted
from tests.model.rates import Slices, leaf, share
from tests.model.state import Line

if TYPE_CHECKING:
    from tests.model.month import Month

Bonus = dict[str, Any]
Lots = dict[int, int]  # number of the period of origin -> volume
LEFT, RIGHT = 0, 1


@dataclass(frozen=True)
class Paired:
    """What one pairing did: how much left the lesser leg and the greater, in how many units, and what that is worth exactly."""

    step: int
    lesser: int
    greater: int
    units: int
    exact: Fraction


def leg_volume(m: Month, bonus: Bonus, payee: str, leg: int) -> int:
    """The volume of everybody on one leg in the period."""
    head = m.legs(payee, bonus["tree"]).get(leg + 1)
    team: set[str] = {head, *m.below(head, -1, bonus["tree"])} if head else set()
    return sum(m.columns("period")[bonus["volume"]][p] for p in team)


def settled(lots: Lots, used: int) -> Lots:
    """Lots of a leg after so much of it was used, the oldest first.

    Decided: volume below nothing uses up what is above nothing in the same way; what then is left below nothing is the newest's.
    """
    left = sum(lots.values()) - used
    debt = used - sum(v for v in lots.values() if v < 0)
    if left <= 0:
        return {max(lots): left} if left else {}
    found = {}
    for origin, volume in sorted(lots.items()):
        if volume > 0:
            taken = min(volume, debt)
            debt -= taken
            if volume > taken:
                found[origin] = volume - taken
    return found


def carried_on(m: Month, bonus: Bonus, lots: Lots) -> Lots:
    """What of a leg's lots the next period starts with: not what expires, and above the limit not the oldest.

    Decided: a lot serves in the n periods after its own; a leg's limit is the leg's own.
    """
    expires, limit = bonus["carry"]["expires"], bonus["carry"]["limit"]
    if isinstance(expires, dict):
        lots = {origin: v for origin, v in lots.items() if m.after.number - origin < int(expires["periods"])}
    if limit != "none":
        over = sum(lots.values()) - thousandths(limit)
        for origin in sorted(lots):
            taken = max(0, min(lots[origin], over))
            over -= taken
            lots = {**lots, origin: lots[origin] - taken}
    return {origin: volume for origin, volume in lots.items() if volume}


def binary(m: Month, bonus: Bonus) -> list[Line]:
    """The pairings of everybody with a place in the tree, with the state of both legs left for the next period.

    Decided: who is inactive or does not qualify pairs nothing; both legs are carried, unless `inactive: lost` takes all of an
    inactive partner's.
    """
    before: dict[str, tuple[Lots, Lots]] = m.before.bonuses.get(bonus["name"], {})
    found: list[Line] = []
    after: dict[str, tuple[Lots, Lots]] = {}
    for payee in m.partners:
        legs = [dict(lots) for lots in before.get(payee, ({}, {}))]
        placed = payee in m.parents(bonus["tree"])
        for leg in (LEFT, RIGHT):
            legs[leg][m.after.number] = leg_volume(m, bonus, payee, leg) if placed else 0
        _join_own(bonus, legs, m.columns("period")[bonus["volume"]][payee] if placed else 0)
        if not m.is_active(payee) and bonus["carry"]["inactive"] == "lost":
            continue
        used = [0, 0]
        if placed and _may_pair(m, bonus, payee):
            for paired, paid_minor, lesser in pairings(m, bonus, payee, legs):
                used[lesser] += paired.lesser
                used[1 - lesser] += paired.greater
                if paid_minor:
                    rate = Fraction(paired.exact, paired.lesser * m.worth(bonus["volume"])) if _is_rate(bonus, paired) else None
                    plain = rate is not None and (rate * MILLION).denominator == 1 and paid_minor == m.amount(paired.exact)
                    base_minor = rounded(paired.lesser * m.worth(bonus["volume"]), m.rule)
                    found.append(
                        Line(
                            *(payee, bonus["name"], paired.step, "", "", paired.lesser, base_minor),
                            *(int(rate * MILLION) if plain and rate is not None else None, paid_minor, m.currency),
                        )
                    )
        after[payee] = tuple(carried_on(m, bonus, settled(legs[leg], used[leg])) for leg in (LEFT, RIGHT))  # type: ignore[assignment]
    m.after.bonuses[bonus["name"]] = after
    return found


def _may_pair(m: Month, bonus: Bonus, payee: str) -> bool:
    return m.is_active(payee) and (isinstance(bonus.get("unqualified"), dict) or m.meets(bonus["qualified"], payee))


def _is_rate(bonus: Bonus, paired: Paired) -> bool:
    pay = bonus["pay"]
    return paired.lesser != 0 and (
        "percent" in pay or ("units" in pay and "rate" in pay["units"]["pairings"][paired.step - 1]["pays"])
    )


def _join_own(bonus: Bonus, legs: list[Lots], own: int) -> None:
    """Own PV joins a leg; the lesser is told with what was carried, the left one on a tie."""
    if bonus["own_pv"] == "neither":
        return
    totals = [sum(lots.values()) for lots in legs]
    lesser = RIGHT if totals[RIGHT] < totals[LEFT] else LEFT
    leg = {"lesser": lesser, "left": LEFT, "right": RIGHT}[bonus["own_pv"]]
    newest = max(legs[leg])
    legs[leg][newest] += own


def pairings(m: Month, bonus: Bonus, payee: str, legs: list[Lots]) -> Iterator[tuple[Paired, int, int]]:
    """Each pairing with what it pays under the cap, and which leg was the lesser.

    Decided: in turn, which leg is the lesser is told anew for each pairing, the left one on a tie.
    """
    totals = [sum(lots.values()) for lots in legs]
    room = Room(m, bonus, payee)
    pay = bonus["pay"]
    if "units" not in pay:
        lesser = RIGHT if totals[RIGHT] < totals[LEFT] else LEFT
        if totals[lesser] > 0:
            paired = _step(m, bonus, payee, totals[lesser]) if "steps" in pay else _percent(m, bonus, payee, totals[lesser])
            yield from room.paid(paired, lesser)
        return
    choices = list(enumerate(pay["units"]["pairings"], 1))
    if pay["units"]["taken"] == "first_whole":
        low, high = sorted(totals)
        whole = [c for c in choices if low // thousandths(c[1]["lesser"]) <= high // thousandths(c[1]["greater"])]
        choices = [whole[0] if whole else choices[-1]]
    for step, pairing in choices:
        lesser = RIGHT if totals[RIGHT] < totals[LEFT] else LEFT
        if totals[lesser] <= 0:
            return
        n, greater = thousandths(pairing["lesser"]), thousandths(pairing["greater"])
        units = min(totals[lesser] // n, totals[1 - lesser] // greater)
        worth = _unit_worth(m, bonus, payee, pairing, n)
        for paired, paid_minor, which in room.paid(Paired(step, units * n, units * greater, units, units * worth), lesser):
            totals[which] -= paired.lesser
            totals[1 - which] -= paired.greater
            yield paired, paid_minor, which


def _unit_worth(m: Month, bonus: Bonus, payee: str, pairing: dict[str, Any], n: int) -> Fraction:
    """What one unit pays: a sum, or a rate of its lesser side."""
    if "sum" in pairing["pays"]:
        return Fraction(leaf(m, pairing["pays"]["sum"], payee, money=True) or 0)
    return share(leaf(m, pairing["pays"]["rate"], payee), n) * m.worth(bonus["volume"])


def _step(m: Month, bonus: Bonus, payee: str, lesser: int) -> Paired:
    reached = [
        (thousandths(s["volume"]), n, s) for n, s in enumerate(bonus["pay"]["steps"], 1) if thousandths(s["volume"]) <= lesser
    ]
    if not reached:
        return Paired(1, 0, 0, 0, Fraction(0))
    volume, number, step = max(reached, key=lambda found: found[:2])
    return Paired(number, volume, volume, 1, Fraction(leaf(m, step["sum"], payee, money=True) or 0))


def _percent(m: Month, bonus: Bonus, payee: str, lesser: int) -> Paired:
    rate = leaf(m, bonus["pay"]["percent"], payee)
    return Paired(1, lesser, lesser, 1, share(rate, lesser) * m.worth(bonus["volume"]))


class Room:
    """What a payee's cap leaves in the period, over all pairings. Decided: for whom the cap says nothing is not capped."""

    def __init__(self, m: Month, bonus: Bonus, payee: str) -> None:
        self.m, self.bonus, cap = m, bonus, bonus["cap"]
        self.left: int | None = None
        if isinstance(cap, dict) and cap["per"] == "money":
            given = leaf(m, cap["values"], payee, money=True)
            self.left = None if given is None else int(given)
        elif isinstance(cap, dict):
            self.left = counted(m, cap["values"], payee)

    def paid(self, paired: Paired, lesser: int) -> Iterator[tuple[Paired, int, int]]:
        """The pairing as the cap lets it be, and what it pays; nothing where nothing is paired."""
        cap = self.bonus["cap"]
        if self.left is not None and cap["above"] == "kept":
            paired = self._fitting(paired)
        if not paired.lesser:
            return
        exact = paired.exact
        if self.left is None:
            yield paired, self.m.amount(exact), lesser
            return
        if cap["per"] == "money":
            paid_minor = min(self.m.amount(exact), self.left)
            self.left -= paid_minor
        else:
            units = min(paired.units, self.left)
            paid_minor = self.m.amount(exact * units / paired.units)
            self.left -= units
        yield paired, paid_minor, lesser

    def _fitting(self, paired: Paired) -> Paired:
        """Only what fits whole: units that do, a step if it does, of a percentage the volume that it pays for."""
        assert self.left is not None
        if not paired.units:
            return paired
        if "percent" in self.bonus["pay"]:
            if paired.exact <= self.left:
                return paired
            rate: Any = paired.exact / paired.lesser
            assert not isinstance(rate, Slices)
            volume = int(self.left / rate)
            return Paired(paired.step, volume, volume, 1, rate * volume)
        each = paired.exact / paired.units
        fits = self.left if self.bonus["cap"]["per"] == "units" else int(self.left / each) if each else paired.units
        units = min(paired.units, fits)
        n, greater = paired.lesser // paired.units, paired.greater // paired.units
        return Paired(paired.step, units * n, units * greater, units, units * each)
