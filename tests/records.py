"""A company's files as plain records: what a drawing becomes, what the model judges, what the importer reads.

Instants are the text of the files: a time with an offset, or a bare date. Money is minor units, volumes are thousandths.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphsvc import money


@dataclass(frozen=True)
class Partner:
    id: str
    sponsor: str | None = None
    joined_at: str = "2015-01-01"
    status: str = "active"
    type: str = "partner"
    country: str | None = None
    tags: tuple[str, ...] = ()
    # Whom the partner stands under in the placement tree, and on which of its legs; its root is who others stand under.
    placement: str | None = None
    leg: int | None = None


@dataclass(frozen=True)
class Customer:
    id: str
    partner: str
    joined_at: str = "2015-01-01"


@dataclass(frozen=True)
class Order:
    """One line of an order; the lines of an order share seller, buyer, dates and currency."""

    id: str
    partner: str
    amount_minor: int
    currency: str = "USD"
    line: str = "1"
    customer: str | None = None
    placed_at: str | None = None
    paid_at: str | None = None
    qv: int | None = None
    cv: int | None = None
    kind: str = "own_use"
    category: str | None = None
    # After how many closed periods of each plan the company sent it; more than its date would ask for is late.
    recorded: int = 0


@dataclass(frozen=True)
class Refund:
    id: str
    order: str
    refunded_at: str
    amount_minor: int
    recorded: int = 0


@dataclass(frozen=True)
class Event:
    """Something that a partner did: a task, a lead, a registration; only accepted ones count."""

    id: str
    partner: str
    kind: str
    happened_at: str
    accepted: bool = True


@dataclass(frozen=True)
class Rate:
    """Units of target for one of source, for the orders that a month counts."""

    month: str
    source: str
    target: str
    rate: str


@dataclass
class Network:
    """Everything a company's files say. Partners stand sponsors first."""

    partners: list[Partner] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __add__(self, other: Network) -> Network:
        return Network(
            self.partners + other.partners,
            self.customers + other.customers,
            self.orders + other.orders,
            self.refunds + other.refunds,
            self.events + other.events,
        )

    def renamed(self, prefix: str) -> Network:
        """The same network with every id behind a prefix, so that many worlds share one database."""
        return Network(
            [
                replace(
                    p,
                    id=prefix + p.id,
                    sponsor=p.sponsor and prefix + p.sponsor,
                    placement=p.placement and prefix + p.placement,
                )
                for p in self.partners
            ],
            [replace(c, id=prefix + c.id, partner=prefix + c.partner) for c in self.customers],
            [
                replace(o, id=prefix + o.id, partner=prefix + o.partner, customer=o.customer and prefix + o.customer)
                for o in self.orders
            ],
            [replace(r, id=prefix + r.id, order=prefix + r.order) for r in self.refunds],
            [replace(e, id=prefix + e.id, partner=prefix + e.partner) for e in self.events],
        )

    def known(self, closed: int) -> Network:
        """What the company had sent once so many periods were closed."""
        orders = [o for o in self.orders if o.recorded <= closed]
        return replace(self, orders=orders, refunds=[r for r in self.refunds if r.recorded <= closed])

    def sent(self, closed: int) -> Network:
        """What it sent just then, and the orders of refunds that it sent then, as they stand."""
        refunds = [r for r in self.refunds if r.recorded == closed]
        refunded = {r.order for r in refunds}
        orders = [o for o in self.orders if o.recorded == closed or (o.id in refunded and o.recorded < closed)]
        return Network(orders=orders, refunds=refunds)

    def without(self, ids: set[str]) -> Network:
        """The network without these ids: recruits of a dropped partner move up, what hangs on a dropped id goes with it.

        Who stood under a dropped partner in the placement tree takes the place above, if it is free, else loses its own.
        """
        sponsor = {p.id: p.sponsor for p in self.partners}

        def kept(partner: str | None) -> str | None:
            while partner is not None and partner in ids:
                partner = sponsor[partner]
            return partner

        partners = _placed_without([replace(p, sponsor=kept(p.sponsor)) for p in self.partners if p.id not in ids], self, ids)
        customers = [c for c in self.customers if c.id not in ids and c.partner not in ids]
        buyers = {c.id for c in customers}
        orders = [
            o
            for o in self.orders
            if not ids & {o.id, f"{o.id}/{o.line}", o.partner} and (o.customer is None or o.customer in buyers)
        ]
        paid: dict[str, int] = {}
        for order in orders:
            paid[order.id] = paid.get(order.id, 0) + order.amount_minor
        refunds = []
        for refund in self.refunds:
            if refund.id not in ids and paid.get(refund.order, 0) >= refund.amount_minor:
                paid[refund.order] -= refund.amount_minor
                refunds.append(refund)
        events = [e for e in self.events if e.id not in ids and e.partner not in ids]
        return Network(partners, customers, orders, refunds, events)

    def ids(self) -> list[str]:
        """Everything that `without` can drop, the largest things first."""
        lines = [f"{o.id}/{o.line}" for o in self.orders]
        return [r.id for r in (*self.partners, *self.customers)] + lines + [r.id for r in (*self.refunds, *self.events)]

    def write(self, folder: Path) -> dict[str, Path]:
        """The network as the CSV files of the importer, by the importer's option; empty files are left out."""
        folder.mkdir(parents=True, exist_ok=True)
        currency = {o.id: o.currency for o in self.orders}
        tables: dict[str, tuple[str, Iterable[tuple[str | None, ...]]]] = {
            "partners": (
                "partner_id,sponsor_id,joined_at,status,type,country"
                + (",tags" if any(p.tags for p in self.partners) else "")
                + (",placement_id,leg" if any(p.leg for p in self.partners) else ""),
                [
                    (
                        *(p.id, p.sponsor, p.joined_at, p.status, p.type, p.country),
                        *([";".join(p.tags)] if any(p.tags for p in self.partners) else []),
                        *([p.placement, p.leg and str(p.leg)] if any(p.leg for p in self.partners) else []),
                    )
                    for p in self.partners
                ],
            ),
            "customers": (
                "customer_id,partner_id,joined_at",
                [(c.id, c.partner, c.joined_at) for c in self.customers],
            ),
            "orders": (
                "order_id,line,partner_id,customer_id,placed_at,paid_at,amount,currency,qv,cv,kind,category",
                [
                    (
                        *(o.id, o.line, o.partner, o.customer, o.placed_at, o.paid_at),
                        *(money.format_minor(o.amount_minor, o.currency), o.currency),
                        *(_volume(o.qv), _volume(o.cv), o.kind, o.category),
                    )
                    for o in self.orders
                ],
            ),
            "refunds": (
                "refund_id,order_id,refunded_at,amount",
                [(r.id, r.order, r.refunded_at, money.format_minor(r.amount_minor, currency[r.order])) for r in self.refunds],
            ),
            "events": (
                "event_id,partner_id,kind,happened_at,accepted",
                [(e.id, e.partner, e.kind, e.happened_at, str(e.accepted).lower()) for e in self.events],
            ),
        }
        paths = {}
        for name, (header, rows) in tables.items():
            rows = list(rows)
            if rows:
                paths[name] = folder / f"{name}.csv"
                with paths[name].open("w", newline="", encoding="utf-8") as out:
                    writer = csv.writer(out, lineterminator="\n")
                    writer.writerow(header.split(","))
                    writer.writerows(rows)
        return paths


def shrunk(network: Network, fails: Callable[[Network], bool]) -> Network:
    """A smaller network that still fails, by dropping ever smaller chunks of it (simple delta debugging)."""
    size = len(network.ids())
    while size >= 1:
        ids, start = network.ids(), 0
        while start < len(ids):
            smaller = network.without(set(ids[start : start + size]))
            if len(smaller.ids()) < len(network.ids()) and fails(smaller):
                network, ids = smaller, smaller.ids()
            else:
                start += size
        size //= 2
    return network


def _placed_without(partners: list[Partner], before: Network, ids: set[str]) -> list[Partner]:
    """Partners with a place in what is left of the placement tree."""
    places = {p.id: (p.placement, p.leg) for p in before.partners}
    taken: set[tuple[str, int]] = set()
    found = []
    for partner in partners:
        parent, leg = places[partner.id]
        while parent is not None and parent in ids:
            parent, leg = places[parent]
        free = parent is not None and leg is not None and (parent, leg) not in taken
        if free:
            taken.add((parent, leg))  # type: ignore[arg-type]
        found.append(replace(partner, placement=parent if free else None, leg=leg if free else None))
    return found


def _volume(thousandths: int | None) -> str | None:
    return None if thousandths is None else money.format_volume(thousandths)
