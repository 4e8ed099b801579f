"""Months of a plan, and the runs that compute them."""

from __future__ import annotations

from marshmallow import fields

from api.fields import Flag, Instant, Schema, Text, Whole
from api.schemas.pages import LIMIT_MAX


class MonthRow(Schema):
    """A month of a plan."""

    plan = fields.String(required=True)
    month = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "open, closing, closed or paid."})
    run_id = fields.String(required=True, allow_none=True, metadata={"description": "The run that closes or closed it."})


class MonthList(Schema):
    """The months a plan was ever computed for, newest first."""

    items = fields.List(fields.Nested(MonthRow), required=True)


class CloseBody(Schema):
    """How to close."""

    out_of_order = Flag(metadata={"description": "Close although an earlier month with orders is open.", "default": False})
    review = Flag(metadata={"description": "Stop when all is computed, and wait for somebody to approve it.", "default": False})


class ApproveBody(Schema):
    """What is approved."""

    run_id = Text(metadata={"description": "The run that was looked at; if another one is ready by now, none is approved."})


class Breakage(Schema):
    """One level of a bonus: what could have been paid, what was, and the difference."""

    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    base_minor = fields.Integer(required=True)
    possible_minor = fields.Integer(required=True)
    paid_minor = fields.Integer(required=True)
    breakage_minor = fields.Integer(required=True)
    lines = fields.Integer(required=True)


class Report(Schema):
    """What a finished run says of itself. Money in minor units of `currency`."""

    currency = fields.String(required=True)
    partners = fields.Integer(required=True)
    active = fields.Integer(required=True)
    orders = fields.Integer(required=True)
    unpaid_count = fields.Integer(required=True)
    unpaid = fields.List(fields.String(), required=True, metadata={"description": "Ids of the first unpaid orders."})
    sold_minor = fields.Integer(required=True)
    payout_minor = fields.Integer(required=True)
    payout_ratio_ppm = fields.Integer(required=True)
    lines = fields.Integer(required=True)
    breakage = fields.List(fields.Nested(Breakage), required=True)
    prizes = fields.Integer(required=True, metadata={"description": "How many were won that are not money."})
    held_minor = fields.Integer(required=True, metadata={"description": "Earned, and waiting for a condition."})
    lapsed_minor = fields.Integer(required=True, metadata={"description": "Earned, and waited in vain."})
    cut_minor = fields.Integer(required=True, metadata={"description": "Earned, and cut by limits."})
    digest = fields.String(required=True, metadata={"description": "SHA-256 of the lines in canonical form."})
    seconds = fields.Integer(required=True)


class Run(Schema):
    """One computation of a month."""

    run_id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "official or preview."})
    state = fields.String(
        required=True,
        metadata={"description": "running, ready (waits to be approved), discarding (is being thrown away), done or discarded."},
    )
    plan = fields.String(required=True)
    plan_version = fields.Integer(required=True)
    month = fields.String(required=True)
    actor = fields.String(required=True, metadata={"description": "The key or account that asked for it."})
    person = fields.String(required=True, metadata={"description": "Whose that is; empty for a key that is nobody's."})
    approval = fields.String(required=True, metadata={"description": "What posting it takes: none, anybody or second-person."})
    approved_by = fields.String(required=True, metadata={"description": "The key or account that approved it, or empty."})
    approver = fields.String(required=True, metadata={"description": "Whose that is."})
    discarded_by = fields.String(required=True, metadata={"description": "The key or account that threw it away, or empty."})
    discarder = fields.String(required=True, metadata={"description": "Whose that is."})
    step = fields.Integer(required=True, metadata={"description": "Finished steps."})
    steps = fields.Integer(required=True, metadata={"description": "Steps in all; 0 until that is known."})
    progress = fields.String(required=True, metadata={"description": "What it is doing now."})
    failure = fields.String(
        required=True, allow_none=True, metadata={"description": "Why it stands still: mend that, then close the month again."}
    )
    started_at = Instant(required=True)
    ready_at = Instant(
        required=True, allow_none=True, metadata={"description": "Since when it waits, or waited, to be approved."}
    )
    finished_at = Instant(required=True, allow_none=True)
    report = fields.Nested(Report, required=True, allow_none=True, metadata={"description": "Null until it is ready or done."})


class RunStarted(Schema):
    """Where to follow a run."""

    run_id = fields.String(required=True)
    location = Text(metadata={"description": "As in the Location header."})


class RunList(Schema):
    """The newest runs, newest first."""

    items = fields.List(fields.Nested(Run), required=True)


class RunsQuery(Schema):
    """How many."""

    limit = Whole(low=1, high=LIMIT_MAX, text=True, metadata={"default": 100})
