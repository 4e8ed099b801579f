"""What would be: a closed month computed again, and what a refund would change. Money in minor units of `currency`."""

from __future__ import annotations

from marshmallow import fields

from api.fields import Chosen, Day, Schema, Whole


class Recalculate(Schema):
    """By which version."""

    version = Whole(
        low=1, high=1_000_000, metadata={"description": "Another version of the plan; default the one it was closed by."}
    )


class LineDifference(Schema):
    """One line that would be another, and what is behind it."""

    partner_id = fields.String(required=True)
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    class_ = fields.String(required=True, data_key="class", attribute="class_")
    source_id = fields.String(required=True)
    old_minor = fields.Integer(required=True, metadata={"description": "As posted; 0 where there is no such line."})
    new_minor = fields.Integer(required=True, metadata={"description": "As computed now."})
    difference_minor = fields.Integer(required=True)
    causes = fields.List(
        fields.String(), required=True, metadata={"description": "Empty where it only follows from other lines that differ."}
    )


class Difference(Schema):
    """A closed month and what it would be."""

    run_id = fields.String(required=True)
    closed_run = fields.String(required=True)
    plan = fields.String(required=True)
    month = fields.String(required=True)
    currency = fields.String(required=True)
    closed_version = fields.Integer(required=True)
    version = fields.Integer(required=True)
    old_minor = fields.Integer(required=True)
    new_minor = fields.Integer(required=True)
    difference_minor = fields.Integer(required=True)
    equal = fields.Integer(required=True, metadata={"description": "How many lines are the same."})
    differing = fields.Integer(required=True, metadata={"description": "How many are not; `lines` has the first thousand."})
    lines = fields.List(fields.Nested(LineDifference), required=True)


class SupposedRefund(Schema):
    """A refund that is only supposed."""

    plan = Chosen(required=True, characters_max=128)
    amount_minor = Whole(low=1, metadata={"description": "Of the order's currency; default all that is left of it."})
    day = Day(metadata={"description": "When it is given back; default today (UTC)."})


class LineChange(Schema):
    """One line that would change."""

    partner_id = fields.String(required=True)
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    class_ = fields.String(required=True, data_key="class", attribute="class_")
    source_id = fields.String(required=True)
    closed = fields.String(required=True, metadata={"description": "The closed month whose line it takes a part of, or empty."})
    before_minor = fields.Integer(required=True)
    after_minor = fields.Integer(required=True)


class StandingChange(Schema):
    """One partner who would stand otherwise."""

    partner_id = fields.String(required=True)
    active_before = fields.Boolean(required=True)
    active_after = fields.Boolean(required=True)
    rank_before = fields.String(required=True)
    rank_after = fields.String(required=True)
    title_before = fields.String(required=True)
    title_after = fields.String(required=True)


class Impact(Schema):
    """What a refund would change in the open month in which it counts."""

    order_id = fields.String(required=True)
    amount_minor = fields.Integer(required=True)
    order_currency = fields.String(required=True)
    plan = fields.String(required=True)
    month = fields.String(required=True)
    currency = fields.String(required=True)
    difference_minor = fields.Integer(required=True)
    changed_lines = fields.Integer(required=True)
    changed_standings = fields.Integer(required=True)
    lines = fields.List(fields.Nested(LineChange), required=True)
    standings = fields.List(fields.Nested(StandingChange), required=True)
