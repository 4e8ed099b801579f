"""Pools (mechanics, section 7): a fund of what the company sold, shared among the qualified, and what becomes of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from graphsvc import money
from tests.model.awards import line, order_key
from tests.model.exact import percent
from tests.model.rates import Tree
from tests.model.state import Line
from tests.model.walks import qualifies

if TYPE_CHECKING:
    from tests.model.month import Month

Bonus = dict[str, Any]


def counted(m: Month, tree: Tree, payee: str) -> int | None:
    """A number of a tree: by rank (the nearest named below), type, or scale; None where it says nothing of the payee."""
    if not isinstance(tree, dict):
        return int(tree)
    values = tree["values"]
    if tree["by"] == "rank":
        ranked = {m.rank_number(name): inner for name, inner in values.items()}
        held = [rank for rank in ranked if rank <= m.rank(payee, tree["as"])]
        return counted(m, ranked[max(held)], payee) if held else None
    if tree["by"] == "type":
        kind = m.partners[payee].type
        return counted(m, values[kind], payee) if kind in values else None
    have = m.measured(tree["metric"], payee)
    reached = [tier["value"] for tier in values if m.as_unit(tree["metric"], tier["from"]) <= have]
    return counted(m, reached[-1], payee) if reached else None


def weight(m: Month, shares: Any, payee: str) -> int:
    """How much a qualified partner's share weighs."""
    if shares == "equal" or "places" in shares:
        return 1
    if "points" in shares:
        return counted(m, shares["points"], payee) or 0
    have = m.measured(shares["in_proportion"], payee)
    return min(have, m.as_unit(shares["in_proportion"], shares["limit"])) if "limit" in shares else have


def fund_minor(m: Month, bonus: Bonus, sold: int, left_minor: int) -> int:
    """The fund: rate × what the company sold, rounded first, and what earlier pools left for it."""
    return m.amount(sold * m.worth(bonus["fund"]["base"]) * percent(bonus["fund"]["rate"])) + left_minor


def pool(m: Month, bonus: Bonus) -> list[Line]:
    """Shares, rounded down at the point or at the share.

    Decided: a share is rounded down whatever the plan's rule, so that a pool never pays more than its fund; a point of a share in
    proportion is one whole unit of its metric; who weighs nothing has no place; a fund of 0 or less shares nothing and leaves
    nothing to the next fund: nobody owes a pool money, so what refunds took from it beyond what was sold is the company's.
    """
    base = bonus["fund"]["base"]
    sold = m.sold(base, m.taken_by(bonus, bonus["fund"]["sources"]))
    weights = {p: weight(m, bonus["shares"], p) for p in m.partners if qualifies(m, bonus, p)}
    sharing = sorted((p for p in weights if weights[p] > 0), key=lambda p: order_key(m, bonus["order"], p))
    left = m.after.bonuses.get(("rest", bonus["name"]), 0)
    m.pooled[bonus["name"]] = (sold, [(p, weights[p]) for p in sharing])
    fund = fund_minor(m, bonus, sold, left)
    found = shared(m, bonus, fund)
    rest = fund - sum(x.amount_minor for x in found)
    if isinstance(bonus["rest"], dict) and rest > 0:
        key = ("rest", bonus["rest"]["next_fund"])
        m.after.bonuses[key] = m.after.bonuses.get(key, 0) + rest  # type: ignore[index]
    return found


def standing_fund(m: Month, bonus: Bonus, more: Mapping[str, int]) -> int:
    """The fund of a pool of this period where so much more, or less, was sold for it and for others, by the name of the pool: its
    own rate of that, and what each pool that leaves its rest to it leaves then.

    Decided: a pool that stays leaves what it left, whatever else changes, and so do those that it had something from.
    """
    feeding = [b for b in m.plan["bonuses"] if b["name"] in m.pooled and b["rest"] == {"next_fund": bonus["name"]}]
    left = sum(rest_left(m, other, more if other["reversals"] == "cascade" else {}) for other in feeding)
    return fund_minor(m, bonus, m.pooled[bonus["name"]][0] + more.get(bonus["name"], 0), left)


def rest_left(m: Month, bonus: Bonus, more: Mapping[str, int]) -> int:
    """What a pool leaves for the next fund where so much more was sold: what its shares before limits leave of its fund."""
    fund = standing_fund(m, bonus, more)
    return max(0, fund - sum(x.amount_minor for x in shared(m, bonus, fund)))


def shared(m: Month, bonus: Bonus, fund: int) -> list[Line]:
    """The shares of a fund among those who share this pool in the period, with the rest where that goes to the first."""
    shares, (_, sharing) = bonus["shares"], m.pooled[bonus["name"]]
    places = [percent(place) for place in shares["places"]] if isinstance(shares, dict) and "places" in shares else []
    sharing = sharing[: min(bonus.get("first", len(sharing)), len(places) if places else len(sharing))]
    found: list[Line] = []
    total = sum(weighs for _, weighs in sharing)
    for place, (payee, weighs) in enumerate(sharing, 1) if fund > 0 else ():
        if places:
            part = m.down(fund * places[place - 1])
        elif bonus["rounded_at"] == "share":
            part = m.down(Fraction(fund * weighs, total))
        else:
            part = m.down(Fraction(m.down(Fraction(fund * point(m, shares), total)) * weighs, point(m, shares)))
        told = int(places[place - 1] * 10**6) if places else weighs
        found += line(m, bonus, payee, place if places else 1, Fraction(part), told, base_minor=fund)
    rest = fund - sum(x.amount_minor for x in found)
    if bonus["rest"] == "first" and sharing and fund > 0 and rest > 0:
        found = _with_rest(m, bonus, found, sharing[0][0], rest, fund, int(places[0] * 10**6) if places else 0)
    return found


def point(m: Month, shares: Any) -> int:
    """What one point is in units of the weights: one of them, or a whole unit of a metric."""
    if not (isinstance(shares, dict) and "in_proportion" in shares):
        return 1
    unit = m.unit(shares["in_proportion"])
    return {"volume": 10**money.VOLUME_DECIMALS, "money": 10**m.exponent, "share": 10**4, "count": 1}[unit]


def _with_rest(m: Month, bonus: Bonus, lines: list[Line], first: str, rest: int, fund: int, weighs: int) -> list[Line]:
    """The share of the first by order with what the others left, as one line."""
    if not any(x.partner_id == first for x in lines):
        return [*lines, *line(m, bonus, first, 1, Fraction(rest), weighs, base_minor=fund)]
    return [replace(x, amount_minor=x.amount_minor + rest) if x.partner_id == first else x for x in lines]
