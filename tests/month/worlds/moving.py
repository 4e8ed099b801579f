"""What changes in a company between two closed periods: who moves to another sponsor or place, or becomes somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from tests.month.worlds.networks import COUNTRIES, LEGS, TYPES
from tests.records import Network, Partner

GAPS = 2  # between the three periods that a plan closes at most


@dataclass(frozen=True)
class Move:
    """A change of one partner once so many periods are closed: to a sponsor, to a leg of somebody, or of other fields."""

    closed: int
    partner: str
    sponsor: str | None = None
    place: tuple[str, int] | None = None
    fields: tuple[tuple[str, str | None], ...] = ()


def moves(rng: Random, network: Network) -> list[Move]:
    """Some moves within a network, most of them to other sponsors."""
    found: list[Move] = []
    ids = [p.id for p in network.partners]
    for closed in range(1, GAPS + 1):
        for _ in range(rng.choice([0, 1, 2, 4]) if len(ids) > 1 else 0):
            who, chance = rng.choice(ids), rng.random()
            if chance < 0.6:
                found.append(Move(closed, who, rng.choice([*ids, None]) if chance < 0.1 else rng.choice(ids)))
            elif chance < 0.8:
                found.append(Move(closed, who, place=(rng.choice(ids), rng.randint(1, LEGS))))
            else:
                changes: tuple[tuple[str, str | None], ...] = (
                    ("type", rng.choice(TYPES)),
                    ("country", rng.choice(COUNTRIES)),
                    ("status", rng.choice(["active", "active", "suspended", "terminated"])),
                )
                found.append(Move(closed, who, fields=(rng.choice(changes),)))
    return found


def after(network: Network, wanted: Iterable[Move], closed: int) -> Network:
    """The network once so many periods are closed."""
    partners = {p.id: p for p in network.partners}
    for number in range(1, closed + 1):
        made(partners, wanted, number)
    return replace(network, partners=[partners[p.id] for p in network.partners])


def made(partners: dict[str, Partner], wanted: Iterable[Move], closed: int) -> list[Move]:
    """Make the moves of one gap between periods, one after another; those made. One that cannot be made any more (somebody is
    not there, hangs below, or stands on the leg already) is left out."""
    found = []
    for move in wanted:
        who = partners.get(move.partner)
        if who is None or move.closed != closed:
            continue
        if move.fields:
            now = replace(who, **dict(move.fields))  # type: ignore[arg-type]
        elif move.place is not None:
            now = replace(who, placement=move.place[0], leg=move.place[1]) if _may_stand(partners, who, move.place) else who
        elif move.sponsor is None or (move.sponsor in partners and who.id not in _above(partners, move.sponsor, "sponsor")):
            now = replace(who, sponsor=move.sponsor)
        else:
            now = who
        if now != who:
            partners[who.id] = now
            found.append(move)
    return found


def _above(partners: dict[str, Partner], start: str, edge: str) -> list[str]:
    """A partner and everybody above."""
    found: list[str] = []
    at: str | None = start
    while at is not None:
        found.append(at)
        at = getattr(partners[at], edge)
    return found


def _may_stand(partners: dict[str, Partner], who: Partner, place: tuple[str, int]) -> bool:
    """Whether somebody has or may get a place under one who has one: a free leg not below, and no root is left alone."""
    under, leg = place
    below = [p for p in partners.values() if p.placement is not None]
    placed = {p.id for p in below} | {p.placement for p in below}
    is_root = who.id in placed and who.placement is None
    left_alone = who.placement is not None and partners[who.placement].leg is None
    left_alone &= sum(p.placement == who.placement for p in below) == 1
    if under not in placed or is_root or left_alone:
        return False
    is_taken = any((p.placement, p.leg) == (under, leg) for p in below)
    return not is_taken and who.id not in _above(partners, under, "placement")
