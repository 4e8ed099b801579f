"""The month: freeze, volumes, standings, bonuses, earnings, proof, posting.

Cypher computes every step; the modules here order the steps, bind the plan's parameters and carry progress. `close` and
`preview` are the doors.
"""

from graphsvc.month.report import RunReport
from graphsvc.month.service import close, months, preview, run, runs

__all__ = ["RunReport", "close", "months", "preview", "run", "runs"]
