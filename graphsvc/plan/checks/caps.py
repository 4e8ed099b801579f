"""Caps that can never cut anything, because what they cap cannot come to so much."""

from __future__ import annotations

from fractions import Fraction

from graphsvc import money
from graphsvc.plan import quantities
from graphsvc.plan.checks.rates import money_fault
from graphsvc.plan.checks.view import Found, View, leaves
from graphsvc.plan.document import Place


def check(view: View, shares: list[dict[str, int]], unbounded: set[str]) -> Found:
    """Limits of the company by rate against the worst chain, limits by sum against sums, a binary cap against its steps.

    shares: for each kind of order the parts per million of it that each bonus can pay; unbounded: bonuses without such a bound.
    """
    for index in range(view.size("limits")):
        place: Place = ("limits", index)
        names = view.get(*place, "bonuses")
        cap, rate, given = view.word(*place, "cap"), view.get(*place, "rate"), view.get(*place, "sum")
        if cap == "company" and given is not None:
            yield from money_fault(view, (*place, "sum"), given)
        if not isinstance(names, list):
            continue
        spanning = any(view.raw("bonuses", n, "spans") is not None for n, name in enumerate(view.bonus_names()) if name in names)
        # What takes several periods together may pay more than such a part of the CV of the one in which it pays.
        if (
            rate is not None
            and not spanning
            and all(name not in unbounded and any(name in one for one in shares) for name in names)
        ):
            reach = max(sum(one.get(name, 0) for name in names) for one in shares)
            if quantities.ppm(rate) >= reach:
                reason = f"can never cut anything: {', '.join(names)} pay at most {money.format_rate(reach)} of an order"
                yield (*place, "rate"), reason, "lower it, or leave the limit out"
        elif given is not None and cap in ("line", "partner_bonus", "partner"):
            yield from _sums(view, place, cap, names)
    for place, kind in view.bonuses():
        if kind == "binary":
            yield from _units(view, place)
            if view.size(*place, "pay", "steps"):
                yield from _binary(view, place)


def _largest(view: View, *places: Place) -> Fraction | None:
    """The largest sum at some places; None where one is not known."""
    found: list[Fraction] = []
    for place in places:
        value = view.get(*place)
        if value is None:
            return None
        found += [Fraction(str(leaf)) for _, leaf, _ in leaves(value, place)]
    return max(found, default=None)


def _reach(view: View, name: str, cap: str) -> Fraction | None:
    """What one partner can get of a bonus in a period, or on a line; None where nothing bounds it."""
    names = view.bonus_names()
    if name not in names:
        return None
    place: Place = ("bonuses", names.index(name))
    match view.word(*place, "kind"):
        case "milestone":
            sums = [_largest(view, (*place, "steps", n, "sum")) for n in range(view.size(*place, "steps"))]
            every = view.get(*place, "pays") == "every"
        case "rank_bonus":
            sums = [_largest(view, (*place, "sums", rank)) for rank in view.keys(*place, "sums")]
            every = view.get(*place, "jump") == "all"
        case "tenure":
            sums, every = [_largest(view, (*place, "sums", n, "sum")) for n in range(view.size(*place, "sums"))], False
        case "group_goal":
            sums, every = [_largest(view, (*place, "sum"))], False
        case "contest":
            prizes = range(view.size(*place, "prizes"))
            at = [(*place, "prizes", n, "sum") for n in prizes if "award" not in view.keys(*place, "prizes", n)]
            sums, every = [_largest(view, one) for one in at], False
        case _:
            return None
    known = [one for one in sums if one is not None]
    if len(known) < len(sums) or not known:
        return None
    return sum(known, Fraction()) if every and cap != "line" else max(known)


def _sums(view: View, place: Place, cap: str, names: list[str]) -> Found:
    """A limit by sum on bonuses of which all have a largest sum."""
    reaches = [_reach(view, name, cap) for name in names]
    known = [reach for reach in reaches if reach is not None]
    held = [view.get(*place, "sum")]
    if len(known) < len(names) or not known or held[0] is None:
        return
    reach = sum(known, Fraction()) if cap == "partner" else max(known)
    least = min(Fraction(str(leaf)) for _, leaf, _ in leaves(held[0], (*place, "sum")))
    if least >= reach:
        word = money.format_scaled(int(reach * 10**6), 6).rstrip("0").rstrip(".")
        reason = f"can never cut anything: {', '.join(names)} pay at most {word} there"
        yield (*place, "sum"), reason, "lower it, or leave the limit out"


def _units(view: View, place: Place) -> Found:
    """A cap counts units only where there are any: a percentage is taken of the whole lesser leg, a step is one a period."""
    if view.get(*place, "cap", "per") == "units":
        for pay, what in (("percent", "a percentage of the lesser leg"), ("steps", "one step a period")):
            if view.raw(*place, "pay", pay) is not None:
                reason = f"has no meaning where {what} is paid, which is no number of units"
                yield (*place, "cap", "per"), reason, "write per: money, or pay units"


def _binary(view: View, place: Place) -> Found:
    if view.get(*place, "cap", "per") != "money":
        return
    at = (*place, "cap", "values")
    reach = _largest(view, *[(*place, "pay", "steps", n, "sum") for n in range(view.size(*place, "pay", "steps"))])
    values = view.get(*at)
    if reach is not None and values is not None and min(Fraction(str(leaf)) for _, leaf, _ in leaves(values, at)) >= reach:
        yield at, "can never cut anything: one step a period pays less", "lower it, or write cap: none"
