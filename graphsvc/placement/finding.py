"""Where a newcomer goes: the strategies of a placement tree, each one or a few questions to the graph (mechanics section 6).

A strategy only looks. What it found may be taken by somebody else before it is used; the constraint says so then.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.errors import Code, Refused
from graphsvc.placement import volumes
from graphsvc.placement.asked import Wish
from graphsvc.plan.compiled import CompiledPlan, Tree
from graphsvc.query.runner import Database, Transaction

LEFT, RIGHT = 1, 2


@dataclass(frozen=True, slots=True)
class Spot:
    """A free place: below whom, and on which leg."""

    parent_id: str
    leg: int


def find(reader: Database | Transaction, plan: CompiledPlan, tree: Tree, enroller_id: str, wish: Wish) -> Spot:
    """The place of a newcomer under its enroller. Once its days are over, a newcomer for whom nobody named a place goes where
    there is the nearest one: level by level in a matrix, to the weak leg of two."""
    if wish.under_id is not None:
        leg = wish.leg if wish.leg is not None else _first(reader, tree, wish.under_id).leg
        return _named(reader, tree, enroller_id, wish.under_id, leg)
    if tree.kind == "unilevel":
        return _first(reader, tree, enroller_id)
    if tree.kind == "matrix":
        return _evenly(reader, tree, enroller_id) if tree.placement == "even" else _first(reader, tree, enroller_id)
    if tree.placement == "alternate":
        last = reader.one("placement.last_leg", enroller_id=enroller_id, tree=tree.name)
        leg = RIGHT if last is not None and last["leg"] == LEFT else LEFT
        return _outermost(reader, tree, enroller_id, leg)
    if wish.leg is not None:
        leg = wish.leg
    elif tree.placement in ("left", "right"):
        leg = LEFT if tree.placement == "left" else RIGHT
    else:
        left, right = volumes.of_legs(reader, plan, tree.name, enroller_id)
        leg = RIGHT if right < left else LEFT
    return _outermost(reader, tree, enroller_id, leg)


def _named(reader: Database | Transaction, tree: Tree, enroller_id: str, under_id: str, leg: int) -> Spot:
    if reader.one("placement.stands_below", partner_id=under_id, above_id=enroller_id, tree=tree.name) is None:
        raise Refused(
            Code.PLACE_UNFIT,
            f"{under_id} does not stand below {enroller_id} in the tree {tree.name}; a newcomer stands below the enroller.",
        )
    for row in reader.run("placement.below", partner_id=under_id, tree=tree.name):
        if row["leg"] == leg:
            raise Refused(
                Code.PLACE_TAKEN,
                f"Leg {leg} of {under_id} in the tree {tree.name} is taken by {row['partner_id']}; name another.",
            )
    return Spot(under_id, leg)


def _first(reader: Database | Transaction, tree: Tree, enroller_id: str) -> Spot:
    """Level by level: a level is only looked at once the one above is full, so there are few of them."""
    ids = [enroller_id]
    while True:
        row = reader.one("placement.free_in", ids=ids, tree=tree.name, width=tree.width)
        assert row is not None
        if row["parent_id"] is not None:
            return Spot(row["parent_id"], row["leg"])
        ids = row["below"]


def _evenly(reader: Database | Transaction, tree: Tree, enroller_id: str) -> Spot:
    at = enroller_id
    while True:
        row = reader.one("placement.lightest", partner_id=at, tree=tree.name, width=tree.width)
        assert row is not None
        if row["leg"] is not None:
            return Spot(at, row["leg"])
        at = row["down_id"] or at  # nobody: who stood there moved between the two looks


def _outermost(reader: Database | Transaction, tree: Tree, enroller_id: str, leg: int) -> Spot:
    row = reader.one("placement.outermost", partner_id=enroller_id, tree=tree.name, leg=leg)
    assert row is not None
    return Spot(row["parent_id"], leg)
