"""Random companies: networks, places, orders, refunds and events where compressions, halves and ends of months differ."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

from tests.model import next_month
from tests.records import Customer, Event, Network, Order, Partner, Refund

ZONES = (
    *("UTC", "Europe/Moscow", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
    *("America/Asuncion", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe"),
)
CURRENCIES = ("USD", "JPY", "KWD")
CATEGORIES = (None, None, "tea", "soap")
TYPES = ("partner", "leader", "reseller")
COUNTRIES = (None, "RU", "KZ")
TAGS = ("gold", "club")
EVENTS = ("lead", "task")
SENT = (0, 0, 0, 0, 0, 0, 1, 1, 2)  # how many periods are closed when an order or refund is sent
LEGS = 2  # of the placement tree, so that it may be read as a binary tree or as a matrix


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
    count = rng.choice([1, 2, 5, 9, 9, 14, 20])
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
                tuple(sorted(rng.sample(TAGS, rng.choice([0, 0, 0, 1, 2])))),
            )
        )
    made = Network(_placed(rng, partners))
    made.customers = [
        Customer(f"C{n}", rng.choice(partners).id, _instant(rng, month) if rng.random() < 0.5 else "2010-01-01")
        for n in range(count)
    ]
    for n in range(rng.randrange(3 * count + 2)):
        _order(rng, made, f"O{n}", month)
    made.events = [
        Event(f"E{n}", rng.choice(partners).id, rng.choice(EVENTS), _instant(rng, month), rng.random() < 0.8)
        for n in range(rng.randrange(count + 1))
    ]
    return made


def _placed(rng: Random, partners: list[Partner]) -> list[Partner]:
    """The partners with places in a placement tree that spills over; now and then one has none yet."""
    tree = rng.random() < 0.9
    free: list[tuple[str, int]] = []
    found = []
    for number, partner in enumerate(partners):
        place: tuple[str, int] | tuple[None, None] = (None, None)
        if tree and number and free and rng.random() < 0.93:
            place = free.pop(rng.choice([0, 0, -1, rng.randrange(len(free))]))
        if tree and (not number or place[0] is not None):
            free += [(partner.id, leg) for leg in range(1, LEGS + 1)]
        found.append(replace(partner, placement=place[0], leg=place[1]))
    return found


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
    sent = rng.choice(SENT)
    lines = [replace(line, recorded=sent if rng.random() < 0.9 else rng.choice(SENT)) for line in lines]
    made.orders += lines
    left_minor = sum(line.amount_minor for line in lines)
    for n in range(rng.choice([0, 0, 0, 1, 2, 3]) if not unpaid else 0):
        if left_minor:
            given_minor = rng.choice([left_minor, max(1, left_minor // 3), rng.randrange(1, left_minor + 1)])
            after = max(rng.choice(SENT), *(line.recorded for line in lines))
            made.refunds.append(Refund(f"{order_id}-R{n}", order_id, _instant(rng, month), given_minor, after))
            left_minor -= given_minor


def _volume(rng: Random) -> int | None:
    return rng.choice([None, None, 0, 1, 333, 10_000, 99_999, rng.randrange(200_000), rng.randrange(10**7), rng.randrange(10**9)])
