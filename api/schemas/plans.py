"""Plans as partners read them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.fields import Schema, Text, Whole
from graphsvc.plan.phrases import LANGUAGES


class PlanPageQuery(Schema):
    """In which language, and of which version."""

    lang = Text(
        characters_max=2,
        validate=validate.OneOf(LANGUAGES, error=f"must be {' or '.join(LANGUAGES)}"),
        metadata={"description": "Language of the page.", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
    )
    version = Whole(low=1, high=1_000_000, text=True, metadata={"description": "Which version; left out, the newest."})


class PlanPage(Schema):
    """A published plan in words, with numbers worked from its own rates."""

    plan = fields.String(required=True)
    version = fields.Integer(required=True)
    valid_from = fields.String(required=True, metadata={"description": "First day on which the version applies."})
    title = fields.String(required=True)
    lang = fields.String(required=True)
    page = fields.String(required=True, metadata={"description": "Markdown."})
