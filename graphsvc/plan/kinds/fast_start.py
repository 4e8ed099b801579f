"""Fast start: rates by level on a newcomer's orders of the first days (mechanics section 7).

It is a unilevel; which orders it takes, and whether other bonuses lose them, are marks that the freeze gives to orders.
"""

from __future__ import annotations

from graphsvc.plan.kinds.unilevel import compiled

__all__ = ["compiled"]
