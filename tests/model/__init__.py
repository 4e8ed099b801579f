"""The naive model of a month: what a plan owes, straight from the words of the definitions, and nothing clever.

It reads the plan document itself, walks up from every single source to every payee, knows no fold, no batch, no compiler and
no database, and keeps exact fractions until a line is rounded. It judges the engine: where both differ, one of them is wrong,
and this one can be read in one go. What the definitions leave open is decided where it is computed, after the word "Decided".

Rooms: `exact` and `calendar` (numbers, periods), `volumes` (section 1), `trees`, `standings` (sections 1, 2, 5), `rates`
(section 7), `walks` and `bonuses` (sections 3 to 5), `awards`, `pools`, `binary` (sections 6, 7), `limits` (section 8),
`elsewhere` (what closed periods say, section 9), `state`
and `month` (what runs when, and what is carried).
"""

from tests.model.bonuses import reached
from tests.model.calendar import later, next_month
from tests.model.exact import rounded
from tests.model.month import Month, months
from tests.model.state import Breakage, Carried, Held, Line, Result
from tests.model.walks import is_open, vanishes

__all__ = [
    "Breakage",
    "Carried",
    "Held",
    "Line",
    "Month",
    "Result",
    "is_open",
    "later",
    "months",
    "next_month",
    "reached",
    "rounded",
    "vanishes",
]
