"""Parts of closed lines (mechanics, sections 1 and 8), taken back by refunds or posted late: of each order, one after another."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.model.bonuses import classes, entering, has_other, priced, ways
from tests.model.exact import percent
from tests.model.rates import class_of
from tests.model.state import Line
from tests.model.volumes import Source

if TYPE_CHECKING:
    from tests.model.month import Month

Dated = tuple[dt.datetime, str]  # when an order counted, and what of which order it is
Part = tuple[Dated, Line, int]  # with what the closed line stood at before
Parts = dict[Any, dict[Dated, int]]  # by payee, step, class and source: what each order takes
ORDERED = ("unilevel", "fast_start", "differential", "infinity_differential", "generation", "infinity")


def taken_back(m: Month) -> list[Line]:
    """Lines of this period for the refunds that it holds of orders that an earlier period counted, and, where a reversal
    cascades, for what these take of the lines that were matched.

    Decided: bonuses whose lines are no sum over orders (sums for steps, ranks, goals, recruits) keep them, and what conditions
    read (QV, personal sales) is net whatever the plan says of refunds.
    """
    found = []
    for closed in m.before.history:
        taken: list[Part] = []
        for bonus in closed.plan["bonuses"]:
            if bonus["name"] not in closed.owed:
                continue  # it was not due in that period, or walks no tree
            if bonus["kind"] in ORDERED:
                taken += _parted(closed, bonus, _of_orders(m, closed, bonus))
            elif bonus["kind"] == "matching" and bonus["reversals"] == "cascade":
                taken += _parted(closed, bonus, _of_lines(closed, bonus, taken))
        found += [line for _, line, _ in taken]
        for deduction in closed.plan.get("deductions", []):
            found += _deducted(closed, deduction, taken)
    return found


def _deducted(closed: Month, deduction: dict[str, Any], taken: list[Part]) -> list[Line]:
    """What is deducted of each line after its part was taken, less what was before."""
    found, rate = [], percent(deduction["rate"])
    for _, line, stood in taken:
        less = closed.amount(stood * rate) - closed.amount((stood + line.amount_minor) * rate)
        if line.bonus in deduction["bonuses"] and less:
            class_, base = f"{line.bonus} {line.class_}".strip(), line.amount_minor
            made = replace(line, bonus=deduction["name"], class_=class_, base=base, base_minor=base, amount_minor=less)
            found.append(made)
    return found


def _of_lines(closed: Month, bonus: dict[str, Any], taken: list[Part]) -> Parts:
    """What each order takes of what a bonus matched."""
    parts: Parts = defaultdict(lambda: defaultdict(int))
    for dated, line, _ in taken:
        if line.bonus in bonus["of"]:
            class_ = class_of(closed.partners[line.partner_id].type, classes(bonus)) if "rates_by" in bonus else ""
            if class_ != "other" or has_other(bonus):
                for hop in ways(closed, bonus, line.partner_id, class_):
                    parts[hop, class_, ""][dated] += line.amount_minor
    return parts


def _of_orders(m: Month, closed: Month, bonus: dict[str, Any]) -> Parts:
    """What each order takes of the bases of one bonus of a closed period, or adds to them."""
    parts: Parts = defaultdict(lambda: defaultdict(int))
    start, end = m.span("period")
    assert start is not None
    dated: dict[str, dt.datetime] = {}
    found: list[tuple[str, Source]] = []
    for order in m.network.orders:
        if order.paid_at is None or order.recorded > len(m.closed):
            continue
        own, taken = m.dated(order), m.as_known(m.dated(order), order.recorded)
        at = own if m.is_posted(order) else taken
        late = m.is_posted(order) and taken == start
        if closed.period_of(at) == closed.period and (late or (m.plan["volumes"]["refunds"] == "reverse" and taken < start)):
            whole = closed.whole(order, at)
            # All of a late order comes now, less what is refunded of it by now; of others goes what is refunded now.
            counted = {b: m.left(whole[b], order, taken, (start, end)) for b in ("qv", "cv", "money")}
            if any(counted.values()):
                found.append((f"{'late' if late else 'reversal'} {order.id}", Source(order, at, **counted)))
                dated[found[-1][0]] = min(at, dated.get(found[-1][0], at))
    names = {source.id: name for name, source in found}
    for unit in entering(closed, bonus, [source for _, source in found]):
        assert unit.source is not None
        name = names[unit.source.id]
        for hop in ways(closed, bonus, unit.partner, unit.class_):
            parts[hop, unit.class_, unit.source_id][dated[name], name] += unit.base
    return parts


def _parted(closed: Month, bonus: dict[str, Any], parts: Parts) -> list[Part]:
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
                kind, _, order_id = dated[1].partition(" ")
                name = f"{kind} {source_id or order_id} {closed.period}"
                told = (class_, name, delta, after.base_minor - before.base_minor, None, amount_minor, closed.currency)
                found.append((dated, Line(hop.payee, bonus["name"], hop.step, *told), before.amount_minor))
    return found
