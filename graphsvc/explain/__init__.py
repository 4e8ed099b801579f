"""Why a line is what it is, why another was not paid, and the proof that every line is what it should be.

Everything here reads the frozen blocks of a closed run, never the live network: an explanation given next year is the same.
"""

from graphsvc.explain.line import Explanation, line, lines
from graphsvc.explain.order import Fed, of_order
from graphsvc.explain.proof import Verification, verify
from graphsvc.explain.why_not import WhyNot, why_not

__all__ = ["Explanation", "Fed", "Verification", "WhyNot", "line", "lines", "of_order", "verify", "why_not"]
