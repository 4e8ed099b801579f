"""What partners are owed, and payouts. Money is in minor units of `currency`."""

from __future__ import annotations

from marshmallow import fields

from api.fields import Chosen, Day, Instant, Month, Schema, Text, Whole
from api.schemas.pages import LIMIT_MAX, Page, PageQuery

REASON_MAX = 500


class Balance(Schema):
    """What a partner is owed in one currency on one balance; below zero it owes."""

    currency = fields.String(required=True)
    balance = fields.String(required=True, metadata={"description": "main, or one that a plan splits off."})
    owed_minor = fields.Integer(required=True, metadata={"description": "All of it."})
    waiting_minor = fields.Integer(required=True, metadata={"description": "Of it, what waits for its hold days."})
    next_on = Instant(required=True, allow_none=True, metadata={"description": "When the first of that becomes available."})
    held_minor = fields.Integer(required=True, metadata={"description": "Of it, what compliance holds."})
    available_minor = fields.Integer(required=True, metadata={"description": "The rest: what the next batch may pay."})


class BalanceList(Schema):
    """A partner's balances, by currency, the main one first."""

    items = fields.List(fields.Nested(Balance), required=True)


class Posting(Schema):
    """What was put on a partner's account, or taken from it."""

    sequence = fields.Integer(required=True, metadata={"description": "Place in the ledger."})
    entry_id = fields.String(required=True, attribute="id")
    kind = fields.String(
        required=True, metadata={"description": "earnings, correction, payout, payout-settled, payout-failed or payout-returned."}
    )
    recorded_at = Instant(required=True)
    available_on = Instant(required=True, allow_none=True)
    plan = fields.String(required=True)
    month = fields.String(required=True)
    account = fields.String(required=True, metadata={"description": "payable/BALANCE:PARTNER."})
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    reason = fields.String(required=True)


class Statement(Page):
    """A page of a partner's postings, oldest first."""

    items = fields.List(fields.Nested(Posting), required=True)


class PartnerPayout(Schema):
    """A payout as its partner sees it."""

    id = fields.String(required=True)
    batch_id = fields.String(required=True)
    day = Instant(required=True)
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    balance = fields.String(required=True, metadata={"description": "Which balance it pays."})
    state = fields.String(required=True, metadata={"description": "approved, sent, settled, failed or returned."})
    reason = fields.String(required=True, allow_none=True)
    destination_kind = fields.String(required=True)
    destination = fields.String(required=True, metadata={"description": "Its last characters."})


class PartnerPayoutList(Schema):
    """A partner's payouts, newest first."""

    items = fields.List(fields.Nested(PartnerPayout), required=True)


class NewBatch(Schema):
    """A batch to draw."""

    id = Chosen(required=True, characters_max=128, metadata={"description": "Of your choice; the same again is the same batch."})
    currency = Text(required=True, characters_max=3)
    balance = Text(
        characters_max=128, metadata={"description": "Which balance is paid: one that a plan splits off.", "default": "main"}
    )
    day = Day(metadata={"description": "What is available on this day; default today (UTC)."})


class LeftOut(Schema):
    """Who has something and is not in a batch."""

    reason = fields.String(required=True, metadata={"description": "negative, held, minimum or destination."})
    partners = fields.Integer(required=True)
    amount_minor = fields.Integer(required=True)


class Batch(Schema):
    """A batch of payouts: who made and approved it, and where it stands."""

    id = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "making, draft, approved, sent, settled or discarded."})
    currency = fields.String(required=True)
    balance = fields.String(required=True)
    day = Instant(required=True)
    minimum_minor = fields.Integer(required=True)
    payouts = fields.Integer(required=True, allow_none=True)
    amount_minor = fields.Integer(required=True, allow_none=True)
    left_out = fields.Method("_left_out", required=True, metadata={"type": "array", "items": {"type": "object"}})
    person = fields.String(required=True, metadata={"description": "Who made it."})
    made_at = Instant(required=True)
    approver_person = fields.String(required=True, allow_none=True, metadata={"description": "Who approved it: another person."})
    approved_at = Instant(required=True, allow_none=True)
    sent_at = Instant(required=True, allow_none=True)
    settled_at = Instant(required=True, allow_none=True)
    digest = fields.String(required=True, allow_none=True, metadata={"description": "SHA-256 of all its payouts."})

    def _left_out(self, row: dict[str, dict[str, dict[str, int]]]) -> list[dict[str, object]]:
        return [{"reason": name, **told} for name, told in row["left_out"].items()]


class BatchList(Schema):
    """The newest batches, newest first."""

    items = fields.List(fields.Nested(Batch), required=True)


class BatchesQuery(Schema):
    """How many."""

    limit = Whole(low=1, high=LIMIT_MAX, text=True, metadata={"description": "At most so many.", "default": 100})


class Payout(Schema):
    """One payout of a batch."""

    id = fields.String(required=True)
    partner_id = fields.String(required=True)
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    destination_kind = fields.String(required=True)
    destination = fields.String(required=True)


class PayoutPage(Page):
    """A page of a batch's payouts, by partner."""

    items = fields.List(fields.Nested(Payout), required=True)


class PayoutsQuery(PageQuery):
    """Which page."""


class Ended(Schema):
    """What became of one payout."""

    partner_id = Chosen(required=True, characters_max=256)
    reason = Text(required=True, characters_max=REASON_MAX)


class NewDestination(Schema):
    """Where a partner's money goes from the next batch on."""

    kind = Text(required=True, characters_max=32, metadata={"description": "bank_account, card or wallet."})
    value = Text(
        required=True, characters_max=256, metadata={"description": "The account itself: looked at for its digest, never kept."}
    )
    token = Text(required=True, characters_max=200, metadata={"description": "The payment provider's reference for it."})


class Destination(Schema):
    """Where a partner's money goes, as far as people see it."""

    number = fields.Integer(required=True)
    kind = fields.String(required=True)
    destination = fields.String(required=True)
    set_at = Instant(required=True)


class DestinationList(Schema):
    """Where a partner's money goes and went, newest first."""

    items = fields.List(fields.Nested(Destination), required=True)


class NewHold(Schema):
    """Part of a line that is not paid out until somebody decides."""

    id = Chosen(required=True, characters_max=128, metadata={"description": "Of your choice; the same again is the same hold."})
    month = Month(required=True)
    plan = Chosen(characters_max=128, metadata={"description": "Needed where several plans closed the month."})
    bonus = Chosen(required=True, characters_max=128)
    level = Whole(required=True, low=0, high=1_000_000)
    class_ = Text(data_key="class", characters_max=256, empty=True)
    source_id = Text(characters_max=512, empty=True)
    amount_minor = Whole(low=1, metadata={"description": "How much of the line; default all that is left of it."})
    reason = Text(required=True, characters_max=REASON_MAX, metadata={"description": "For the company only."})
    public_reason = Text(required=True, characters_max=REASON_MAX, metadata={"description": "As the partner may read it."})


class Hold(Schema):
    """A hold as the partner may see it."""

    id = fields.String(required=True)
    month = fields.String(required=True)
    plan = fields.String(required=True)
    bonus = fields.String(required=True)
    level = fields.Integer(required=True)
    class_ = fields.String(required=True, data_key="class", attribute="class")
    source_id = fields.String(required=True)
    amount_minor = fields.Integer(required=True)
    currency = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "placed or released."})
    public_reason = fields.String(required=True)
    placed_at = Instant(required=True)
    released_at = Instant(required=True, allow_none=True)


class HoldList(Schema):
    """A partner's holds, newest first."""

    items = fields.List(fields.Nested(Hold), required=True)
