"""The month: freeze, volumes, standings, bonuses, earnings, proof, posting.

Cypher computes every step; the modules here order the steps, bind the plan's parameters and carry progress. `close` and
`preview` are the doors; `approve` and `discard` are what else may become of a run.
"""

from graphsvc.month.life import Approval, approve, discard, stricter
from graphsvc.month.report import RunReport
from graphsvc.month.service import close, months, preview, run, runs

__all__ = ["Approval", "RunReport", "approve", "close", "discard", "months", "preview", "run", "runs", "stricter"]
