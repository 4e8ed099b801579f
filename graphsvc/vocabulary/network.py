"""Who and what the company has: partners, customers, orders, refunds, events, places and identifiers."""

from __future__ import annotations

LABELS: dict[str, dict[str, str]] = {
    "Partner": {
        "id": "The company's own id; unique.",
        "seq": "Dense integer from 0; numbers partners for the blocks of a run; unique.",
        "name": "Name as shown to people; may be missing.",
        "type": "Kind of partner in the company's words, such as affiliate or reseller.",
        "status": "active, suspended or terminated.",
        "joined_at": "When the partner joined: a DATETIME, or a DATE that is local midnight in a plan's zone.",
        "country": "ISO 3166 alpha-2 code; may be missing.",
        "tags": "Words that the company marks the partner with, sorted; missing where there are none.",
        "level": "Distance from the root of the sponsor tree; the root has 0.",
        "recorded_at": "When this service learned of it, UTC.",
    },
    "Customer": {
        "id": "The company's own id; unique.",
        "name": "Name as shown to people; may be missing.",
        "joined_at": "As a partner's.",
        "recorded_at": "When this service learned of it, UTC.",
    },
    "Order": {
        "id": "The company's order id; unique together with line.",
        "line": "Line of the order; '1' where the source names none.",
        "placed_at": "When it was placed, DATETIME or DATE; paid_at where the source does not say.",
        "paid_at": "When it was paid, DATETIME or DATE; missing while unpaid.",
        "amount_minor": "Money in minor units of currency.",
        "currency": "ISO 4217 code.",
        "qv": "Qualifying volume in thousandths; missing means: the money, in the plan's currency.",
        "cv": "Commissionable volume in thousandths; missing as qv.",
        "kind": "retail, own_use or joining_pack.",
        "category": "The company's own category; may be missing.",
        "recorded_at": "When this service learned of it, UTC.",
    },
    "Refund": {
        "id": "The company's refund id; unique.",
        "refunded_at": "When, DATETIME or DATE.",
        "amount_minor": "Money given back, in minor units of the order's currency, over all lines of the order.",
        "recorded_at": "When this service learned of it, UTC.",
        "supposed": "When it was supposed, UTC, to see what it would change; missing of a refund that there is.",
    },
    "Event": {
        "id": "The company's event id; unique.",
        "kind": "What happened, in the company's words, such as lead, task or registration.",
        "happened_at": "When, DATETIME or DATE.",
        "accepted": "Whether the company accepted it; only accepted events count.",
        "recorded_at": "When this service learned of it, UTC.",
    },
    "PlacementTree": {
        "name": "Name of a placement tree; unique. The roots of the tree are placed under this node.",
    },
    "Identifier": {
        "kind": "card, bank_account, device, address, phone, email or ip.",
        "digest": "Keyed HMAC of the normalised value; the value itself is never stored.",
    },
    "Counter": {
        "name": "partner: the next seq; its write lock is what intake and freeze take turns on. plans: the lock of publishing. "
        "payouts: how often holds changed, and the lock of making and approving payouts.",
        "value": "Next free number; of plans, how often the lock was taken.",
    },
}

RELATIONSHIPS: dict[str, dict[str, str]] = {
    "SPONSORED_BY": {
        "partner_id": "Id of the sponsored partner; unique, so nobody has two sponsors.",
        "from": "Since when, as joined_at.",
        "recorded_at": "UTC.",
    },
    "PLACED_UNDER": {
        "tree": "Name of the placement tree.",
        "partner_id": "Id of the placed partner; unique in a tree, so nobody has two places.",
        "parent_id": "Id of whom it stands under, '' for a root; unique with tree and leg, so no place is taken twice.",
        "leg": "Which leg of the parent, from 1; in a binary tree 1 is left and 2 right. Of a root its number among the roots.",
        "level": "Distance from the root of the tree; a root has 0.",
        "from": "Since when, as joined_at.",
        "recorded_at": "UTC.",
    },
    "EVENT_OF": {},
    "REFERRED_BY": {},
    "CREDITED_TO": {},
    "PLACED_BY": {},
    "REFUNDS": {},
    "USES": {"first_seen": "UTC or DATE.", "last_seen": "UTC or DATE."},
}
