"""Payouts: what partners are owed leaves the company, in batches that one person makes and another approves.

A batch takes, for every partner of a currency, all that the ledger owes and that is available on its day: after hold days, less
what it owes back, less what compliance holds, and not below the minimum. It is made once, and what was approved is what is paid.
"""

from __future__ import annotations

from graphsvc.payouts.batches import approve, batch, batches, discard, fail, payouts, send, settle, take_back
from graphsvc.payouts.making import make

__all__ = ["approve", "batch", "batches", "discard", "fail", "make", "payouts", "send", "settle", "take_back"]
