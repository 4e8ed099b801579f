"""Give partners places, and say where they stand. Placing is safe to repeat: who has a place keeps it and is told so.

Looking for a free place takes no lock, so a large tree holds nobody up. The write takes intake's turn and relies on the
constraint: where the place was taken meanwhile, the search begins again, and after a few tries it is done inside the turn, where
nobody can come between. So nobody is lost, and no place has two holders.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from graphsvc import network
from graphsvc.errors import Code, Refused
from graphsvc.periods import midnight
from graphsvc.placement import asked, finding
from graphsvc.placement.asked import Wish
from graphsvc.plan import store
from graphsvc.plan.compiled import CompiledPlan, Tree
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

TRIES = 6
PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a partner stands in a placement tree: under whom and in which leg (neither for a root), and how deep."""

    partner_id: str
    tree: str
    parent_id: str | None
    leg: int | None
    level: int
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A partner without a place, and the last day in the holding tank."""

    partner_id: str
    tree: str
    until: dt.date


@dataclass(frozen=True, slots=True)
class Shown:
    """A partner's place, or that it waits for one; and who stands directly below, with how many in each leg."""

    place: Place | Waiting
    below: list[Row]


def plan_of(database: Database, name: str) -> CompiledPlan:
    """The plan as it applies today, by its own zone; before its first day the newest version."""
    plan = store.get(database, name)
    today = dt.datetime.now(ZoneInfo(plan.time_zone)).date()
    first = min(version.valid_from for version in store.versions(database, name))
    return plan if today < first else store.in_force(database, name, today)


def place(database: Database, plan: CompiledPlan, tree_name: str, partner_id: str, wish: Wish | None = None) -> Place:
    """Give a partner its place by the rule of the plan's tree; `wish` names it, or the leg, where that rule asks for one."""
    tree, wanted = asked.tree_of(plan, tree_name), wish or Wish()
    asked.check(tree, wanted)
    return _place(database, plan, tree, partner_id, wanted)


def enrol(
    database: Database, partner: network.NewPartner, plan: CompiledPlan, tree_name: str, wish: Wish | None = None
) -> tuple[Row, Place]:
    """Add a partner and give it its place. Two writes, each safe to repeat: whoever is stopped between them has a partner in
    the holding tank, and the same call again goes on."""
    tree, wanted = asked.tree_of(plan, tree_name), wish or Wish()
    asked.check(tree, wanted)
    made = network.create(database, partner)
    return made, _place(database, plan, tree, partner.id, wanted)


def _place(database: Database, plan: CompiledPlan, tree: Tree, partner_id: str, wish: Wish) -> Place:
    for attempt in range(TRIES + 1):
        who = database.one("placement.newcomer", partner_id=partner_id, tree=tree.name)
        if who is None:
            raise network.unknown(database, partner_id)
        if who["placed"]:
            return _stands(tree, who, wish)
        try:
            found = _try(database, plan, tree, who, wish, in_turn=attempt == TRIES)
        except Refused as refused:
            if refused.code is not Code.DUPLICATE:
                raise
            continue
        if found is not None:
            return found
    raise Refused(
        Code.BUSY, f"The tree {tree.name} is being changed by somebody else while {partner_id} looks for a place; try again."
    )


def _stands(tree: Tree, who: Row, wish: Wish) -> Place:
    is_other = wish.under_id is not None and (who["parent_id"], who["leg"]) != (wish.under_id, wish.leg)
    if is_other:
        where = f"under {who['parent_id']} in leg {who['leg']}" if who["parent_id"] else "as a root"
        raise Refused(
            Code.PLACED_ALREADY,
            f"{who['id']} stands in the tree {tree.name} already, {where}; change a place with an import that updates.",
        )
    return Place(who["id"], tree.name, who["parent_id"], who["leg"], who["level"])


