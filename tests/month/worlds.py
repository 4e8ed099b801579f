"""Random companies and random plans: everything that the first part of the plan language lets a plan choose.

A batch is one company of many small networks, with the plans that are closed on it. The dates stand where months end
somewhere on earth, the sums where halves are rounded, the networks where compressions differ.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from graphsvc import money
from graphsvc.plan.checks import check
from tests.model import next_month
from tests.records import Customer, Network, Order, Partner, Rate, Refund

# Clocks change inside 2025-03; Asuncion skips the midnight that starts 2017-10, Havana has the one of 2020-11 twice.
MONTHS = ("2025-03", "2024-02", "2023-12", "2017-09", "2020-10")
ZONES = (
    *("UTC", "Europe/Moscow", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
    *("America/Asuncion", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe"),
)
CURRENCIES = ("USD", "JPY", "KWD")
COMPRESSIONS = ("none", "standard", "dynamic", "roll_up")
KINDS = ("retail", "own_use", "joining_pack")
CATEGORIES = (None, None, "tea", "soap")
TYPES = ("partner", "leader", "reseller")
COUNTRIES = (None, "RU", "KZ")
LEVELS_MAX = 6


@dataclass(frozen=True)
class Scheme:
    """One plan: its document in force in each month that is closed, in order."""

    name: str
    documents: tuple[tuple[str, dict[str, Any]], ...]

    def published(self) -> list[dict[str, Any]]:
        """Each version once."""
        return list({d["version"]: d for _, d in self.documents}.values())


@dataclass(frozen=True)
class Batch:
    """A company's networks, each with ids of its own, the rates of its months, and the plans to close."""

    networks: tuple[Network, ...]
    rates: tuple[Rate, ...]
    schemes: tuple[Scheme, ...]

    def network(self) -> Network:
        """All of them in one."""
        return sum(self.networks, Network())


def batch(rng: Random, networks: int, plans: int) -> Batch:
    """A batch drawn by `rng`; networks have the prefixes n0-, n1-, …"""
    month = rng.choice(MONTHS)
    made = [network(rng, month).renamed(f"n{n}-") for n in range(networks)]
    for one in made:
        rng.shuffle(one.partners)  # sponsors may stand after their recruits, lines of an order apart from each other
        rng.shuffle(one.orders)
    return Batch(tuple(made), tuple(_rates(rng, month)), tuple(scheme(rng, f"plan-{n}", month) for n in range(plans)))


def _rates(rng: Random, month: str) -> list[Rate]:
    pairs = [(s, t) for s in CURRENCIES for t in CURRENCIES if s != t]
    return [
        Rate(next_month(month, step), source, target, rng.choice(["1", "0.0091", "147.25", "0.305", "3.2445", "0.333333", "2.5"]))
        for step in range(-4, 5)
        for source, target in pairs
    ]


# Networks, orders and refunds.


def _instant(rng: Random, month: str) -> str:
    """A date or time of these months; most often one at which a day or month begins or ends somewhere."""
    month = next_month(month, rng.choice([-2, -1, 0, 0, 0, 0, 1, 1, 2]))
    first = dt.date.fromisoformat(f"{month}-01")
    day = first + dt.timedelta(days=rng.choice([-1, 0, 0, rng.randrange(28)]))
    if rng.random() < 0.3:
        return day.isoformat()
    if rng.random() < 0.5:
        zone = ZoneInfo(rng.choice(ZONES))
        at = dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(seconds=rng.choice([-1, 0, 0, 1, 3600]))
        at = at.astimezone(
            rng.choice([dt.UTC, dt.timezone(dt.timedelta(hours=rng.randrange(-11, 14), minutes=rng.choice([0, 30])))])
        )
    else:
        at = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=rng.randrange(86_400))
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def network(rng: Random, month: str) -> Network:
    """A small network of a random shape with its orders and refunds."""
    count = rng.choice([1, 2, 5, 9, 14, 20, 30])
    shape = rng.choice(["line", "star", "tree", "bush", "forest"])
    partners: list[Partner] = []
    for n in range(count):
        sponsor = {
            "line": n - 1,
            "star": 0,
            "tree": rng.randrange(max(n, 1)),
            "bush": (n - 1) // 2,
            "forest": rng.randrange(-3, n),
        }
        above = sponsor[shape] if n and (shape == "line" or rng.random() < 0.95) else -1
        partners.append(
            Partner(
                f"P{n}",
                partners[above].id if above >= 0 else None,
                _instant(rng, month) if rng.random() < 0.25 else rng.choice(["2010-05-31", "2016-02-29", "2016-12-31"]),
                rng.choice(["active"] * 8 + ["suspended", "terminated"]),
                rng.choice(TYPES),
                rng.choice(COUNTRIES),
            )
        )
    made = Network(partners)
    made.customers = [
        Customer(f"C{n}", rng.choice(partners).id, _instant(rng, month) if rng.random() < 0.5 else "2010-01-01")
        for n in range(count)
    ]
    for n in range(rng.randrange(4 * count + 2)):
        _order(rng, made, f"O{n}", month)
    return made


