"""Partners and pages of them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.fields import Chosen, Instant, Month, Schema, Text, Whole
from api.schemas.pages import Page, PageQuery
from graphsvc.imports import values

DEPTH_MAX = 1_000_000
SPONSOR = "Who brought the partner; null for a root, and for the partner a cabinet key belongs to."


class NewPartner(Schema):
    """A partner to add, under an id of the caller's choice."""

    id = Text(
        required=True, characters_max=values.ID_CHARACTERS_MAX, metadata={"description": "The company's own id; never changes."}
    )
    joined_at = Text(
        required=True,
        characters_max=40,
        metadata={
            "description": "A date (the plan's local midnight), or a time with Z or an offset.",
            "examples": ["2025-03-01"],
        },
    )
    sponsor_id = Text(
        characters_max=values.ID_CHARACTERS_MAX, metadata={"description": "Who brought the partner; left out for a root."}
    )
    name = Text(characters_max=values.TEXT_CHARACTERS_MAX, empty=True)
    type = Text(characters_max=values.ID_CHARACTERS_MAX, metadata={"default": "partner"})
    status = Text(characters_max=20, metadata={"enum": list(values.STATUSES), "default": "active"})
    country = Text(characters_max=2, metadata={"description": "ISO 3166 alpha-2 code.", "examples": ["DE"]})


class Partner(Schema):
    """A partner."""

    id = fields.String(required=True)
    sponsor_id = fields.String(required=True, allow_none=True, metadata={"description": SPONSOR})
    name = fields.String(required=True, allow_none=True)
    type = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(values.STATUSES))
    joined_at = Instant(required=True)
    country = fields.String(required=True, allow_none=True)
    level = fields.Integer(required=True, metadata={"description": "Distance from the root of the tree."})
    frontline = fields.Integer(required=True, metadata={"description": "How many partners this one sponsors directly."})


class Found(Schema):
    """A partner as found by a search."""

    id = fields.String(required=True)
    sponsor_id = fields.String(required=True, allow_none=True, metadata={"description": SPONSOR})
    level = fields.Integer(required=True)
    name = fields.String(required=True, allow_none=True)
    type = fields.String(required=True)
    status = fields.String(required=True)


class TreeRow(Found):
    """A partner in a tree, flat: its place is `sponsor_id` and `depth`."""

    depth = fields.Integer(required=True, metadata={"description": "Steps from the partner that was asked about."})


class Child(TreeRow):
    """A partner sponsored directly."""

    frontline = fields.Integer(required=True)


class FoundPage(Page):
    """A page of a search, by id."""

    items = fields.List(fields.Nested(Found), required=True)


class TreePage(Page):
    """A page of a tree."""

    items = fields.List(fields.Nested(TreeRow), required=True)


class ChildPage(Page):
    """A page of directly sponsored partners, by id."""

    items = fields.List(fields.Nested(Child), required=True)


class SearchQuery(PageQuery):
    """What to search for."""

    q = Text(required=True, characters_max=100, metadata={"description": "Start of an id, or starts of words of the name or id."})


class DownlineQuery(PageQuery):
    """How deep to look."""

    depth = Whole(low=1, high=DEPTH_MAX, text=True, metadata={"description": "Levels down at most; left out: all."})


class TeamQuery(Schema):
    """Which closed month to look at."""

    month = Month(required=True)
    plan = Chosen(
        characters_max=values.ID_CHARACTERS_MAX, metadata={"description": "Needed where several plans closed the month."}
    )


class TeamLevel(Schema):
    """One depth of a team."""

    depth = fields.Integer(required=True)
    partners = fields.Integer(required=True, metadata={"description": "Who had joined by the end of the month."})
    active = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of these, active; null deeper than the plan counts by depth."}
    )


class Team(Schema):
    """A partner's team in a closed month. Volumes are integers in thousandths."""

    partner_id = fields.String(required=True)
    month = fields.String(required=True)
    plan = fields.String(required=True)
    plan_version = fields.Integer(required=True)
    run_id = fields.String(required=True)
    active = fields.Boolean(required=True, metadata={"description": "Whether the partner was active."})
    own_volume = fields.Integer(
        required=True, metadata={"description": "Qualifying volume of the partner's own, in thousandths."}
    )
    team_volume = fields.Integer(
        required=True, metadata={"description": "The same of the partner and everybody below, in thousandths."}
    )
    partners = fields.Integer(required=True, metadata={"description": "Partners below, at all depths."})
    active_partners = fields.Integer(required=True, metadata={"description": "Of these, active."})
    levels = fields.List(fields.Nested(TeamLevel), required=True, metadata={"description": "The first depths of the team."})
