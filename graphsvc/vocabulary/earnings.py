"""Lines of a run and what stands beside them."""

from __future__ import annotations

from graphsvc.vocabulary.frozen import BLOCK

# What a line holds, paid or not.
_LINE = {
    "run_id": "The run.",
    "partner_id": "The payee.",
    "bonus": "Name of the bonus.",
    "level": "Step of the line.",
    "class": "Source class of the line, or its prize; '' where there is none.",
    "source_id": "Order and line where the plan makes a line an order; '' otherwise.",
    "base": "Sum of the base in its own units: thousandths of volume, or minor units of money.",
    "base_minor": "The base in money, rounded by the plan's rule.",
    "rate_ppm": "Parts per million; missing where the line is not one base times one rate.",
    "amount_minor": "What is owed, minor units.",
    "earned_minor": "What was earned before caps, minor units.",
    "cuts": "Index of each limit that cut the line with the amount before it, flat; missing where none did.",
    "currency": "ISO 4217 code.",
}

LABELS: dict[str, dict[str, str]] = {
    "Earning": {**_LINE, "adjusts": "The closed run whose line this one takes a part of; missing of any other line."},
    "Fund": {
        "run_id": "The run.",
        "bonus": "Name of the pool, or of the group goal.",
        "base": "What the company sold, in the base's own units; of a goal, what the group sold, thousandths.",
        "own_minor": "The pool's own part of it, rounded, minor units.",
        "added_minor": "What earlier pools left for this one.",
        "fund_minor": "Both together: what is shared out.",
        "weights": "All shares together: points, units of the metric, or parts per million by place.",
        "ids": "seq of those who share it, by place, where only the first do; empty otherwise.",
        "first": "seq of the first by order, or of the leader of a team; -1 for nobody.",
        "rest_minor": "What rounding and places left; a fund below 0 whole, which the company bears.",
        "next_fund": "Name of the pool that the rest goes to; '' for none.",
    },
    "Prize": {
        "run_id": "The run.",
        "partner_id": "Who won it.",
        "bonus": "Name of the contest.",
        "level": "Place.",
        "award_en": "The prize in English.",
        "award_ru": "The prize in Russian.",
    },
    "Frontline": {
        "run_id": "The run.",
        "bonus": "Name of the match-down.",
        "bucket": "seq / 16384 of the sponsors.",
        "sponsors": "seq of each one's sponsor.",
        "ids": "seq of each qualified partner.",
    },
    "TeamMembers": {**BLOCK, "bonus": "Name of the group goal.", "ids": "seq of each partner of the team."},
    "HeldLine": {
        **_LINE,
        "run_id": "The run that holds it now.",
        "bucket": "seq / 16384 of the partner.",
        "held_from": "The period it was earned in, 2025-03.",
        "left": "In how many more periods it may be released; 0: it has lapsed.",
    },
    # A line that a limit cut to nothing.
    "CappedLine": {key: said for key, said in _LINE.items() if key not in ("base_minor", "rate_ppm", "currency")},
    "Balance": {
        "run_id": "The run.",
        "partner_id": "Whose.",
        "balance": "Name of the balance, or main for the rest.",
        "amount_minor": "What of the partner's total goes there, minor units.",
        "currency": "ISO 4217 code.",
    },
}
