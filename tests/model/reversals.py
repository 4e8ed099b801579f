"""Parts of closed lines (mechanics, sections 1 and 8), taken back by refunds or posted late: of each order, one after another."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.model import awards, limits, pools
from tests.model.bonuses import classes, entering, has_other, priced, ways
from tests.model.exact import percent
from tests.model.rates import class_of
from tests.model.state import Held, Line
from tests.model.volumes import Source

if TYPE_CHECKING:
    from tests.model.month import Month

Dated = tuple[dt.datetime, str]  # when an order counted, and what of which order it is
Parts = dict[Any, dict[Dated, int]]  # by payee, step, class and source: what each order takes


@dataclass(frozen=True)
class Part:
    """What one order changes of a closed line: what that stands at before and after, and how the difference is written."""

    dated: Dated
    bonus: str
    before_minor: int
    after_minor: int
    made: Line
    home: Month  # the period in which the line stands

    @property
    def delta_minor(self) -> int:
        return self.after_minor - self.before_minor


TOGETHER = "changes"  # what all orders of a period change of what many share
ORDERED = ("unilevel", "fast_start", "differential", "infinity_differential", "generation", "infinity")


def taken_back(m: Month) -> list[Line]:
    """Lines of this period for the refunds that it holds of orders that an earlier period counted, and, where a reversal
    cascades, for what these take of the lines that were matched.

    Decided: bonuses whose lines are no sum over orders (sums for steps, ranks, goals, recruits) keep them, and what conditions
    read (QV, personal sales) is net whatever the plan says of refunds.
    """
    for closed in (*m.before.history, m):  # in its own period lines only follow
        sold, dated = _of_pools(m, closed), dict[str, dt.datetime]()
        for bonus in closed.plan["bonuses"]:
            cascades, kind = bonus.get("reversals") == "cascade", bonus["kind"]
            if kind == "pool" and cascades and bonus["name"] in closed.pooled:
                m.taken += _of_pool(closed, bonus, sold, dated)
            if bonus["name"] not in closed.owed:
                continue  # it was not due in that period, or is no sum of what orders brought
            if kind in ORDERED:
                m.taken += _parted(m, closed, bonus, _of_orders(m, closed, bonus), priced)
            elif kind == "milestone":
                m.taken += _parted(m, closed, bonus, _of_own(m, closed, bonus), awards.rated)
            elif kind == "matching" and cascades:
                m.taken += _parted(m, closed, bonus, _of_lines(closed, bonus, _matched(m, closed, bonus)), priced)
            elif kind == "match_down" and cascades:
                m.taken += _parted(m, closed, bonus, _of_sponsors(closed, bonus, _matched(m, closed, bonus)), awards.matched)
        closed.pooled_since = _since(closed, sold)
    found = [part.made for part in m.taken]
    for home in (*m.before.history, m):
        for deduction in home.plan.get("deductions", []):
            found += _deducted(home, deduction, [part for part in m.taken if part.home is home])
    return found


def _matched(m: Month, closed: Month, bonus: dict[str, Any]) -> list[Part]:
    """What is taken now of the lines that a bonus of a closed period matched, in that period or an earlier one of its span.

    Decided: of an order all that it takes of them comes at one place, that of its earliest part.
    """
    periods = [*m.before.history, m]
    at = periods.index(closed)
    homes = periods[max(0, at + 1 - closed.spanned(bonus)) : at + 1]
    found = [part for part in m.taken if part.bonus in bonus["of"] and part.home in homes]
    first: dict[str, dt.datetime] = {}
    for when, name in sorted(part.dated for part in found):
        first.setdefault(name, when)
    return [replace(part, dated=(first[part.dated[1]], part.dated[1])) for part in found]


def _deducted(closed: Month, deduction: dict[str, Any], taken: list[Part]) -> list[Line]:
    """What is deducted of each line after its part was taken, less what was before."""
    found, rate = [], percent(deduction["rate"])
    for part in taken:
        line = part.made
        less = closed.amount(part.before_minor * rate) - closed.amount(part.after_minor * rate)
        if line.bonus in deduction["bonuses"] and less:
            class_, base = f"{line.bonus} {line.class_}".strip(), line.amount_minor
            made = replace(line, bonus=deduction["name"], class_=class_, base=base, base_minor=base, amount_minor=less)
            found.append(made)
    return found


def _of_lines(closed: Month, bonus: dict[str, Any], taken: list[Part]) -> Parts:
    """What each order takes of what a bonus matched."""
    parts: Parts = defaultdict(lambda: defaultdict(int))
    for part in taken:
        line = part.made
        class_ = class_of(closed.partners[line.partner_id].type, classes(bonus)) if "rates_by" in bonus else ""
        if class_ != "other" or has_other(bonus):
            for hop in ways(closed, bonus, line.partner_id, class_):
                parts[hop, class_, ""][part.dated] += part.delta_minor
    return parts


def _of_sponsors(closed: Month, bonus: dict[str, Any], taken: list[Part]) -> Parts:
    """What orders take of what a sponsor's frontline shared. Decided: what many share changes once, for all orders together."""
    parts: Parts = defaultdict(lambda: defaultdict(int))
    at = min((part.dated[0] for part in taken), default=None)
    for part in taken:
        for key in closed.owed[bonus["name"]]:
            if key[1] == part.made.partner_id and at is not None:
                parts[key][at, TOGETHER] += part.delta_minor
    return parts


