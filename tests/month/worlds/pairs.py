"""Where choices meet: in which networks a pair of them really did something together, told from what the model computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tests.model import Month, Result
from tests.records import Network

Document = dict[str, Any]
TOLD = {  # by what they read, the bonuses of `sisters`
    "ranks": "told-rank",
    "lines": "told-lines",
    "lines down": "told-down",
    "earned": "told-before",
    "earned in another plan": "told-there",
}
TITLES = ("kept", "window", "step_down")
PAIRS = (
    *("compression × generations", "caps × matching", "refunds × differential", "transfer × parts of closed lines"),
    *(f"moved partners × title {title}" for title in TITLES),
    *(f"moved partners × {state}" for state in ("grace", "binary carry", "running totals", "held rank bonuses")),
    *(f"closed periods × {what}" for what in ("ranks", "lines", "lines down", "earned", "earned in another plan")),
)

# In how many networks of an everyday run a pair has to meet that meets less often than the others.
RARE = {"transfer × parts of closed lines": 2}


def networks_of(partners: Iterable[str]) -> set[str]:
    """The networks of a batch that partners belong to, by the prefix of their ids."""
    return {partner.split("-")[0] for partner in partners}


def met(plan: Document, results: list[Result], networks: list[Network]) -> Iterator[tuple[str, str]]:
    """Each pair with each network in which it met while a plan's periods were closed one after another."""
    for result in results:
        for name, found in (
            ("compression × generations", _compressed(plan, result)),
            ("caps × matching", _capped(plan, result)),
            ("refunds × differential", _refunded(plan, result.month)),
            ("transfer × parts of closed lines", _parted(result)),
            *((f"closed periods × {what}", _paid(result, name)) for what, name in TOLD.items()),
        ):
            yield from ((name, network) for network in networks_of(found))
    for number in range(1, len(results)):
        moved = networks_of(_moved(networks[number - 1], networks[number]))
        for name, partners in _carried(plan, results[number - 1]).items():
            yield from ((f"moved partners × {name}", network) for network in moved & networks_of(partners))


def _own(bonus: Document) -> set[str]:
    return {name for name in bonus["of"] if isinstance(name, str)}


def _paid(result: Result, name: str) -> set[str]:
    return {line.partner_id for line in result.lines if line.bonus == name}


def _compressed(plan: Document, result: Result) -> set[str]:
    """Who is paid by generation for what a compression paid, or on the tree that a transfer compressed."""
    compressed = {b["name"] for b in plan["bonuses"] if b.get("compression", "none") != "none"}
    matched = [b for b in plan["bonuses"] if b["kind"] == "matching" and "generations" in b["by"] and compressed & _own(b)]
    found = [*matched, *(b for b in plan["bonuses"] if b["kind"] == "generation" and b["tree"] == "transferred")]
    return {partner for bonus in found for partner in _paid(result, bonus["name"])}


def _capped(plan: Document, result: Result) -> set[str]:
    """Whose lines a cap cut that a match pays on or is."""
    matching = [b for b in plan["bonuses"] if b["kind"] == "matching"]
    named = {name for bonus in matching for name in (bonus["name"], *_own(bonus))}
    paid = networks_of(partner for bonus in matching for partner in _paid(result, bonus["name"]))
    return {partner for partner, bonus in result.month.cut if bonus in named and networks_of([partner]) <= paid}


def _refunded(plan: Document, month: Month) -> set[str]:
    """Sellers of what a refund took back in a later period than its order's, with somebody above whom a differential paid."""
    found = set()
    for bonus in plan["bonuses"]:
        if bonus["kind"] in ("differential", "infinity_differential"):
            payees = {line.partner_id for line in month.lines if line.bonus == bonus["name"]}
            for source in month.taken_by(bonus, bonus["sources"]):
                seller = source.order.partner
                if source.base(bonus["base"]) < 0 and payees & set(month.path(seller, bonus["tree"])):
                    found.add(seller)
    return found


def _parted(result: Result) -> set[str]:
    """Who is paid, or pays back, a part of a closed line that is of an order whose volume somebody took in that period."""
    now, found = result.month, set()
    for closed in now.history if "transfer" in now.plan else ():
        sellers = {order.id: order.partner for order in now.network.orders}
        named = {b["name"] for b in closed.plan["bonuses"] if b.get("tree") == "transferred" and b.get("base") != "money"}
        for line in result.lines:
            kind, _, rest = line.source_id.partition(" ")
            order_id, _, period = rest.rpartition(" ")
            seller = sellers.get(order_id.partition("/")[0])
            of_it = kind in ("reversal", "late") and period == closed.period and line.bonus in named
            if of_it and closed.hosts.get(seller, seller) not in (None, seller):
                found.add(line.partner_id)
    return found


def _moved(before: Network, now: Network) -> set[str]:
    places = {p.id: (p.sponsor, p.placement, p.leg) for p in before.partners}
    return {p.id for p in now.partners if places[p.id] != (p.sponsor, p.placement, p.leg)}


def _carried(plan: Document, result: Result) -> Mapping[str, set[str]]:
    """Who carries something into the next period, by what it is."""
    state, found = result.carried, dict[str, set[str]]()
    title = plan.get("ranks", {}).get("title")
    if title:
        found[f"title {title if isinstance(title, str) else next(iter(title))}"] = {p for p, t in state.titles.items() if t}
    if plan["active"]["grace_periods"]:
        found["grace"] = {p for p, held in state.met[0].items() if held}
    for bonus in plan["bonuses"]:
        kept: Any = state.bonuses.get(bonus["name"], {})
        if bonus["kind"] == "binary":
            found.setdefault("binary carry", set()).update(p for p, legs in kept.items() if any(legs))
        if bonus["kind"] == "rank_bonus" and bonus["after_periods"] > 1:  # a row has begun that is not paid for
            waiting = {p for p, (rows, done) in kept.items() if any(n not in done and row for n, row in rows.items())}
            found.setdefault("held rank bonuses", set()).update(waiting)
    if state.running:
        found["running totals"] = {p for by in state.running.values() for p, total in by.items() if total}
    return found
