"""Corrections of closed months. Money is in minor units of `currency`."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from api.fields import Chosen, Instant, Month, Schema, Text, Whole
from api.schemas.pages import LIMIT_MAX, Page, PageQuery

REASON_MAX = 500
PARTNERS_MAX = 1_000


class NewCorrection(Schema):
    """A correction to propose."""

    id = Chosen(
        required=True, characters_max=128, metadata={"description": "Of your choice; the same again is the same correction."}
    )
    plan = Chosen(required=True, characters_max=128)
    month = Month(required=True, metadata={"description": "The closed month."})
    version = Whole(
        low=1, high=1_000_000, metadata={"description": "Another version of the plan; default the one it was closed by."}
    )
    partners = fields.List(
        Chosen(characters_max=256),
        validate=ma.validate.Length(min=1, max=PARTNERS_MAX),
        metadata={"description": "Whose lines alone are corrected; left out: everybody's."},
    )
    reason = Text(required=True, characters_max=REASON_MAX, metadata={"description": "As partners may read it."})


class Withdrawal(Schema):
    """Why a correction is given up."""

    reason = Text(required=True, characters_max=REASON_MAX)


class Correction(Schema):
    """A correction: who proposed and approved it, of which closed month, and where it stands."""

    id = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "making, failed, proposed, posted or withdrawn."})
    failure = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it could not be proposed, or was not approved the last time somebody tried."},
    )
    plan = fields.String(required=True)
    month = fields.String(required=True)
    closed_run = fields.String(required=True)
    closed_version = fields.Integer(required=True)
    version = fields.Integer(required=True, attribute="plan_version")
    partners = fields.List(fields.String(), required=True)
    reason = fields.String(required=True)
    lines = fields.Integer(required=True, allow_none=True)
    amount_minor = fields.Integer(
        required=True, allow_none=True, metadata={"description": "What partners get more by it, all together."}
    )
    currency = fields.String(required=True)
    person = fields.String(required=True, metadata={"description": "Who proposed it."})
    proposed_at = Instant(required=True)
    approver_person = fields.String(required=True, allow_none=True, metadata={"description": "Who posted it: another person."})
    approved_at = Instant(required=True, allow_none=True)
    withdrawn_person = fields.String(required=True, allow_none=True)
    withdrawn_at = Instant(required=True, allow_none=True)
    withdrawn_reason = fields.String(required=True, allow_none=True)
    computed_by = fields.String(required=True, attribute="run_id", metadata={"description": "The run that computed it."})
    digest = fields.String(required=True, allow_none=True, metadata={"description": "SHA-256 of its lines; its entries name it."})


class CorrectionList(Schema):
    """The newest corrections, newest first."""

    items = fields.List(fields.Nested(Correction), required=True)


class CorrectionsQuery(Schema):
    """How many."""

    limit = Whole(low=1, high=LIMIT_MAX, text=True, metadata={"description": "At most so many.", "default": 100})


class CorrectionLine(Schema):
    """One line that is corrected, and what is behind it."""

    number = fields.Integer(required=True)
    partner_id = fields.String(required=True)
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    class_ = fields.String(required=True, data_key="class", attribute="class")
    source_id = fields.String(required=True)
    old_minor = fields.Integer(
        required=True,
        metadata={"description": "The closed line with what earlier corrections posted on it; 0 where there is none."},
    )
    new_minor = fields.Integer(required=True)
    difference_minor = fields.Integer(required=True, metadata={"description": "What is posted."})
    causes = fields.List(
        fields.String(), required=True, metadata={"description": "Empty where it only follows from other lines that differ."}
    )


class CorrectionLinePage(Page):
    """A page of a correction's lines, in canonical order."""

    items = fields.List(fields.Nested(CorrectionLine), required=True)


class LinesQuery(PageQuery):
    """Which page."""


class PartnerCorrection(Schema):
    """What a posted correction changed on a line of a partner, as the partner sees it: without what others did."""

    correction_id = fields.String(required=True)
    plan = fields.String(required=True)
    month = fields.String(required=True, metadata={"description": "The closed month whose line it is."})
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    class_ = fields.String(required=True, data_key="class", attribute="class")
    source_id = fields.String(required=True)
    old_minor = fields.Integer(required=True)
    new_minor = fields.Integer(required=True)
    difference_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    reason = fields.String(required=True)
    posted_at = Instant(required=True, attribute="approved_at")


class PartnerCorrectionList(Schema):
    """What posted corrections changed for a partner, the oldest first."""

    items = fields.List(fields.Nested(PartnerCorrection), required=True)
