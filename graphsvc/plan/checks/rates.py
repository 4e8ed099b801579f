"""Percentages, sums and counts: above 0, exact, and branching only by what the plan has."""

from __future__ import annotations

from typing import Any

from graphsvc import money
from graphsvc.errors import nearest
from graphsvc.plan import quantities
from graphsvc.plan.checks.tests import unknown_rank
from graphsvc.plan.checks.view import KINDS, OTHER, Found, Tree, View, below, branches, leaves
from graphsvc.plan.document import Place

DEPTH_MAX = 3
STEPS = ("levels", "generations")


def check(view: View) -> Found:
    """Every tree of rates, sums and counts, then the plain percentages."""
    for tree in view.trees():
        value = view.get(*tree.place)
        if value is not None:
            yield from _branches(view, tree, value)
            for place, leaf, nested in leaves(value, tree.place):
                yield from _leaf(view, tree, place, leaf, nested)
    yield from _plain(view)


def _branches(view: View, tree: Tree, value: Any) -> Found:
    split = (
        "" if tree.bonus is None else view.word("bonuses", tree.bonus, "rates_by") or view.word("bonuses", tree.bonus, "sums_by")
    )
    wanted = bool(split) and tree.stem != "count"
    sourced = isinstance(value, dict) and value.get("by") == "source"
    if wanted and not sourced:
        reason = f"is not told apart by the source, but the bonus says {split}"
        yield tree.place, reason, "write {by: source, values: {…}}, or leave that key out"
    for place, node, depth in branches(value, tree.place):
        if node["by"] == "source":
            if place != tree.place or not wanted:
                reason = "is where no source can be told apart" if place == tree.place else "is not the outermost choice"
                yield (*place, "by"), reason, "say rates_by or sums_by of the bonus, and put source outermost"
            else:
                yield from _sources(view, tree, place, node, split)
        elif depth - sourced > DEPTH_MAX:
            yield (*place, "by"), f"branches more than {DEPTH_MAX} times", "a plan that people understand is flatter"
        if node["by"] == "rank":
            for at, _ in below(node, place):
                yield from unknown_rank(view, at, str(at[-1]))


def _sources(view: View, tree: Tree, place: Place, node: dict[str, Any], split: str) -> Found:
    """Classes that no order of the bonus can have."""
    assert tree.bonus is not None
    allowed: Any = "all"
    if split == "kind":
        kinds = view.get("bonuses", tree.bonus, "sources", "kinds")
        allowed = list(KINDS) if kinds in (None, "all") else kinds
    elif split == "category":
        allowed = view.get("bonuses", tree.bonus, "sources", "categories") or "all"
    for at, _ in below(node, place):
        if allowed != "all" and at[-1] != OTHER and at[-1] not in allowed:
            yield at, f"is not a {split} that the bonus takes", nearest(str(at[-1]), [*allowed, OTHER])


def _leaf(view: View, tree: Tree, place: Place, leaf: Any, nested: bool) -> Found:
    nothing = not nested and str(leaf).rstrip(" %").replace(".", "").strip("0") == ""
    if nothing and tree.stem != "count" and len(tree.place) == 5 and tree.place[2] in STEPS:
        # A level or generation may pay nothing and still be one, for the sake of those after it; a fast start may keep its orders
        # from the other bonuses, because another plan pays them.
        keeps = view.get(*tree.place[:2], "others") == "instead"
        if not keeps and tree.place[3] == view.size(*tree.place[:3]) - 1:
            yield place, "is nothing, and no step comes after it", "leave the last one out, or write what it pays"
    elif tree.stem == "rate":
        yield from _rate(view, tree, place, str(leaf), nested)
    elif tree.stem == "sum":
        yield from money_fault(view, place, leaf, nested)
    elif not leaf and not nested:
        yield place, "is 0, so nobody has any", "write a number above 0"


def _rate(view: View, tree: Tree, place: Place, rate: str, nested: bool) -> Found:
    ppm = quantities.ppm(rate)
    if ppm > quantities.PPM_WHOLE or (not ppm and not nested):
        yield place, "is not above 0% and at most 100%", "write a percentage such as 5%, or leave the level out"
    elif tree.base and too_fine(view, "money" if tree.base == "lines" else tree.base, ppm):
        yield place, "has, together with volume_value, too many digits to stay exact", "use fewer decimals in one of the two"


def too_fine(view: View, base: str, ppm: int) -> bool:
    """Whether what a base pays at a rate is a fraction too long for exact 64-bit arithmetic."""
    currency, to, value = view.get("currency"), view.get("rounding", "to"), view.get("volumes", "volume_value")
    if currency not in money.exponents() or None in (to, value) or _bad_value(value):
        return False
    exponent = money.exponent(currency)
    return max(quantities.share(base, value, exponent, ppm, quantities.unit_minor(to, exponent))) > quantities.FRACTION_MAX


def _bad_value(value: int | str) -> bool:
    try:
        return quantities.scaled(value, quantities.VALUE_DECIMALS) <= 0
    except ValueError:
        return True


def money_fault(view: View, place: Place, value: int | str, nested: bool = False) -> Found:
    """A finding where a sum is not exact money of the plan's currency, above 0 (0 is a value among others)."""
    currency = view.get("currency")
    if currency not in money.exponents():
        return
    exponent = money.exponent(currency)
    try:
        minor = quantities.scaled(value, exponent)
    except ValueError as error:
        yield place, str(error), f"write money in {currency}"
        return
    if minor < 0 or (not minor and not nested) or minor > quantities.NEED_MAX * 10**exponent:
        yield place, f"is not above 0 and at most {quantities.NEED_MAX}", f"write money in {currency}"
    elif place[0] == "bonuses" and view.get("rounding", "to") == "whole" and minor % 10**exponent:
        yield place, f"is not a whole number of {currency}, to which lines are rounded", "write a whole sum, or round to: minor"


def _plain(view: View) -> Found:
    """Percentages and sums that cannot branch."""
    places: list[Place] = [("deductions", n, "rate") for n in range(view.size("deductions"))]
    places += [("splits", n, "rate") for n in range(view.size("splits"))]
    places += [("limits", n, "rate") for n in range(view.size("limits"))]
    least = view.get("payouts", "minimum")
    if least not in (None, "none"):
        yield from money_fault(view, ("payouts", "minimum"), least)
    for place, _ in view.bonuses():
        places += [(*place, "fund", "rate"), (*place, "method", "remaining")]
        places += [(*place, "shares", "places", n) for n in range(view.size(*place, "shares", "places"))]
    for at in places:
        rate = view.get(*at)
        if isinstance(rate, str):
            base = view.word(*at[:-1], "base") if at[-2:] == ("fund", "rate") else "cv" if at[0] == "limits" else ""
            yield from _rate(view, Tree(at, "rate", None, base), at, rate, False)
    shared: list[tuple[Place, list[Place]]] = [(("splits",), [("splits", n, "rate") for n in range(view.size("splits"))])]
    for place, _ in view.bonuses():
        at = (*place, "shares", "places")
        shared.append((at, [(*at, n) for n in range(view.size(*at))]))
    for at, each in shared:
        total = sum(quantities.ppm(rate) for rate in [view.get(*one) for one in each] if isinstance(rate, str))
        if total > quantities.PPM_WHOLE:
            yield at, f"add up to {money.format_rate(total)}", "share out at most 100 %"
