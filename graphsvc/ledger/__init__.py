"""The ledger: what is owed and what was paid, in double entry, appended to and never changed.

Every entry moves amounts between accounts of one currency and sums to zero; what the company owes stands above zero. Entries
have gapless sequence numbers and a SHA-256 chain over every field; its heads are also kept in a file outside the database, so
that a tail cut off is found too.
"""

from __future__ import annotations

from graphsvc.ledger.accounts import Balance, balances
from graphsvc.ledger.entries import Entry
from graphsvc.ledger.posting import append, stage
from graphsvc.ledger.proof import Fault, Verified, verify

__all__ = ["Balance", "Entry", "Fault", "Verified", "append", "balances", "stage", "verify"]
