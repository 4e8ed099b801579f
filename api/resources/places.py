"""Where partners stand in placement trees, and a place for a newcomer."""

from __future__ import annotations

from typing import Any

from flask import g

from api.noun import Noun
from api.schemas import places as schemas
from api.state import database
from graphsvc import network, placement
from graphsvc.placement.asked import Wish
from graphsvc.query.values import Row

noun = Noun("places", "Places in the placement trees of binary and matrix plans. The sponsor tree says who enrolled whom.")

_PLACE = {"tree": "legs", "parent_id": "P-9", "leg": 2, "level": 4, "since": "2025-03-01T12:00:00Z"}


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/places",
    "listPlaces",
    returns=schemas.PlaceList,
    example={"items": [_PLACE]},
)
def listing(_: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """The places of a partner, by the name of the tree; a tree in which it waits for one is not among them."""
    return {"items": [_seen(row) for row in placement.places(database(), partner_id)]}


@noun.operation(
    "POST",
    "/partners/<partner:partner_id>/places",
    "placePartner",
    body=schemas.NewPlace,
    body_example={"plan": "binary", "tree": "legs"},
    returns=schemas.Place,
    example=_PLACE,
    status=201,
    refuses=(404, 409),
)
def place(_: dict[str, Any], body: dict[str, Any], partner_id: str) -> Any:
    """Give a partner a place by the rule of the plan's tree, or the one that is named where that rule asks for it.

    A partner keeps the place it has: the same request again gets the same answer, another named place is refused.
    """
    plan = placement.plan_of(database(), body["plan"])
    found = placement.place(database(), plan, body["tree"], partner_id, Wish(body.get("under_id"), body.get("leg")))
    return next(_seen(row) for row in placement.places(database(), partner_id) if row["tree"] == found.tree)


def _seen(row: Row) -> Row:
    """The place without a parent whom the caller may not see."""
    parent = row["parent_id"]
    if g.scope_id is None or parent is None or network.visible(database(), parent, g.scope_id) is not None:
        return row
    return row | {"parent_id": None}