def _order(rng: Random, made: Network, order_id: str, month: str) -> None:
    currency = rng.choice(["USD", "USD", "USD", *CURRENCIES])
    buyer = rng.choice(made.customers) if rng.random() < 0.5 else None
    seller = buyer.partner if buyer and rng.random() < 0.8 else rng.choice(made.partners).id
    unpaid = rng.random() < 0.05
    paid_at = None if unpaid else _instant(rng, month)
    placed_at = _instant(rng, month) if unpaid or rng.random() < 0.4 else None
    kind = (
        rng.choice(["retail", "retail", "own_use", "joining_pack"])
        if buyer
        else rng.choice(["own_use", "own_use", "joining_pack"])
    )
    lines = [
        Order(
            order_id,
            seller,
            rng.choice([0, 1, 33, 50, 99, 100, 1000, 1050, 3000, rng.randrange(20_000), rng.randrange(10**8)]),
            currency,
            str(line + 1),
            buyer and buyer.id,
            placed_at,
            paid_at,
            _volume(rng),
            _volume(rng),
            kind,
            rng.choice(CATEGORIES),
        )
        for line in range(rng.choice([1, 1, 1, 1, 2, 3]))
    ]
    if len(lines) > 1 and not unpaid and rng.random() < 0.2:  # delivered and paid in parts
        lines[-1] = replace(lines[-1], paid_at=_instant(rng, month), placed_at=placed_at and _instant(rng, month))
    made.orders += lines
    left_minor = sum(line.amount_minor for line in lines)
    for n in range(rng.choice([0, 0, 0, 1, 2, 3]) if not unpaid else 0):
        if left_minor:
            given_minor = rng.choice([left_minor, max(1, left_minor // 3), rng.randrange(1, left_minor + 1)])
            made.refunds.append(Refund(f"{order_id}-R{n}", order_id, _instant(rng, month), given_minor))
            left_minor -= given_minor


def _volume(rng: Random) -> int | None:
    return rng.choice([None, None, 0, 1, 333, 10_000, 99_999, rng.randrange(200_000), rng.randrange(10**9)])


# Plans.


def scheme(rng: Random, name: str, month: str) -> Scheme:
    """A plan for two or three months that follow each other, now and then changed by a second version."""
    months = [next_month(month, step) for step in range(rng.choice([2, 2, 3]))]
    frame = _frame(rng)
    first = _sound(rng, name, 1, months[0], frame)
    second = _sound(rng, name, 2, months[1], frame) if rng.random() < 0.3 else first
    return Scheme(name, ((months[0], first), *((later, second) for later in months[1:])))


def _frame(rng: Random) -> dict[str, Any]:
    """What every version of a plan has in common: what an order is worth, and when it counts."""
    return {
        "currency": rng.choice(["USD", "USD", *CURRENCIES]),
        "time_zone": rng.choice(ZONES),
        "calendar": "month",
        "volumes": {
            "counted_by": rng.choice(["paid_at", "placed_at"]),
            "own_use": rng.choice(["qv", "cv", "both", "both", "neither"]),
            "joining_pack": rng.choice(["qv", "cv", "both", "neither"]),
            "volume_value": rng.choice([1, 1, "0.40", "12.5", "0.0333", "3"]),
            "refunds": "net",
        },
    }


def _sound(rng: Random, name: str, version: int, month: str, frame: dict[str, Any]) -> dict[str, Any]:
    while True:
        made = document(rng, name, version, month, frame)
        findings = check(made)
        if not findings:
            return made
        # Only what chance cannot see by itself may be drawn again; a document of another form is a fault of this module.
        assert all("digits to stay exact" in f.reason or "are all orders that do not count" in f.reason for f in findings), (
            findings
        )


def document(rng: Random, name: str, version: int, month: str, frame: dict[str, Any]) -> dict[str, Any]:
    """A plan document with one bonus of each compression, in any order."""
    tests = rng.choice([0, 0, 1, 1, 1, 2])
    named = {f"condition-{n}": _items(rng, frame["currency"]) for n in range(3)}
    bonuses = [_bonus(rng, compression, list(named), frame["currency"]) for compression in rng.sample(COMPRESSIONS, 4)]
    used = {level["opens"] for b in bonuses for level in b["levels"] if isinstance(level["opens"], str)}
    used |= {b["vanish"] for b in bonuses if "vanish" in b}
    conditions = {n: items for n, items in named.items() if n in used}
    return {
        "plan": name,
        "version": version,
        "valid_from": f"{month}-01",
        "title": {"en": name, "ru": name},
        **frame,
        "active": {
            "conditions": [_item(rng, frame["currency"], active=True) for _ in range(tests)],
            "grace_periods": rng.choice([0, 0, 1, 2]) if tests else 0,
        },
        **({"conditions": conditions} if conditions else {}),
        "bonuses": bonuses,
        "rounding": {"rule": rng.choice(["half_up", "half_even", "down"]), "to": rng.choice(["minor", "minor", "whole"])},
    }


def _bonus(rng: Random, compression: str, named: list[str], currency: str) -> dict[str, Any]:
    rates = [rng.choice(["5%", "4%", "3%", "1%", "0.5%", "0.0333%", "2.125%"]) for _ in range(rng.randrange(1, LEVELS_MAX + 1))]
    if rng.random() < 0.1:
        rates = ["25%"]
    kinds = rng.choice(["all", "all", sorted(rng.sample(KINDS, rng.randrange(1, 3)))])
    categories = rng.choice(["all", "all", "all", ["tea"], ["", "soap"], ["no such"]])
    return {
        "name": compression.replace("_", "-"),
        "kind": "unilevel",
        "tree": "sponsor",
        "base": rng.choice(["cv", "cv", "qv", "money"]),
        "sources": {"kinds": kinds, "categories": categories},
        "first_level": rng.choice(["seller", "sponsor", "sponsor"]),
        "compression": compression,
        **({"vanish": rng.choice(["inactive", "inactive", *named])} if compression == "standard" else {}),
        "lines": rng.choice(["step", "step", "order"]),
        "levels": [{"rate": rate, "opens": _opens(rng, named, currency)} for rate in rates],
    }


def _opens(rng: Random, named: list[str], currency: str) -> Any:
    chance = rng.random()
    return "active" if chance < 0.5 else rng.choice(named) if chance < 0.7 else _items(rng, currency)


def _items(rng: Random, currency: str) -> list[dict[str, Any]]:
    return [_item(rng, currency) for _ in range(rng.choice([1, 1, 2]))]


def _item(rng: Random, currency: str, *, active: bool = False) -> dict[str, Any]:
    if rng.random() < 0.25:
        return {"any": [_test(rng, currency, active=active) for _ in range(rng.choice([2, 3]))]}
    return _test(rng, currency, active=active)


def _test(rng: Random, currency: str, *, active: bool) -> dict[str, Any]:
    """One test; needs are low, so that both outcomes are common. Activity does not ask for the active."""
    window = rng.choice(["period", "period", "since_joining", {"last": rng.choice([1, 2, 3])}])
    volume = {"at_least": rng.choice(["0.001", 1, "33.333", 100, 1000, 10_000, 200_000])}
    sum_of_money = {"at_least": rng.choice([1, 10, 99]) if not money.exponent(currency) else rng.choice([1, "0.33", "10.50", 99])}
    few = {"at_least": rng.choice([1, 1, 2])}
    tests = [
        {"metric": "pv", "window": window, **volume},
        {"metric": "pv", "window": window, **volume},
        {"metric": "customer_pv", "window": window, **volume},
        {"metric": "customer_share", "window": window, "at_least": rng.choice(["0.0001%", "33.3333%", "50%", "100%"])},
        {"metric": "personal_sales", "of": "money", "window": window, **sum_of_money},
        {"metric": "personal_sales", "of": "average", "window": window, **sum_of_money},
        {"metric": "personal_sales", "of": "count", "window": window, **few},
        {"metric": "customers", **few},
        {"metric": "paying_customers", "window": window, **few},
        {"metric": "orders", "window": window, **few},
        {"metric": "tv", "window": window, **volume},
        {"metric": "leg", "nth": rng.choice([1, 2]), "window": window, **volume},
        {"metric": "outside_legs", "largest": rng.choice([1, 2]), "window": window, **volume},
        {"metric": "legs_with", "volume": rng.choice(["0.001", 10, 100]), "window": window, **few},
        {"metric": "months_since_joining", "at_least": rng.choice([1, 1, 12, 100])},
        {"type": rng.sample(TYPES, 2)},
        {"country": ["RU", "DE"]},
        {"status": ["active", "suspended"]},
    ]
    if not active:
        tests += [{"metric": "active_frontline", **few}] * 2
        tests += [{"metric": "active_downline", "depth": rng.choice([1, 2, 3, "unlimited"]), **few}] * 2
    return rng.choice(tests)