def _of_pools(m: Month, closed: Month) -> dict[str, dict[Dated, int]]:
    """What each order takes of what was sold for each pool of a closed period into which reversals cascade."""
    found: dict[str, dict[Dated, int]] = {}
    for bonus in closed.plan["bonuses"]:
        if bonus["name"] in closed.pooled and bonus["reversals"] == "cascade":
            orders: dict[Dated, int] = defaultdict(int)
            changed = {source.id: (dated, source) for dated, source in _changed(m, closed, bonus)}
            for source in closed.taken_by(bonus, bonus["fund"]["sources"], [source for _, source in changed.values()]):
                if source.order.partner in closed.partners:
                    orders[changed[source.id][0]] += source.base(bonus["fund"]["base"])
            found[bonus["name"]] = orders
    return found


def _since(closed: Month, sold: dict[str, dict[Dated, int]]) -> dict[str, int]:
    """What more, or less, was sold for each pool of a closed period once these orders are taken too."""
    return closed.pooled_since | {name: closed.pooled_since.get(name, 0) + sum(orders.values()) for name, orders in sold.items()}


def _of_pool(
    closed: Month, bonus: dict[str, Any], sold: dict[str, dict[Dated, int]], dated: dict[str, dt.datetime]
) -> list[Part]:
    """What orders take of the shares of a fund: who shares and how much each weighs stays, all funds are what they would be
    without them: what is sold for a pool, and what others leave for it.

    Decided: a fund changes once in a period, for all its orders together, at the place of the earliest that changes what was
    sold for it, or what is left for it; `dated` keeps that place.
    """
    more = [closed.pooled_since, _since(closed, sold)]
    funds = [pools.standing_fund(closed, bonus, each) for each in more]
    places = [when for (when, _), delta in sold[bonus["name"]].items() if delta]
    for other in closed.plan["bonuses"]:
        if other["name"] in dated and other["rest"] == {"next_fund": bonus["name"]}:
            rests = [pools.rest_left(closed, other, each) for each in more]
            places += [dated[other["name"]]] if rests[0] != rests[1] else []
    if not places:
        return []
    dated[bonus["name"]] = min(places)
    found, shares = [], [{(x.partner_id, x.level): x for x in pools.shared(closed, bonus, fund)} for fund in funds]
    for key in sorted({*shares[0], *shares[1]}):
        some = next(each[key] for each in shares if key in each)
        before, after = (
            replace(some, base_minor=fund, amount_minor=each[key].amount_minor if key in each else 0)
            for fund, each in zip(funds, shares, strict=True)
        )
        found += _made(closed, closed, (min(places), TOGETHER), before, after, sum(sold[bonus["name"]].values()))
    return found


def _of_own(m: Month, closed: Month, bonus: dict[str, Any]) -> Parts:
    """What each order takes of the own volume that the steps of a milestone paid on: these are who reached them then."""
    parts: Parts = defaultdict(lambda: defaultdict(int))
    for dated, source in _changed(m, closed, bonus):
        for key in closed.owed[bonus["name"]]:
            base = bonus["steps"][key[1] - 1]["of"]
            if key[0] == closed.whose(source, base):
                parts[key][dated] += source.base(base)
    return parts


def _of_orders(m: Month, closed: Month, bonus: dict[str, Any]) -> Parts:
    """What each order takes of the bases of one bonus of a closed period, or adds to them."""
    parts: Parts = defaultdict(lambda: defaultdict(int))
    found = _changed(m, closed, bonus)
    names = {source.id: dated for dated, source in found}
    for unit in entering(closed, bonus, [source for _, source in found]):
        assert unit.source is not None
        for hop in ways(closed, bonus, unit.partner, unit.class_):
            parts[hop, unit.class_, unit.source_id][names[unit.source.id]] += unit.base
    return parts


