"""What refunds take back from closed lines (mechanics, sections 1 and 8): each order's part of each line, one after another."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.model.bonuses import classes, entering, has_other, priced, ways
from tests.model.rates import class_of
from tests.model.state import Line

if TYPE_CHECKING:
    from tests.model.month import Month

Dated = tuple[dt.datetime, str]  # when an order counted, and its id
Parts = dict[Any, dict[Dated, int]]  # by payee, step, class and source: what each order takes
ORDERED = ("unilevel", "fast_start", "differential", "infinity_differential", "generation", "infinity")


def taken_back(m: Month) -> list[Line]:
    """Lines of this period for the refunds that it holds of orders that an earlier period counted, and, where a reversal
    cascades, for what these take of the lines that were matched.

    Decided: bonuses whose lines are no sum over orders (sums for steps, ranks, goals, recruits) keep them, and what conditions
    read (QV, personal sales) is net whatever the plan says of refunds.
    """
    if m.plan["volumes"]["refunds"] != "reverse":
        return []
    found = []
    for closed in m.before.history:
        taken: list[tuple[Dated, Line]] = []
        for bonus in closed.plan["bonuses"]:
            if bonus["kind"] in ORDERED:
                taken += _parted(closed, bonus, _of_orders(m, closed, bonus))
            elif bonus["kind"] == "matching" and bonus["reversals"] == "cascade":
                taken += _parted(closed, bonus, _of_lines(closed, bonus, taken))
        found += [line for _, line in taken]
    return found


def _of_lines(closed: Month, bonus: dict[str, Any], taken: list[tuple[Dated, Line]]) -> Parts:
    """What each order takes of what a bonus matched."""
    parts: Parts = defaultdict(lambda: defaultdict(int))
    for dated, line in taken:
        if line.bonus in bonus["of"]:
            class_ = class_of(closed.partners[line.partner_id].type, classes(bonus)) if "rates_by" in bonus else ""
            if class_ != "other" or has_other(bonus):
                for hop in ways(closed, bonus, line.partner_id, class_):
                    parts[hop, class_, ""][dated] += line.amount_minor
    return parts


def _of_orders(m: Month, closed: Month, bonus: dict[str, Any]) -> Parts:
    """What each order takes of the bases of one bonus of a closed period."""
    parts: Parts = defaultdict(lambda: defaultdict(int))
    first: dict[str, dt.datetime] = {}
    for order, at in closed.counted:
        if m.refunds[order.id] and closed.period_of(at) == closed.period:
            first[order.id] = min(at, first.get(order.id, at))
    for unit in entering(closed, bonus):
        assert unit.source is not None
        order, at = unit.source.order, unit.source.at
        delta = m.left(closed.whole(order, at)[bonus["base"]], order, at, m.span("period")) if order.id in first else 0
        if delta and at < m.span("period")[0]:  # type: ignore[operator]
            for hop in ways(closed, bonus, unit.partner, unit.class_):
                parts[hop, unit.class_, unit.source_id][first[order.id], order.id] += delta
    return parts


def _parted(closed: Month, bonus: dict[str, Any], parts: Parts) -> list[tuple[Dated, Line]]:
    """The lines that this makes, each line of the closed period rounded as it was, before and after each order."""
    found = []
    standing = closed.owed[bonus["name"]]
    for key, orders in parts.items():
        hop, class_, source_id = key
        for dated, delta in sorted(orders.items()):
            before = priced(closed, bonus, *key, standing[key])
            standing[key] += delta
            after = priced(closed, bonus, *key, standing[key])
            amount_minor = after.amount_minor - before.amount_minor
            if amount_minor:
                name = f"reversal {source_id or dated[1]} {closed.period}"
                told = (class_, name, delta, after.base_minor - before.base_minor, None, amount_minor, closed.currency)
                found.append((dated, Line(hop.payee, bonus["name"], hop.step, *told)))
    return found
