"""Corrections: the difference of a closed period, posted in the open one by two people.

What is corrected is what no dated adjustment takes care of: who stands where, statuses, customers and events as they are known
today, or the plan. Orders and refunds count as the closed period knew them, because those that came later count in later periods
already.
"""

from __future__ import annotations

from graphsvc.corrections.deciding import approve, withdraw
from graphsvc.corrections.proof import faults, verify
from graphsvc.corrections.proposing import propose
from graphsvc.corrections.rows import correction, corrections, lines, of_partner

__all__ = ["approve", "correction", "corrections", "faults", "lines", "of_partner", "propose", "verify", "withdraw"]
