"""Lines of a closed month, why they are what they are, and why one is missing. Money is in minor units of `currency`."""

from __future__ import annotations

from marshmallow import fields

from api.fields import Chosen, Instant, Month, Schema, Whole
from api.schemas.pages import Page, PageQuery

LEVEL_MAX = 1000
PLAN = "Needed where several plans closed the month."


class _Of(Schema):
    month = Month(required=True)
    plan = Chosen(characters_max=128, metadata={"description": PLAN})


class MonthQuery(_Of):
    """Which closed month."""


class EarningsQuery(PageQuery, _Of):
    """Which closed month."""


class ExplainQuery(_Of):
    """Which line; left out: the first of the month."""

    bonus = Chosen(characters_max=128)
    level = Whole(low=1, high=LEVEL_MAX, text=True)


class WhyNotQuery(_Of):
    """Which level was not paid; the bonus may be left out where the plan has one."""

    level = Whole(low=1, high=LEVEL_MAX, text=True, required=True)
    bonus = Chosen(characters_max=128)


class EarningLine(Schema):
    """One line: what a partner is owed, by which bonus and level."""

    partner_id = fields.String(required=True)
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    class_ = fields.String(
        required=True,
        data_key="class",
        attribute="class",
        metadata={"description": "Class of its sources, where the plan tells them apart; else empty."},
    )
    source_id = fields.String(
        required=True, metadata={"description": "Order and line, where the plan makes a line of each; else empty."}
    )
    base_minor = fields.Integer(required=True)
    rate_ppm = fields.Integer(required=True, allow_none=True, metadata={"description": "Parts per million."})
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)


class EarningsPage(Page):
    """A page of lines, by bonus, level and source."""

    items = fields.List(fields.Nested(EarningLine), required=True)


class Hop(Schema):
    """One partner on the way up from a sale."""

    partner_id = fields.String(required=True)
    distance = fields.Integer(required=True)
    outcome = fields.String(required=True, metadata={"description": "sold, paid, skipped, closed or passed."})
    levels = fields.List(fields.Integer(), required=True)
    reason = fields.String(required=True)


class Source(Schema):
    """One seller, or one order, behind a line."""

    partner_id = fields.String(required=True)
    source_id = fields.String(required=True)
    base = fields.Integer(required=True)
    base_minor = fields.Integer(required=True)
    hops = fields.List(fields.Nested(Hop), required=True)


class Explanation(Schema):
    """Where the amount of a line comes from, hop by hop, out of the frozen month."""

    month = fields.String(required=True)
    plan = fields.String(required=True)
    plan_version = fields.Integer(required=True)
    run_id = fields.String(required=True)
    partner_id = fields.String(required=True)
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    rule = fields.String(required=True)
    base_of = fields.String(required=True)
    base = fields.Integer(required=True, metadata={"description": "In thousandths of volume, or minor units, as `base_of` says."})
    base_minor = fields.Integer(required=True)
    rate_ppm = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null where it is not one base × one rate."}
    )
    rounding = fields.String(required=True)
    amount_minor = fields.Integer(required=True, metadata={"description": "As stored."})
    earned_minor = fields.Integer(required=True, metadata={"description": "Before limits."})
    computed_minor = fields.Integer(required=True, metadata={"description": "What was earned, computed again from the sources."})
    equal = fields.Boolean(required=True)
    currency = fields.String(required=True)
    lines = fields.Integer(required=True)
    source_count = fields.Integer(required=True)
    sources = fields.List(fields.Nested(Source), required=True, metadata={"description": "The largest; `source_count` has all."})
    source_class = fields.String(
        required=True, metadata={"description": "Class of the sources, where the plan tells them apart."}
    )
    facts = fields.List(fields.String(), required=True, metadata={"description": "What else stands behind it, in sentences."})


class LinePart(Schema):
    """Part of a line of a closed month, and where its money is; parts of a line sum to it."""

    plan = fields.String(required=True)
    month = fields.String(required=True)
    partner_id = fields.String(required=True)
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    class_ = fields.String(required=True, data_key="class", attribute="class")
    source_id = fields.String(required=True)
    line_minor = fields.Integer(required=True, metadata={"description": "The whole line."})
    amount_minor = fields.Integer(required=True, metadata={"description": "This part of it."})
    currency = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={
            "description": "paid, held, waiting (for its hold days), owed (until the next batch), negative (the balance is below "
            "zero) or offset (set off against other lines of the month)."
        },
    )
    payout_id = fields.String(required=True, allow_none=True)
    payout_state = fields.String(required=True, allow_none=True)
    before = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Payouts that failed or came back, with which it was paid before."},
    )
    hold_id = fields.String(required=True, allow_none=True)
    available_on = Instant(required=True, allow_none=True)
    shared_minor = fields.Integer(
        required=True,
        metadata={"description": "Of the month's total, what stands on other balances, which no payout takes."},
    )


class LineParts(Schema):
    """The parts of a partner's lines of a closed month."""

    items = fields.List(fields.Nested(LinePart), required=True)


class Beside(Schema):
    """A bonus that counts an order as one of many, without a way up from it."""

    plan = fields.String(required=True)
    month = fields.String(required=True)
    run_id = fields.String(required=True)
    bonus = fields.String(required=True)
    kind = fields.String(required=True)


class OrderTrace(Schema):
    """The lines of closed months that an order fed, part by part, and the bonuses that count it as one of many."""

    order_id = fields.String(required=True)
    lines = fields.List(fields.Nested(LinePart), required=True)
    besides = fields.List(fields.Nested(Beside), required=True)


class Failure(Schema):
    """One test of the plan that failed."""

    condition = fields.String(required=True)
    metric = fields.String(required=True)
    unit = fields.String(required=True)
    have = fields.Integer(required=True)
    need = fields.Integer(required=True)
    text = fields.String(required=True)


class WhyNot(Schema):
    """Why a partner was not paid at a level."""

    month = fields.String(required=True)
    plan = fields.String(required=True)
    partner_id = fields.String(required=True)
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    reason = fields.String(
        required=True, metadata={"description": "paid, inactive, not_open, vanished, rounded_to_zero or nothing_reached."}
    )
    sentence = fields.String(required=True)
    currency = fields.String(required=True)
    amount_minor = fields.Integer(required=True, metadata={"description": "What was paid, where `reason` is paid."})
    failures = fields.List(fields.Nested(Failure), required=True)
