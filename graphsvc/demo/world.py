"""The honest part of the demo: partners who recruit, customers who buy, orders that are sometimes refunded or never paid."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

SEED = 20_260_701
PARTNERS = 2_000
MONTHS = ("2026-07", "2026-08")
OPEN_MONTH = "2026-09"
FIRST_DAY = dt.date(2026, 7, 1)
DAYS = 92
ZONE = dt.timezone(dt.timedelta(hours=3))

TYPES = ("affiliate",) * 6 + ("reseller",) * 3 + ("influencer",)
COUNTRIES = ("RU",) * 7 + ("KZ", "KZ", "AM")
CATEGORIES = ("care", "wellness", "home")
GIVEN = ("Anna", "Boris", "Vera", "Gleb", "Daria", "Egor", "Zhanna", "Ivan", "Kira", "Lev", "Maria", "Nikita", "Olga", "Pavel")
FAMILY = ("Orlova", "Petrov", "Sokolova", "Volkov", "Lebedeva", "Novikov", "Morozova", "Kozlov", "Pavlova", "Semenov")

Row = dict[str, str]


@dataclass
class World:
    """Rows of the five files as the importer takes them, with the chance they are drawn from."""

    chance: random.Random
    partners: list[Row] = field(default_factory=list)
    customers: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)
    identifiers: list[Row] = field(default_factory=list)

    def instant(self, day: dt.date, *, hour: int | None = None, minute: int | None = None) -> str:
        """A moment of that day, in Moscow time."""
        hour = self.chance.randrange(8, 23) if hour is None else hour
        minute = self.chance.randrange(60) if minute is None else minute
        return dt.datetime.combine(day, dt.time(hour, minute), ZONE).isoformat()

    def person(self) -> str:
        """A name; names repeat, as they do in life."""
        return f"{self.chance.choice(GIVEN)} {self.chance.choice(FAMILY)}"

    def partner(self, sponsor_id: str, joined: str, kind: str | None = None) -> str:
        """Enrol one more partner with the identifiers of a person of their own; the id."""
        partner_id = f"D{len(self.partners) + 1:05d}"
        self.partners.append(
            {
                "partner_id": partner_id,
                "sponsor_id": sponsor_id,
                "name": self.person(),
                "type": kind or self.chance.choice(TYPES),
                "status": "active" if self.chance.random() > 0.01 else "suspended",
                "joined_at": joined,
                "country": self.chance.choice(COUNTRIES),
            }
        )
        self.own_identity("partner", partner_id, joined)
        return partner_id

    def customer(self, partner_id: str, joined: str) -> str:
        """A customer of a partner, with identifiers of their own; the id."""
        customer_id = f"DC{len(self.customers) + 1:05d}"
        self.customers.append({"customer_id": customer_id, "partner_id": partner_id, "name": self.person(), "joined_at": joined})
        self.own_identity("customer", customer_id, joined)
        return customer_id

    def order(self, day: dt.date, amount: int, *, partner_id: str = "", customer_id: str = "", when: str = "") -> str:
        """A paid order in whole roubles; the id."""
        order_id, when = f"DO{len(self.orders) + 1:06d}", when or self.instant(day)
        self.orders.append(
            {
                "order_id": order_id,
                "partner_id": partner_id,
                "customer_id": customer_id,
                "placed_at": when,
                "paid_at": when,
                "amount": f"{amount}.00",
                "currency": "RUB",
                "category": self.chance.choice(CATEGORIES),
            }
        )
        return order_id

    def refund(self, order_id: str, when: str, amount: str) -> None:
        """Money given back for an order."""
        self.refunds.append(
            {"refund_id": f"DR{len(self.refunds) + 1:05d}", "order_id": order_id, "refunded_at": when, "amount": amount}
        )

    def identify(self, owner_type: str, owner_id: str, kind: str, value: str, seen: str) -> None:
        """Somebody or some order used this card, device, address …"""
        self.identifiers.append({"owner_type": owner_type, "owner_id": owner_id, "kind": kind, "value": value, "seen_at": seen})

    def own_identity(self, owner_type: str, owner_id: str, seen: str) -> None:
        """Identifiers that nobody else has: what an honest person looks like."""
        number = f"{len(self.identifiers):07d}"
        self.identify(owner_type, owner_id, "email", f"{owner_id.lower()}@example.com", seen)
        self.identify(owner_type, owner_id, "device", f"device-{number}", seen)
        if self.chance.random() < 0.7:
            self.identify(owner_type, owner_id, "card", f"0000 0000 {number[:4]} {number[3:]}", seen)
        if owner_type == "partner":
            self.identify(owner_type, owner_id, "bank_account", f"DEMO{number}", seen)


def build(seed: int = SEED) -> World:
    """The honest network: a tree grown one by one, then three months of days."""
    world = World(random.Random(seed))  # noqa: S311 - a demo is to be repeatable, not secret
    _grow(world)
    _families(world)
    _trade(world)
    return world


def _grow(world: World) -> None:
    chance = world.chance
    joined = dt.date(2025, 1, 10)
    root = world.partner("", joined.isoformat(), "reseller")
    world.partners[0]["name"], world.partners[0]["status"] = "Demo Company", "active"
    sponsors = [root]
    for number in range(1, PARTNERS):
        # Who has recruited recruits again, and sometimes a line grows one below the other.
        sponsor = sponsors[-1] if chance.random() < 0.12 else chance.choice(sponsors)
        day = joined + dt.timedelta(days=number * 590 // PARTNERS)
        partner_id = world.partner(sponsor, day.isoformat())
        sponsors += [partner_id, sponsor] if chance.random() < 0.6 else [partner_id]
    for _ in range(2_400):
        host = chance.choice(sponsors)
        world.customer(host, (joined + dt.timedelta(days=chance.randrange(500))).isoformat())


def _families(world: World) -> None:
    """People who rightly share: couples at one address, an office behind one IP."""
    chance = world.chance
    for number in range(25):
        one, other = chance.sample(world.partners, 2)
        for partner in (one, other):
            world.identify("partner", partner["partner_id"], "address", f"Demo street {number + 1}, flat 5", partner["joined_at"])
    for partner in chance.sample(world.partners, 30):
        world.identify("partner", partner["partner_id"], "ip", "192.0.2.10", partner["joined_at"])


def _trade(world: World) -> None:
    chance = world.chance
    eager = {p["partner_id"]: chance.betavariate(1.2, 2.2) for p in world.partners}
    joined = {p["partner_id"]: dt.date.fromisoformat(p["joined_at"]) for p in world.partners}
    hosts = {c["customer_id"]: c["partner_id"] for c in world.customers}
    for offset in range(DAYS):
        day = FIRST_DAY + dt.timedelta(days=offset)
        for partner_id, will in eager.items():
            if joined[partner_id] <= day and chance.random() < will * 0.055:
                amount = 600 + int(chance.expovariate(1 / 2_600)) // 10 * 10
                world.order(day, amount, partner_id=partner_id)
        for customer_id, host in hosts.items():
            if joined[host] <= day and chance.random() < 0.008 + eager[host] * 0.02:
                world.order(day, 300 + int(chance.expovariate(1 / 2_200)) // 10 * 10, customer_id=customer_id)
    for order in world.orders:
        roll = chance.random()
        if roll < 0.01:
            order["paid_at"] = ""
        elif roll < 0.03:
            when = dt.datetime.fromisoformat(order["paid_at"]) + dt.timedelta(days=chance.randrange(1, 25))
            back = order["amount"] if chance.random() < 0.7 else f"{int(order['amount'][:-3]) // 2}.00"
            world.refund(order["order_id"], when.isoformat(), back)