def _try(database: Database, plan: CompiledPlan, tree: Tree, who: Row, wish: Wish, *, in_turn: bool) -> Place | None:
    """One search and one write; None (or a duplicate) where the graph changed in between."""
    if who["enroller_id"] is None:
        return _root(database, tree, who)
    # Whose turn it is between two legs rests on the newcomer before: looked at only under the lock.
    looked = not in_turn and tree.placement != "alternate"
    spot = finding.find(database, plan, tree, who["enroller_id"], wish) if looked else None

    def work(tx: Transaction) -> Place | None:
        turn = tx.one("imports.take_turn", count=0)
        assert turn is not None
        free = spot or finding.find(tx, plan, tree, who["enroller_id"], wish)
        row = tx.one(
            "placement.take",
            partner_id=who["id"],
            parent_id=free.parent_id,
            leg=free.leg,
            tree=tree.name,
            recorded_at=turn["recorded_at"],
        )
        return None if row is None else Place(who["id"], tree.name, free.parent_id, free.leg, row["level"], is_new=True)

    return database.transact(work)


def _root(database: Database, tree: Tree, who: Row) -> Place | None:
    """A tree begins with whoever stands at the top of the sponsor tree; a newcomer further down then looks again."""

    def work(tx: Transaction) -> None:
        turn = tx.one("imports.take_turn", count=0)
        assert turn is not None
        tx.one("imports.place_roots", rows=who["top_id"], tree=tree.name, recorded_at=turn["recorded_at"])

    database.transact(work)
    return Place(who["id"], tree.name, None, None, 0, is_new=True) if who["top_id"] == who["id"] else None


def waiting(database: Database, plan: CompiledPlan, tree_name: str, today: dt.date | None = None) -> Iterator[Waiting]:
    """Who waits in a tree's holding tank longer than its days allow, enrollers before recruits."""
    tree = asked.tree_of(plan, tree_name)
    day = today or dt.datetime.now(ZoneInfo(plan.time_zone)).date()
    last = day - dt.timedelta(days=tree.holding_days)
    after = -1
    while True:
        rows = database.run(
            "placement.due",
            tree=tree.name,
            joined_until=last,
            joined_before=midnight(last + dt.timedelta(days=1), plan.time_zone),
            after_seq=after,
            count=PAGE,
        )
        for row in rows:
            yield Waiting(row["id"], tree.name, _until(row["joined_at"], plan, tree))
        if len(rows) < PAGE:
            return
        after = rows[-1]["seq"]


def due(database: Database, plan: CompiledPlan, tree_name: str, today: dt.date | None = None) -> Iterator[Place]:
    """Give everybody a place whose time in the holding tank is over, by the tree's strategy."""
    tree = asked.tree_of(plan, tree_name)
    for one in waiting(database, plan, tree_name, today):
        yield _place(database, plan, tree, one.partner_id, Wish())


def places(database: Database, partner_id: str) -> list[Row]:
    """The places a partner has, by the name of the tree."""
    return database.run("placement.places", partner_id=partner_id)


def show(database: Database, plan: CompiledPlan, tree_name: str, partner_id: str) -> Shown:
    """Where a partner stands in a tree and who stands directly below."""
    tree = asked.tree_of(plan, tree_name)
    who = database.one("placement.newcomer", partner_id=partner_id, tree=tree.name)
    if who is None:
        raise network.unknown(database, partner_id)
    if not who["placed"]:
        return Shown(Waiting(partner_id, tree.name, _until(who["joined_at"], plan, tree)), [])
    return Shown(_stands(tree, who, Wish()), database.run("placement.below", partner_id=partner_id, tree=tree.name))


def _until(joined_at: dt.date, plan: CompiledPlan, tree: Tree) -> dt.date:
    """The last day without a place: the day of joining and the tree's days."""
    day = joined_at.astimezone(ZoneInfo(plan.time_zone)).date() if isinstance(joined_at, dt.datetime) else joined_at
    return day + dt.timedelta(days=tree.holding_days)
