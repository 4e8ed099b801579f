"""What a period reads of closed ones (mechanics, section 9): ranks and lines of other plans, and what its own plan paid before.

The results of other plans are handed in as they are; which of them count is found by looking at the end of each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from tests.model import calendar
from tests.model.state import Line, Result

if TYPE_CHECKING:
    from tests.model.month import Month


def _since_until(m: Month, other: dict[str, str], periods: int) -> tuple[dt.datetime, dt.datetime]:
    """The span in which another plan's periods end whose lines count; the end of it is when its titles are read."""
    last = m.period if other["until"] == "end" else calendar.later(m.period, -1)
    first = calendar.later(last, 1 - periods)
    return m.midnight(calendar.first_day(first)), m.midnight(calendar.first_day(calendar.later(last)))


def _ended(m: Month, name: str, periods: int = 1) -> tuple[list[Result], list[Result]]:
    """Everything of another plan that ended in time, in order, and what of it ended within the span."""
    other = m.plan["other_plans"][name]
    since, until = _since_until(m, other, periods)
    in_time = sorted((r for r in m.others.get(other["plan"], []) if r.month.end <= until), key=lambda r: r.month.end)
    return in_time, [r for r in in_time if r.month.end > since]


def has_rank(m: Month, test: dict[str, Any], partner: str) -> bool:
    """Whether the partner had a rank or a higher one in the last period of another plan that counts."""
    in_time, _ = _ended(m, test["in_plan"])
    if not in_time:
        return False
    last = in_time[-1]
    held = last.titles if test["as"] == "title" else last.ranks
    return held.get(partner, 0) >= last.month.rank_number(test["rank"])


def lines_in(m: Month, name: str, bonus: str, periods: int) -> Iterable[Line]:
    """The lines of a bonus of another plan in its periods that count for so many periods of this one."""
    return (line for result in _ended(m, name, periods)[1] for line in result.lines if line.bonus == bonus)


def earned(m: Month, test: dict[str, Any], partner: str) -> int:
    """What closed periods paid a partner by some bonuses or by all, after caps and deductions."""
    if "in_plan" in test:
        paid = [(result.lines, result.month.plan) for result in _ended(m, test["in_plan"])[1]]
    else:
        paid = m.before.paid[: int(test["window"]["last"])]
    return sum(_of(lines, plan, test["of"], partner) for lines, plan in paid)


def _of(lines: Iterable[Line], plan: dict[str, Any], of: Any, partner: str) -> int:
    mine = [line for line in lines if line.partner_id == partner]
    if of == "all":
        return sum(line.amount_minor for line in mine)
    taken_off = [deduction["name"] for deduction in plan.get("deductions", [])]
    return sum(line.amount_minor for line in mine if _is_of(line, of, taken_off))


def _is_of(line: Line, of: Collection[str], taken_off: Collection[str]) -> bool:
    """A line of the named bonuses, or one that is taken off one of them."""
    return line.bonus in of or (line.bonus in taken_off and line.class_.split(" ")[0] in of)
