"""What a period's orders come to (mechanics, section 1): what counts when, what refunds take back, what each partner sold."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from graphsvc import money
from tests.model import calendar
from tests.model.exact import rounded
from tests.records import Network, Order, Rate, Refund

COUNTS = {"qv": (True, False), "cv": (False, True), "both": (True, True), "neither": (False, False)}
Span = tuple[dt.datetime | None, dt.datetime]
Window = Any  # period | {last: n} | since_joining


@dataclass(frozen=True)
class Source:
    """An order line as a period counts it: what is left of its volumes there after the refunds of that period."""

    order: Order
    at: dt.datetime
    qv: int
    cv: int
    money: int

    @property
    def id(self) -> str:
        return f"{self.order.id}/{self.order.line}"

    def base(self, name: str) -> int:
        return int(getattr(self, name))


def spanned(window: Window) -> int:
    """How many periods a window spans; 0 for all time."""
    return {"period": 1, "since_joining": 0}[window] if isinstance(window, str) else int(window["last"])


class Volumes:
    """The orders of a network as one plan's period counts them."""

    def __init__(self, network: Network, plan: dict[str, Any], period: str, rates: Iterable[Rate] = ()) -> None:
        self.network, self.plan, self.period = network, plan, period
        self.currency, self.rule = plan["currency"], plan["rounding"]["rule"]
        self.exponent = money.exponent(self.currency)
        self.unit_minor = 10**self.exponent if plan["rounding"]["to"] == "whole" else 1
        self.rates = {(r.month, r.source, r.target): Fraction(r.rate) for r in rates}
        self.zone = ZoneInfo(plan["time_zone"])
        for name in ("midnight", "instant", "period_of", "refunded_minor"):  # each answer worked out once
            setattr(self, name, cache(getattr(self, name)))
        self.end = self.midnight(calendar.first_day(calendar.later(period)))
        self.last_day = calendar.first_day(calendar.later(period)) - dt.timedelta(1)
        self.partners = {p.id: p for p in network.partners}
        self.refunds: dict[str, list[Refund]] = defaultdict(list)
        for refund in network.refunds:
            self.refunds[refund.order].append(refund)
        self.closed: list[str] = []  # the periods closed before this one, in order
        self.history: list[Any] = []  # and those periods themselves
        self._sources: dict[int, list[Source]] = {}
        self._counts: dict[int, list[Source]] = {}
        self._columns: dict[int, dict[str, dict[str, int]]] = {}

    def midnight(self, day: dt.date) -> dt.datetime:
        """A day's first local midnight."""
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)

    def instant(self, text: str) -> dt.datetime:
        """The instant of a text; a bare date is that day's first local midnight."""
        if len(text) == 10:
            return self.midnight(dt.date.fromisoformat(text))
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)

    def period_of(self, instant: dt.datetime) -> str:
        """The period that holds an instant: the last whose first midnight has come."""
        period = calendar.of_day(self.plan["calendar"], instant.astimezone(self.zone).date())
        while self.midnight(calendar.first_day(period)) > instant:
            period = calendar.later(period, -1)
        while self.midnight(calendar.first_day(calendar.later(period))) <= instant:
            period = calendar.later(period)
        return period

    def span(self, window: Window) -> Span:
        """From when until before when a window reaches; None: from the beginning."""
        periods = spanned(window)
        if not periods:
            return None, self.end
        return self.midnight(calendar.first_day(calendar.later(self.period, 1 - periods))), self.end

    def as_known(self, at: dt.datetime, recorded: int) -> dt.datetime:
        """When something dated then counts that was recorded once so many periods were closed.

        Decided: what comes after its period was closed counts as of the first instant of the first period closed after that.
        """
        return self.midnight(calendar.first_day([*self.closed, self.period][recorded])) if self.is_late(at, recorded) else at

    def is_late(self, at: dt.datetime, recorded: int) -> bool:
        """Whether the period of an instant was closed before so many periods were."""
        own = self.period_of(at)
        return own in self.closed and recorded > self.closed.index(own)

    def dated(self, order: Order) -> dt.datetime:
        """The instant that puts a paid order line into a period."""
        by_placing = self.plan["volumes"]["counted_by"] == "placed_at" and order.placed_at
        return self.instant(order.placed_at if by_placing else order.paid_at)  # type: ignore[arg-type]

    def is_posted(self, order: Order) -> bool:
        """Whether an order line is late and posted on the lines of its own period, so that only its QV counts later."""
        plans = [*(month.plan for month in self.history), self.plan]
        return self.is_late(self.dated(order), order.recorded) and plans[order.recorded]["volumes"]["late_orders"] == "then"

    @cached_property
    def counted(self) -> list[tuple[Order, dt.datetime]]:
        """Every paid order line with the instant that it counts at, whatever the period."""
        found = []
        for order in self.network.known(len(self.closed)).orders:
            if order.paid_at is not None:
                found.append((order, self.as_known(self.dated(order), order.recorded)))
        return found

    @cached_property
    def totals_minor(self) -> dict[str, int]:
        """What each order cost over all its lines."""
        totals: Counter[str] = Counter()
        for order in self.network.known(len(self.closed)).orders:
            totals[order.id] += order.amount_minor
        return totals

    def given_back(self, refund: Refund, at: dt.datetime) -> dt.datetime:
        """When a refund counts for an order line that counts at an instant.

        Decided: the line's period can only take it when it is closed, so it takes none if it never is.
        """
        periods, plans = [*self.closed, self.period], [*(month.plan for month in self.history), self.plan]
        home = self.period_of(at)
        if home in periods:
            number = periods.index(home)
            if plans[number]["volumes"]["refunds_belong_to"] == "order_period" and refund.recorded <= number:
                return at
        return self.as_known(max(self.instant(refund.refunded_at), at), refund.recorded)

    def refunded_minor(self, order: Order, at: dt.datetime, before: dt.datetime | None) -> int:
        """What was given back of an order before an instant, as one of its lines sees it: never before the line counts."""
        given = [(self.given_back(r, at), r.amount_minor) for r in self.refunds[order.id] if r.recorded <= len(self.closed)]
        return sum(minor for when, minor in given if before is not None and when < before)

    def converted_minor(self, order: Order, at: dt.datetime) -> int:
        """An order line's money in the plan's currency, by the rate of the period that counts it."""
        if order.currency == self.currency:
            return order.amount_minor
        rate = self.rates[self.period_of(at), order.currency, self.currency]
        scale = Fraction(10) ** (self.exponent - money.exponent(order.currency))
        return rounded(order.amount_minor * scale * rate, self.rule)

    def left(self, volume: int, order: Order, at: dt.datetime, span: Span) -> int:
        """What a span counts of one of a line's volumes: the volume if the order is in it, less what refunds in it take."""
        start, end = span
        if at >= end:
            return 0

        def taken(before: dt.datetime | None) -> int:
            total = self.totals_minor[order.id]
            return volume * self.refunded_minor(order, at, before) // total if total else 0

        return (volume if start is None or at >= start else 0) - (taken(end) - taken(start))

    def sources(self, window: Window = "period") -> list[Source]:
        """Every order line that leaves something in a window."""
        periods = spanned(window)
        if periods not in self._sources:
            self._sources[periods] = list(self._left_of_all(self.span(window)))
        return self._sources[periods]

    def _left_of_all(self, span: Span) -> Iterable[Source]:
        for order, at in self.counted:
            whole = self.whole(order, at)
            source = Source(order, at, *(self.left(whole[base], order, at, span) for base in ("qv", "cv", "money")))
            if source.qv or source.cv or source.money:
                yield source

    def whole(self, order: Order, at: dt.datetime) -> dict[str, int]:
        """An order line's volumes and money, before anything was given back."""
        minor = self.converted_minor(order, at)
        as_volume = minor * 10**money.VOLUME_DECIMALS // 10**self.exponent
        qv, cv = COUNTS["both" if order.kind == "retail" else self.plan["volumes"][order.kind]]
        return {
            "qv": (as_volume if order.qv is None else order.qv) if qv else 0,
            "cv": (as_volume if order.cv is None else order.cv) if cv else 0,
            "money": minor,
        }

    def bought(self, window: Window) -> list[Order]:
        """The order lines of a window, but for those of orders given back in full by its end."""
        start, end = self.span(window)
        return [
            order
            for order, at in self.counted
            if (start is None or at >= start) and at < end
            if not 0 < self.totals_minor[order.id] <= self.refunded_minor(order, at, end)
        ]

    def columns(self, window: Window) -> dict[str, dict[str, int]]:
        """By column: each partner's sum over a window."""
        periods = spanned(window)
        if periods not in self._columns:
            names = ("qv", "cv", "money", "customer_qv", "orders", "paying_customers")
            sums: dict[str, dict[str, int]] = {name: dict.fromkeys(self.partners, 0) for name in names}
            for source in self.sources(window):
                seller = source.order.partner
                for name in ("qv", "cv", "money"):
                    sums[name][seller] += source.base(name)
                sums["customer_qv"][seller] += source.qv if source.order.customer else 0
            orders, payers = defaultdict(set), defaultdict(set)
            for order in self.bought(window):
                orders[order.partner].add(order.id)
                payers[order.partner] |= {order.customer} - {None}
            for partner in self.partners:
                sums["orders"][partner] = len(orders[partner])
                sums["paying_customers"][partner] = len(payers[partner])
            self._columns[periods] = sums
        return self._columns[periods]

    def worth(self, base: str) -> Fraction:
        """What one unit of a base is worth in minor units: a thousandth of volume, or a minor unit itself."""
        if base == "money":
            return Fraction(1)
        return Fraction(str(self.plan["volumes"]["volume_value"])) * 10**self.exponent / 10**money.VOLUME_DECIMALS

    def amount(self, exact: Fraction) -> int:
        """A line's exact amount in minor units, rounded once, by the rule, at the minor or the whole unit."""
        return rounded(exact / self.unit_minor, self.rule) * self.unit_minor

    def down(self, exact: Fraction) -> int:
        """An amount rounded down at the unit that lines are rounded to."""
        return rounded(exact / self.unit_minor, "down") * self.unit_minor

    # Which orders a bonus takes.

    @cached_property
    def customers_orders(self) -> dict[str, list[tuple[dt.datetime, str]]]:
        """Each customer's paid orders in the order in which they count; an order counts from its first line on."""
        first: dict[tuple[str, str], dt.datetime] = {}
        for order, at in self.counted:
            if order.customer is not None:
                key = (order.customer, order.id)
                first[key] = min(first.get(key, at), at)
        found: dict[str, list[tuple[dt.datetime, str]]] = defaultdict(list)
        for (customer, order_id), at in first.items():
            found[customer].append((at, order_id))
        return {customer: sorted(orders) for customer, orders in found.items()}

    def takes(self, sources: dict[str, Any], source: Source) -> bool:
        """Whether a bonus takes an order line of this kind, category and place among its customer's orders."""
        order = source.order
        if sources["kinds"] != "all" and order.kind not in sources["kinds"]:
            return False
        if sources["categories"] != "all" and (order.category or "") not in sources["categories"]:
            return False
        wanted = sources.get("orders", "all")
        if wanted == "all":
            return True
        if order.customer is None:
            return False
        orders = self.customers_orders.get(order.customer, [])
        # Decided: a line that comes late stands among the customer's orders of its period as if it had come in time.
        at = min([source.at, *(when for when, order_id in orders if order_id == order.id)])
        orders = sorted([*(x for x in orders if x[1] != order.id), (at, order.id)])
        place = [order_id for _, order_id in orders].index(order.id)
        if wanted == "first_of_customer":
            return place == 0
        span = wanted["later_of_customer"]
        if place == 0:
            return False
        if span == "ever":
            return True
        if "orders" in span:
            return place <= int(span["orders"])
        day = orders[0][0].astimezone(self.zone).date()
        return orders[place][0] < self.midnight(calendar.months_after(day, int(span["months"])))

    def is_fast_start(self, bonus: dict[str, Any], source: Source) -> bool:
        """Whether an order is dated before its seller's joining day and the days or months of a fast start, or in the calendar
        month of joining and the next ones."""
        joined = self.instant(self.partners[source.order.partner].joined_at).astimezone(self.zone).date()
        if "days" in bonus:
            end = joined + dt.timedelta(int(bonus["days"]))
        elif "months" in bonus:
            end = calendar.months_after(joined, int(bonus["months"]))
        else:
            end = calendar.first_day(calendar.next_month(f"{joined:%Y-%m}", int(bonus["calendar_months"])))
        return source.at < self.midnight(end) and self.takes(bonus["sources"], source)

    def is_due(self, bonus: dict[str, Any]) -> bool:
        """Whether a bonus pays in this period; one that spans several does in the last of them."""
        return "spans" not in bonus or calendar.ends_span(bonus["spans"], self.period)

    def window_of(self, bonus: dict[str, Any]) -> Window:
        """The window whose orders a bonus takes: the period, or all the periods that it spans."""
        return {"last": bonus["spans"]["periods"]} if "spans" in bonus else "period"

    def is_parted(self, source: Source, start: dt.datetime) -> bool:
        """Whether what a window that begins so counts of an order is a part of closed lines instead, taken back or posted.

        Decided: an order that is posted on its own period counts in a span that holds its own date and the day on which its QV
        counts, as of that day: lines of the span that it could be posted on are not there yet.
        """
        taken_back = source.at < start and self.plan["volumes"]["refunds"] == "reverse"
        posted = self.is_posted(source.order) and self.dated(source.order) < start
        return taken_back or (source.at >= start and posted)

    def counts(self, window: Window) -> list[Source]:
        """What bonuses count of every order line in a window: nothing of what is a part of closed lines instead.

        Decided: a late order is posted less what was refunded of it by the end of the period that posts it; where refunds are
        net, those of later periods of the window leave it like any others.
        """
        if spanned(window) not in self._counts:
            self._counts[spanned(window)] = list(self._counted_in(self.span(window)))
        return self._counts[spanned(window)]

    def _counted_in(self, span: Span) -> Iterable[Source]:
        start, end = span
        assert start is not None
        for order, at in self.counted:
            source, since = Source(order, at, 0, 0, 0), start
            if self.is_parted(source, start):
                if at < start or self.plan["volumes"]["refunds"] == "reverse":
                    continue
                since = self.midnight(calendar.first_day(calendar.later(self.period_of(at))))
            whole = self.whole(order, at)
            left = {base: self.left(whole[base], order, at, (since, end)) for base in ("qv", "cv", "money")}
            if any(left.values()):
                yield replace(source, **left)

    def taken_by(self, bonus: dict[str, Any], sources: dict[str, Any], among: list[Source] | None = None) -> list[Source]:
        """The sources of its periods that a bonus takes: its own choice, less what a fast start takes instead of others, and
        without what is taken back from closed lines, or posted on them, instead. `among`: those of other sources.

        Decided: a pool's fund is of what the company sold, whatever paid on it.
        """
        fast = [b for b in self.plan["bonuses"] if b["kind"] == "fast_start" and b["others"] == "instead"]
        others = [b for b in fast if b is not bonus and bonus["kind"] != "pool"]
        return [
            source
            for source in (self.counts(self.window_of(bonus)) if among is None else among)
            if self.takes(sources, source)
            if bonus["kind"] != "fast_start" or self.is_fast_start(bonus, source)
            if not any(self.is_fast_start(other, source) for other in others)
        ]
