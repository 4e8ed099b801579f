"""The abuses of the demo, each in the shape that the fraud catalogue of this field gives it, and the list of what was planted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from graphsvc.demo.world import World

LAST_DAY_OF_JULY = dt.date(2026, 7, 31)


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted abuse: its pattern, and the partners who take part, the one who gains first."""

    pattern: str
    partner_ids: tuple[str, ...]


def _sponsor(world: World) -> str:
    """An ordinary partner of the upper tree, as the head of something."""
    return world.chance.choice(world.partners[40:400])["partner_id"]


def self_referral(world: World) -> Planted:
    """A partner buys as a customer of their own: same card, same device, nearly the same e-mail."""
    partner_id = _sponsor(world)
    customer_id = world.customer(partner_id, "2026-06-20")
    card = f"0000 1111 {len(world.identifiers):08d}"
    for owner_type, owner_id in (("partner", partner_id), ("customer", customer_id)):
        world.identify(owner_type, owner_id, "card", card, "2026-06-20")
        world.identify(owner_type, owner_id, "device", f"device-self-{customer_id}", "2026-06-20")
    world.identify("customer", customer_id, "email", f"{partner_id.lower()}+shop@example.com", "2026-06-20")
    for day in (3, 12, 25):
        world.order(dt.date(2026, 7, day), 2_400, customer_id=customer_id)
    return Planted("self_referral", (partner_id,))


def referral_loop(world: World) -> Planted:
    """A partner sponsors a second account of their own, whose purchases pay the first."""
    first = _sponsor(world)
    second = world.partner(first, "2026-06-25")
    world.partners[-1]["status"] = "active"
    for partner_id in (first, second):
        world.identify("partner", partner_id, "bank_account", f"DEMOLOOP{second}", "2026-06-25")
        world.identify("partner", partner_id, "device", f"device-loop-{second}", "2026-06-25")
    for month in (7, 8):
        world.order(dt.date(2026, month, 28), 14_000, partner_id=second)
    return Planted("referral_loop", (first, second))


def device_ring(world: World) -> Planted:
    """Several accounts under one sponsor, all worked from one device and one address."""
    head = _sponsor(world)
    members = [world.partner(head, f"2026-07-{5 + n:02d}") for n in range(5)]
    for partner_id in members:
        world.identify("partner", partner_id, "device", f"device-ring-{head}", "2026-07-10")
        world.identify("partner", partner_id, "address", f"Ring lane 1, {head}", "2026-07-10")
        world.order(dt.date(2026, 7, 30), 1_000, partner_id=partner_id)
    return Planted("device_ring", (head, *members))


def straw_recruits(world: World) -> Planted:
    """Recruits who buy exactly what activity asks for, on one card, so that their sponsor's second level opens."""
    head = _sponsor(world)
    members = [world.partner(head, "2026-07-14") for _ in range(6)]
    for partner_id in members:
        order_id = world.order(dt.date(2026, 7, 29), 1_000, partner_id=partner_id)
        world.identify("order", order_id, "card", f"0000 2222 {head}", "2026-07-29")
    world.identify("partner", head, "card", f"0000 2222 {head}", "2026-07-29")
    return Planted("straw_recruits", (head, *members))


def stacking(world: World) -> Planted:
    """A thin chain of accounts without sales between a partner and their real team."""
    head = _sponsor(world)
    chain = [world.partner(head, "2026-06-01")]
    for _ in range(3):
        chain.append(world.partner(chain[-1], "2026-06-02"))
    for number in range(8):
        seller = world.partner(chain[-1], "2026-06-15")
        world.order(dt.date(2026, 7, 2 + number), 3_500, partner_id=seller)
    for partner_id in (head, *chain):
        world.identify("partner", partner_id, "phone", f"+7000{head[1:]}", "2026-06-02")
    return Planted("stacking", (head, *chain))


def rank_buying(world: World) -> Planted:
    """On the month's last evening a sponsor pays the orders that make five of the team active."""
    head = _sponsor(world)
    members = [world.partner(head, "2026-05-20") for _ in range(5)]
    for number, partner_id in enumerate(members):
        when = world.instant(LAST_DAY_OF_JULY, hour=23, minute=10 + number)
        order_id = world.order(LAST_DAY_OF_JULY, 1_050, partner_id=partner_id, when=when)
        world.identify("order", order_id, "card", f"0000 3333 {head}", when)
    world.identify("partner", head, "card", f"0000 3333 {head}", "2026-05-20")
    return Planted("rank_buying", (head, *members))


def burst_sign_up(world: World) -> Planted:
    """A dozen sign-ups within ten minutes from one IP address."""
    head = _sponsor(world)
    day = dt.date(2026, 8, 11)
    members = [world.partner(head, world.instant(day, hour=3, minute=n)) for n in range(12)]
    for partner_id in members:
        world.identify("partner", partner_id, "ip", "203.0.113.77", day.isoformat())
    return Planted("burst_sign_up", (head, *members))


def refund_after_close(world: World) -> Planted:
    """A large order earns commission in July and is given back in August, after the close."""
    head = _sponsor(world)
    seller = world.partner(head, "2026-06-10")
    order_id = world.order(dt.date(2026, 7, 27), 48_000, partner_id=seller)
    world.refund(order_id, world.instant(dt.date(2026, 8, 9)), "48000.00")
    return Planted("refund_after_close", (head, seller))


def inventory_loading(world: World) -> Planted:
    """Large purchases for oneself, month after month, and not one customer."""
    head = _sponsor(world)
    loader = world.partner(head, "2026-04-03")
    for month in (7, 8, 9):
        world.order(dt.date(2026, month, 26), 65_000, partner_id=loader)
    return Planted("inventory_loading", (head, loader))


def ghost(world: World) -> Planted:
    """An account that does nothing itself and shares its bank account with its sponsor."""
    head = _sponsor(world)
    idle = world.partner(head, "2025-02-02")
    world.order(dt.date(2026, 7, 31), 1_000, partner_id=idle)
    for number in range(4):
        below = world.partner(idle, "2026-03-03")
        world.order(dt.date(2026, 7, 5 + number), 6_000, partner_id=below)
    for partner_id in (head, idle):
        world.identify("partner", partner_id, "bank_account", f"DEMOGHOST{idle}", "2026-03-03")
    return Planted("ghost", (idle, head))


RECIPES: tuple[tuple[Callable[[World], Planted], int], ...] = (
    (self_referral, 6),
    (referral_loop, 5),
    (device_ring, 4),
    (straw_recruits, 4),
    (stacking, 3),
    (rank_buying, 4),
    (burst_sign_up, 2),
    (refund_after_close, 4),
    (inventory_loading, 3),
    (ghost, 2),
)


def plant(world: World) -> list[Planted]:
    """Plant every abuse so many times as its recipe says; what was planted, in order."""
    return [recipe(world) for recipe, times in RECIPES for _ in range(times)]
