"""The naive model of a month: what a plan owes, straight from the words of the definitions, and nothing clever.

It walks up from every single source to every payee, knows no fold, no batch and no database, and keeps exact fractions
until a line is rounded. It judges the engine: where both differ, one of them is wrong, and this one can be read in one go.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from zoneinfo import ZoneInfo

from graphsvc import money
from graphsvc.plan.compiled import ACTIVE, EVERY_ACTIVE, CompiledPlan, Metric, Unilevel
from tests.records import Network, Order, Partner, Rate, Refund

MILLION = 10**6
COLUMNS = ("window", "qv", "money", "orders", "customer_qv", "paying_customers")


@dataclass(frozen=True)
class Source:
    """An order line as a period counts it: what is left of its volumes there after the refunds of that period."""

    order: Order
    qv: int
    cv: int
    money: int

    @property
    def id(self) -> str:
        return f"{self.order.id}/{self.order.line}"


@dataclass(frozen=True, order=True)
class Line:
    """What a payee is owed at one level of one bonus; `source_id` is empty unless each order makes a line of its own."""

    partner_id: str
    bonus: str
    level: int
    source_id: str
    base: int
    base_minor: int
    rate_ppm: int
    amount_minor: int
    currency: str


@dataclass(frozen=True)
class Breakage:
    """What a level could have paid (rounded by the rule), and what it paid."""

    bonus: str
    level: int
    base_minor: int
    possible_minor: int
    paid_minor: int


@dataclass
class Result:
    """A month by the model. `met`: who meets the conditions of activity now; `active`: who is active, by grace too."""

    lines: list[Line]
    breakage: list[Breakage]
    met: dict[str, bool]
    active: dict[str, bool]
    members: int
    month: Month


def rounded(value: Fraction, rule: str) -> int:
    """A whole number by `half_up`, `half_even` or `down`, each of the absolute value."""
    size = abs(value)
    whole = size.numerator // size.denominator
    rest = size - whole
    up = rule == "half_up" and rest >= Fraction(1, 2)
    up |= rule == "half_even" and (rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1))
    return (whole + up) * (-1 if value < 0 else 1)


def next_month(month: str, step: int = 1) -> str:
    """The month `step` months later (or earlier)."""
    months = int(month[:4]) * 12 + int(month[5:]) - 1 + step
    return f"{months // 12:04}-{months % 12 + 1:02}"


class Month:
    """One month of one plan on one network; `closed` holds who met the conditions in earlier closed months."""

    def __init__(
        self,
        network: Network,
        plan: CompiledPlan,
        month: str,
        *,
        rates: Iterable[Rate] = (),
        closed: Mapping[str, dict[str, bool]] | None = None,
    ) -> None:
        self.network, self.plan, self.month = network, plan, month
        self.rates = {(r.month, r.source, r.target): Fraction(r.rate) for r in rates}
        self.zone = ZoneInfo(plan.time_zone)
        self.end = self.instant(f"{next_month(month)}-01")
        self.partners = {p.id: p for p in network.partners}
        self.refunds: dict[str, list[Refund]] = defaultdict(list)
        for refund in network.refunds:
            self.refunds[refund.order].append(refund)
        self.children: dict[str, list[str]] = {p.id: [] for p in network.partners}
        for partner in network.partners:
            if partner.sponsor is not None:
                self.children[partner.sponsor].append(partner.id)
        self.met: dict[str, bool] = {}
        self.active: dict[str, bool] = {}
        earlier = [next_month(month, -n) for n in range(1, plan.grace_periods + 1)]
        for partner_id in sorted(self.partners, key=lambda p: -len(self.path(p))):  # the lowest first: conditions look down
            able = self.is_able(self.partners[partner_id])
            self.met[partner_id] = able and self.holds(ACTIVE, partner_id)
            grace = any((closed or {}).get(m, {}).get(partner_id, False) for m in earlier)
            self.active[partner_id] = self.met[partner_id] or (able and grace)

    def instant(self, text: str) -> dt.datetime:
        """The instant of a text; a bare date is that day's first local midnight."""
        if len(text) == 10:
            return dt.datetime.fromisoformat(text).replace(tzinfo=self.zone).astimezone(dt.UTC)
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)

    def month_of(self, instant: dt.datetime) -> str:
        """The period that holds an instant: the last whose first midnight has come."""
        month = f"{instant.astimezone(self.zone):%Y-%m}"
        while self.instant(f"{month}-01") > instant:
            month = next_month(month, -1)
        while self.instant(f"{next_month(month)}-01") <= instant:
            month = next_month(month)
        return month

    def window(self, index: int) -> tuple[dt.datetime | None, dt.datetime]:
        """From when until before when a window of the plan reaches; None: from the beginning."""
        periods = self.plan.windows[index].periods
        return (self.instant(f"{next_month(self.month, 1 - periods)}-01") if periods else None), self.end

    @cached_property
    def counted(self) -> list[tuple[Order, dt.datetime]]:
        """Every paid order line with the instant that it counts at, whatever the period."""
        found = []
        for order in self.network.orders:
            if order.paid_at is not None:
                at = order.placed_at if self.plan.counted_by == "placed_at" and order.placed_at else order.paid_at
                found.append((order, self.instant(at)))
        return found

    @cached_property
    def totals_minor(self) -> dict[str, int]:
        """What each order cost over all its lines."""
        totals: Counter[str] = Counter()
        for order in self.network.orders:
            totals[order.id] += order.amount_minor
        return totals

    def refunded_minor(self, order: Order, at: dt.datetime, before: dt.datetime | None) -> int:
        """What was given back of an order before an instant, as one of its lines sees it: never before the line counts."""
        given = [(max(self.instant(r.refunded_at), at), r.amount_minor) for r in self.refunds[order.id]]
        return sum(minor for when, minor in given if before is not None and when < before)

    def converted_minor(self, order: Order, at: dt.datetime) -> int:
        """An order line's money in the plan's currency, by the rate of the period that counts it."""
        if order.currency == self.plan.currency:
            return order.amount_minor
        rate = self.rates[self.month_of(at), order.currency, self.plan.currency]
        scale = Fraction(10) ** (self.plan.exponent - money.exponent(order.currency))
        return rounded(order.amount_minor * scale * rate, self.plan.rounding)

    def left(self, volume: int, order: Order, at: dt.datetime, span: tuple[dt.datetime | None, dt.datetime]) -> int:
        """What a span counts of one of a line's volumes: the volume if the order is in it, less what refunds in it take."""
        start, end = span
        if at >= end:
            return 0

        def taken(before: dt.datetime | None) -> int:
            total = self.totals_minor[order.id]
            return volume * self.refunded_minor(order, at, before) // total if total else 0

        return (volume if start is None or at >= start else 0) - (taken(end) - taken(start))

    def sources(self, window: int = 0) -> list[Source]:
        """Every order line that leaves something in a window."""
        span, found = self.window(window), []
        for order, at in self.counted:
            minor = self.converted_minor(order, at)
            as_volume = minor * 10 ** (money.VOLUME_DECIMALS - self.plan.exponent)
            qv, cv = self.plan.counts[order.kind]
            volumes = (
                (as_volume if order.qv is None else order.qv) if qv else 0,
                (as_volume if order.cv is None else order.cv) if cv else 0,
                minor,
            )
            source = Source(order, *(self.left(volume, order, at, span) for volume in volumes))
            if source.qv or source.cv or source.money:
                found.append(source)
        return found

    def bought(self, window: int) -> list[Order]:
        """The order lines of a window, but for those of orders given back in full by its end."""
        start, end = self.window(window)
        return [
            order
            for order, at in self.counted
            if (start is None or at >= start) and at < end
            if not 0 < self.totals_minor[order.id] <= self.refunded_minor(order, at, end)
        ]

    @cached_property
    def columns(self) -> list[dict[str, dict[str, int]]]:
        """By window and column: each partner's sum."""
        found = []
        for index in range(len(self.plan.windows)):
            sums: dict[str, dict[str, int]] = {name: dict.fromkeys(self.partners, 0) for name in COLUMNS}
            for source in self.sources(index):
                seller = source.order.partner
                sums["qv"][seller] += source.qv
                sums["money"][seller] += source.money
                sums["customer_qv"][seller] += source.qv if source.order.customer else 0
            orders, payers = defaultdict(set), defaultdict(set)
            for order in self.bought(index):
                orders[order.partner].add(order.id)
                payers[order.partner] |= {order.customer} - {None}
            for partner in self.partners:
                sums["orders"][partner] = len(orders[partner])
                sums["paying_customers"][partner] = len(payers[partner])
            found.append(sums)
        return found

    @cached_property
    def team(self) -> list[dict[str, int]]:
        """By window: each partner's TV, PV plus the PV of everybody below."""
        found = [dict.fromkeys(self.partners, 0) for _ in self.plan.windows]
        for index, total in enumerate(found):
            for seller, qv in self.columns[index]["qv"].items():
                for above in self.path(seller):
                    total[above] += qv
        return found

    def path(self, partner: str) -> list[str]:
        """The partner and everybody above, nearest first."""
        found, at = [], partner
        while at is not None:
            found.append(at)
            at = self.partners[at].sponsor
        return found

    def below(self, partner: str, depth: int) -> list[str]:
        """Everybody below to a depth (-1: all of them)."""
        found, row = [], self.children[partner]
        while row and depth:
            found += row
            row, depth = [c for p in row for c in self.children[p]], depth - 1
        return found

    def is_able(self, partner: Partner) -> bool:
        """Whether the partner has joined and is neither suspended nor terminated."""
        return self.instant(partner.joined_at) < self.end and partner.status == "active"

    def value(self, metric: Metric, partner_id: str) -> int:
        """A metric of a partner; metrics of the active look at partners below, who are known by then."""
        partner, kind = self.partners[partner_id], metric.kind
        if kind == "sum":
            return self.columns[metric.window][COLUMNS[metric.column]][partner_id]
        sums = {name: by[partner_id] for name, by in self.columns[metric.window].items()}
        legs = sorted((self.team[metric.window][c] for c in self.children[partner_id]), reverse=True)
        if kind == "average":
            return rounded(Fraction(sums["money"], sums["orders"]), "down") if sums["orders"] else 0
        if kind == "share":
            return rounded(Fraction(sums["customer_qv"] * MILLION, sums["qv"]), "down") if sums["qv"] > 0 else 0
        if kind == "customers":
            return sum(c.partner == partner_id and self.instant(c.joined_at) < self.end for c in self.network.customers)
        if kind == "months":
            joined = self.instant(partner.joined_at).astimezone(self.zone).date()
            last = dt.date.fromisoformat(f"{next_month(self.month)}-01") - dt.timedelta(days=1)
            return max(0, (last.year - joined.year) * 12 + last.month - joined.month - (last.day < joined.day))
        if kind == "listed":
            what, values = self.plan.lists[metric.argument]
            return int(getattr(partner, what) in values)
        if kind == "tv":
            return self.team[metric.window][partner_id]
        if kind == "leg":
            return legs[metric.argument - 1] if metric.argument <= len(legs) else 0
        if kind == "outside_legs":
            return sum(legs[metric.argument :])
        if kind == "legs_with":
            return sum(leg >= metric.argument for leg in legs)
        if kind in ("active_frontline", "active_downline"):
            depth = 1 if kind == "active_frontline" else metric.argument
            return sum(self.active[p] for p in self.below(partner_id, depth))
        raise AssertionError(f"no metric {kind}")

    def holds(self, condition: int, partner_id: str) -> bool:
        """Whether every clause holds: at least one of its tests."""
        return all(
            any(self.value(self.plan.metrics[test.metric], partner_id) >= test.need for test in clause)
            for clause in self.plan.conditions[condition].clauses
        )

    def is_open(self, bonus: Unilevel, level: int, partner_id: str) -> bool:
        """Whether a level pays this partner: the active who meet its condition."""
        condition = bonus.levels[level - 1].condition
        return self.active[partner_id] and (condition == EVERY_ACTIVE or self.holds(condition, partner_id))

    def payees(self, bonus: Unilevel, seller: str) -> list[str | None]:
        """Who is paid at level 1, 2, … for what a partner sold, by walking up once."""
        above = self.path(seller)[0 if bonus.first_level == "seller" else 1 :]
        levels = range(1, len(bonus.levels) + 1)
        if bonus.compression == "standard":
            above = [p for p in above if not self.vanishes(bonus, p)]
        if bonus.compression in ("none", "standard"):
            return [above[k - 1] if k <= len(above) and self.is_open(bonus, k, above[k - 1]) else None for k in levels]
        if bonus.compression == "roll_up":
            return [next((p for p in above[k - 1 :] if self.is_open(bonus, k, p)), None) for k in levels]
        assert bonus.compression == "dynamic"
        found: list[str | None] = []
        for partner in above:
            if len(found) < len(bonus.levels) and self.is_open(bonus, len(found) + 1, partner):
                found.append(partner)
        return found + [None] * (len(bonus.levels) - len(found))

    def vanishes(self, bonus: Unilevel, partner_id: str) -> bool:
        return not (self.active[partner_id] if bonus.vanish == ACTIVE else self.holds(bonus.vanish, partner_id))

    def takes(self, bonus: Unilevel, source: Source) -> bool:
        """Whether a bonus pays on an order line of this kind and category."""
        return source.order.kind in bonus.kinds and (
            bonus.categories is None or (source.order.category or "") in bonus.categories
        )

    def amounts(self, bonus: Unilevel, level: int, base: int) -> tuple[int, int, int]:
        """A base in minor units, base × value × rate, each rounded once, here, and the rate."""
        worth, rate_ppm = base * Fraction(bonus.value_numerator, bonus.value_denominator), bonus.levels[level - 1].rate_ppm
        exact = worth * Fraction(rate_ppm, MILLION) / self.plan.unit_minor
        return rounded(worth, self.plan.rounding), rounded(exact, self.plan.rounding) * self.plan.unit_minor, rate_ppm

    def paid(self, bonus: Unilevel) -> tuple[list[Line], list[Breakage]]:
        """The lines of a bonus and its breakage by level."""
        owed: dict[tuple[str, int, str], int] = defaultdict(int)
        total = 0
        walks: dict[str, list[str | None]] = {}
        for source in self.sources():
            if not self.takes(bonus, source):
                continue
            base = {"qv": source.qv, "cv": source.cv, "money": source.money}[bonus.base]
            total += base
            seller = source.order.partner
            if seller not in walks:
                walks[seller] = self.payees(bonus, seller)
            for level, payee in enumerate(walks[seller], 1):
                if payee is not None:
                    owed[payee, level, source.id if bonus.lines == "order" else ""] += base
        lines, breakage = [], []
        for (payee, level, source_id), base in owed.items():
            worth_minor, amount_minor, rate_ppm = self.amounts(bonus, level, base)
            if amount_minor:
                line = Line(payee, bonus.name, level, source_id, base, worth_minor, rate_ppm, amount_minor, self.plan.currency)
                lines.append(line)
        for level in range(1, len(bonus.levels) + 1):
            worth_minor, possible_minor, _ = self.amounts(bonus, level, total)
            paid_minor = sum(line.amount_minor for line in lines if line.level == level)
            breakage.append(Breakage(bonus.name, level, worth_minor, possible_minor, paid_minor))
        return lines, breakage

    def reached(self, bonus: Unilevel, level: int, partner_id: str) -> bool:
        """Whether a level of a bonus brought a partner anything, whatever it rounds to."""
        by_seller: dict[tuple[str, str], int] = {}
        for source in self.sources():
            if self.takes(bonus, source) and self.payees(bonus, source.order.partner)[level - 1] == partner_id:
                key = (source.order.partner, f"{source.order.id}/{source.order.line}" if bonus.lines == "order" else "")
                by_seller[key] = by_seller.get(key, 0) + {"qv": source.qv, "cv": source.cv, "money": source.money}[bonus.base]
        return any(by_seller.values())

    def result(self) -> Result:
        """Everything the month comes to, lines sorted as the export sorts them."""
        lines, breakage = [], []
        for bonus in self.plan.bonuses:
            found, lost = self.paid(bonus)
            lines += found
            breakage += lost
        members = sum(self.instant(p.joined_at) < self.end for p in self.network.partners)
        return Result(sorted(lines), breakage, self.met, self.active, members, self)


def months(network: Network, plans: Sequence[tuple[str, CompiledPlan]], *, rates: Collection[Rate] = ()) -> dict[str, Result]:
    """Several months closed one after another, each with the plan in force then; earlier ones give grace to later ones."""
    results: dict[str, Result] = {}
    for month, plan in plans:
        closed = {earlier: result.met for earlier, result in results.items()}
        results[month] = Month(network, plan, month, rates=rates, closed=closed).result()
    return results
