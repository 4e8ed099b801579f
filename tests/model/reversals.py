"""What refunds take back from closed lines (mechanics, sections 1 and 8): each order's part of each line, one after another."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from tests.model.bonuses import entering, priced, ways
from tests.model.state import Line

if TYPE_CHECKING:
    from tests.model.month import Month

ORDERED = ("unilevel", "fast_start", "differential", "infinity_differential", "generation", "infinity")


def taken_back(m: Month) -> list[Line]:
    """Lines of this period for the refunds that it holds of orders that an earlier period counted.

    Decided: bonuses whose lines are no sum over orders (sums for steps, ranks, goals, recruits) keep them, and what conditions
    read (QV, personal sales) is net whatever the plan says of refunds.
    """
    if m.plan["volumes"]["refunds"] != "reverse":
        return []
    found = []
    for closed in m.before.history:
        for bonus in closed.plan["bonuses"]:
            if bonus["kind"] in ORDERED:
                found += _of_bonus(m, closed, bonus)
    return found


def _of_bonus(m: Month, closed: Month, bonus: dict[str, Any]) -> list[Line]:
    """The parts of the lines of one bonus of a closed period."""
    parts: dict[Any, dict[tuple[dt.datetime, str], int]] = defaultdict(lambda: defaultdict(int))
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
    found = []
    standing = closed.owed[bonus["name"]]
    for key, orders in parts.items():
        hop, class_, source_id = key
        for (_, order_id), delta in sorted(orders.items()):
            before = priced(closed, bonus, *key, standing[key])
            standing[key] += delta
            after = priced(closed, bonus, *key, standing[key])
            amount_minor = after.amount_minor - before.amount_minor
            if amount_minor:
                name = f"reversal {source_id or order_id} {closed.period}"
                worth = after.base_minor - before.base_minor
                found.append(
                    Line(hop.payee, bonus["name"], hop.step, class_, name, delta, worth, None, amount_minor, closed.currency)
                )
    return found
