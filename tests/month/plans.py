"""Small plan documents for worked numbers: a frame in dollars, and one bonus of each kind with every choice made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.graphs import draw
from tests.model import Month, Result, months

Document = dict[str, Any]
EVERYTHING = {"kinds": "all", "categories": "all"}
LEADER = [{"type": ["leader"]}]


VOLUMES: Document = {
    "counted_by": "paid_at",
    "own_use": "both",
    "joining_pack": "both",
    "volume_value": 1,
    "refunds": "net",
    "refunds_belong_to": "own_period",
    "late_orders": "now",
    "late_order_days": 0,
}


def document(*bonuses: Document, value: int | str = 1, **changes: Any) -> Document:
    """A plan in dollars in which everybody able is active."""
    made: Document = {
        "plan": "worked",
        "version": 1,
        "valid_from": "2025-01-01",
        "title": {"en": "Worked", "ru": "Пример"},
        "currency": "USD",
        "time_zone": "UTC",
        "calendar": "month",
        "volumes": VOLUMES | {"volume_value": value},
        "active": {"conditions": [], "grace_periods": 0},
        "bonuses": list(bonuses),
        "rounding": {"rule": "half_up", "to": "minor"},
    }
    return made | changes


def walking(kind: str, **changes: Any) -> Document:
    """A bonus up the sponsor tree on CV of everything."""
    made = {"name": kind.replace("_", "-"), "kind": kind, "tree": "sponsor", "base": "cv", "sources": EVERYTHING, "lines": "step"}
    return made | changes


def levels(*rates: Any, opens: Any = "active", key: str = "rate") -> list[Document]:
    """Levels of these rates or sums: the first open to every active one, the others to those who meet `opens`."""
    return [{key: rate, "opens": opens if number else "active"} for number, rate in enumerate(rates)]


def unilevel(*rates: Any, opens: Any = "active", **changes: Any) -> Document:
    """A unilevel bonus from the sponsor up."""
    made = walking("unilevel", first_level="sponsor", compression="none", levels=levels(*rates, opens=opens)) | changes
    return made | ({"vanish": "inactive"} if made["compression"] == "standard" and "vanish" not in made else {})


def differential(rates: Any, **changes: Any) -> Document:
    """A differential bonus from the seller up, that everybody active is qualified for."""
    return walking("differential", rates=rates, met="qualified", pays_from=0, blocks_from=0, qualified="active") | changes


def award(kind: str, **changes: Any) -> Document:
    """A bonus that walks no tree, for everybody active."""
    return {"name": kind.replace("_", "-"), "kind": kind, "qualified": "active"} | changes


def by_rank(values: Mapping[str, Any], read_as: str = "paid_as") -> Document:
    """A rate, sum or number by the payee's rank."""
    return {"by": "rank", "as": read_as, "values": dict(values)}


def by_type(values: Mapping[str, Any]) -> Document:
    """A rate or sum by the payee's type."""
    return {"by": "type", "values": dict(values)}


def scale(metric: Document, *tiers: tuple[Any, Any], kind: str = "whole") -> Document:
    """A rate or sum by a scale: (from, value) ascending."""
    return {"by": "scale", "metric": metric, "tiers": kind, "values": [{"from": f, "value": v} for f, v in tiers]}


def ranks(*names: str, title: Any = "kept", **conditions: Any) -> Document:
    """Ranks, lowest first, each for the partners of that type unless its conditions are given."""
    listed = [
        {"name": n, "title": {"en": n, "ru": n}, "conditions": conditions.get(n, [{"type": [n]}])}
        for n in names  # type: ignore[misc]
    ]
    return {"title": title, "list": listed}


def pv(at_least: Any, window: Any = "period") -> Document:
    """The test of a PV."""
    return {"metric": "pv", "window": window, "at_least": at_least}


def closed(text: str, plan: Document, period: str = "2025-03", **more: Any) -> Result:
    """One period of a plan on a drawing."""
    return Month(draw(text), plan, period, **more).result()


def paid(text: str, plan: Document, period: str = "2025-03", **more: Any) -> list[tuple[str, int, int]]:
    """The lines of one period as (payee, step, minor units)."""
    return [(x.partner_id, x.level, x.amount_minor) for x in closed(text, plan, period, **more).lines]


def sums(text: str, plan: Document, period: str = "2025-03", **more: Any) -> dict[str, int]:
    """What each payee gets in one period, in minor units."""
    found: dict[str, int] = {}
    for payee, _, amount_minor in paid(text, plan, period, **more):
        found[payee] = found.get(payee, 0) + amount_minor
    return found


def in_turn(text: str, plan: Document, *periods: str, **more: Any) -> list[Result]:
    """Several periods closed one after another."""
    return list(months(draw(text), [(period, plan) for period in periods], **more).values())