def _changed(m: Month, closed: Month, bonus: dict[str, Any]) -> list[tuple[Dated, Source]]:
    """The orders that a bonus of a closed period counted, in that period or in its span, of which something is taken now, or that
    are posted there, with how much.

    Decided: all that an order takes comes at one place, that of its earliest line there, though that line be worth nothing.
    """
    start, end = m.span("period")
    since, until = closed.span(closed.window_of(bonus))
    assert start is not None
    assert since is not None
    if closed is m:
        return []
    dated: dict[str, dt.datetime] = {}
    found: list[tuple[str, Source]] = []
    for order in m.network.orders:
        if order.paid_at is None or order.recorded > len(m.closed):
            continue
        own, taken = m.dated(order), m.as_known(m.dated(order), order.recorded)
        at = own if m.is_posted(order) and not since <= own <= taken < until else taken
        late = m.is_posted(order) and taken == start
        if not since <= at < until:
            continue
        refunded = taken < start and m.refunded_minor(order, taken, end) > m.refunded_minor(order, taken, start)
        if late or (refunded and m.plan["volumes"]["refunds"] == "reverse"):
            name = f"{'late' if late else 'reversal'} {order.id}"
            dated[name] = min(at, dated.get(name, at))
            whole = closed.whole(order, at)
            # All of a late order comes now, less what is refunded of it by now; of others goes what is refunded now.
            counted = {b: m.left(whole[b], order, taken, (start, end)) for b in ("qv", "cv", "money")}
            if any(counted.values()):
                found.append((name, Source(order, at, **counted)))
    return [((dated[name], name), source) for name, source in found]


def _parted(m: Month, closed: Month, bonus: dict[str, Any], parts: Parts, line_of: Callable[..., Line]) -> list[Part]:
    """What this makes of the lines, each line of the closed period rounded as it was, before and after each order."""
    found = []
    standing = closed.owed[bonus["name"]]
    for key, orders in parts.items():
        for dated, delta in sorted(orders.items()):
            before = line_of(closed, bonus, key, standing[key])
            standing[key] += delta
            after = line_of(closed, bonus, key, standing[key])
            home = _home(m, closed, bonus, before.partner_id)
            if isinstance(home, int):
                _wait(m, closed, after, home)
            else:
                found += _made(closed, home, dated, before, after, delta)
    return found


def _home(m: Month, closed: Month, bonus: dict[str, Any], payee: str) -> Month | int:
    """The period in which a payee's lines of a closed one stand: that one, or the first after it that released them; where there
    is none yet, for how many more periods they wait.

    Decided: what waits is looked at before anything is taken of it, so that a line that this period releases is released as it
    waited, and what is taken of it is a line beside it; of a line that waits for no more periods nothing is taken.
    """
    hold, periods = bonus.get("unqualified"), [*m.before.history, m]
    if not isinstance(hold, dict):
        return closed
    begun = periods.index(closed)
    for later in periods[begun : begun + hold["hold"] + 1]:
        there = next((b for b in later.plan["bonuses"] if b["name"] == bonus["name"]), {})
        if not isinstance(there.get("unqualified"), dict):
            return 0  # a later version of the plan lets nothing wait
        if later.meets(there["qualified"], payee):
            return later
    return max(0, hold["hold"] + begun + 1 - len(periods))


def _wait(m: Month, closed: Month, line: Line, left: int) -> None:
    """A line that waits as a part of it leaves it; one that there was none of, or none is left of, begins or ends to."""
    if left:
        mine = [held for held in m.after.held if held.origin_name == closed.period and _place(held.line) == _place(line)]
        others = [held for held in m.after.held if held not in mine]
        now = Held(line, closed.after.number, closed.period, m.after.number + left - closed.after.number)
        m.after.held = [*others, *([now] if line.amount_minor else [])]


def _place(line: Line) -> tuple[str, str, int, str, str]:
    return line.partner_id, line.bonus, line.level, line.class_, line.source_id


def _made(closed: Month, home: Month, dated: Dated, before: Line, after: Line, delta: int) -> list[Part]:
    """The part of one order, from what the line earns before and after, if limits leave anything of it where it stands."""
    released = {} if home is closed else {"source_id": f"held {closed.period} {before.source_id}".rstrip()}
    stood, stands = (limits.standing(home, replace(line, **released)) for line in (before, after))
    if stood == stands:
        return []
    kind, _, order_id = dated[1].partition(" ")
    name = " ".join(filter(None, (kind, before.source_id or order_id, closed.period)))
    base_minor, amount_minor = after.base_minor - before.base_minor, stands - stood
    made = replace(before, source_id=name, base=delta, base_minor=base_minor, rate_ppm=None, amount_minor=amount_minor)
    return [Part(dated, before.bonus, stood, stands, made, home)]
