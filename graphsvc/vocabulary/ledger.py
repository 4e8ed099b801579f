"""The ledger: its head and its entries."""

from __future__ import annotations

LABELS: dict[str, dict[str, str]] = {
    "Ledger": {
        "name": "'ledger'; unique. The head of the chain, and the lock that entries take one after another.",
        "id": "Which ledger this is, drawn at random; heads kept outside the database name it.",
        "sequence": "Of the last entry; 0 while there is none.",
        "digest": "Of the last entry; '' while there is none.",
    },
    "LedgerEntry": {
        "id": "Chosen by who posts it; unique, so that nothing is posted twice.",
        "sequence": "Its place, from 1 without a gap; unique. Missing until it is part of the ledger.",
        "kind": "earnings, correction, payout, payout-settled, payout-failed or payout-returned.",
        "recorded_at": "When it was written, UTC.",
        "actor": "Who had it posted.",
        "reason": "Why, in words; '' where the kind says it.",
        "currency": "ISO 4217 code of all its amounts.",
        "available_on": "First day on which its payables may be paid out; missing where nothing becomes payable.",
        "plan": "The plan whose period it belongs to; '' for none.",
        "month": "That period, of a correction the open one; '' for none.",
        "run_id": "The run whose lines it posts, correction/ID or payout/BATCH; '' for none.",
        "corrects": "Id of the entry that it corrects; of a correction the closed run and the digest of its lines, RUN#SHA-256; "
        "'' for none.",
        "block": "seq / 1024 of the partners on its accounts; -1 where there are none.",
        "accounts": "Accounts, such as commission:PLAN:BONUS, clearing:RUN or payable/BALANCE:PARTNER, each once.",
        "amounts": "Minor units, aligned to accounts; what is owed is above 0, and all of them sum to 0.",
        "body": "SHA-256 of all of the above but its place.",
        "previous": "Digest of the entry before it.",
        "digest": "SHA-256 of previous, sequence and body.",
    },
}
