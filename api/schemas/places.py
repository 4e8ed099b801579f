"""Places in placement trees."""

from __future__ import annotations

from marshmallow import fields

from api.fields import Chosen, Instant, Schema, Text, Whole
from graphsvc.imports import values

PARENT = "Whom the partner stands under; null for a root, and where a cabinet key may not see that partner."


class NewPlace(Schema):
    """A place to give, by the rule of a plan's tree."""

    plan = Text(required=True, characters_max=60, metadata={"description": "The plan whose tree it is."})
    tree = Text(required=True, characters_max=60, metadata={"description": "The placement tree, as the plan names it."})
    under_id = Chosen(
        characters_max=values.ID_CHARACTERS_MAX,
        metadata={"description": "Under whom; only where the tree's rule asks for a named place."},
    )
    leg = Whole(
        low=1,
        high=values.LEG_MAX,
        metadata={"description": "The leg from the left, where the rule asks for one; left is 1 and right is 2."},
    )


class Place(Schema):
    """Where a partner stands in a placement tree."""

    tree = fields.String(required=True)
    parent_id = fields.String(required=True, allow_none=True, metadata={"description": PARENT})
    leg = fields.Integer(required=True, allow_none=True, metadata={"description": "The leg from the left; null for a root."})
    level = fields.Integer(required=True, metadata={"description": "Distance from the root of the tree."})
    since = Instant(required=True)


class PlaceList(Schema):
    """The places of a partner, by the name of the tree."""

    items = fields.List(fields.Nested(Place), required=True)
