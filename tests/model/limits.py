"""Caps, deductions and splits (mechanics, section 8): lines cut in the order in which they are computed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.model.exact import percent
from tests.model.rates import leaf
from tests.model.state import Line

if TYPE_CHECKING:
    from tests.model.month import Month


def names(m: Month, limit: dict[str, Any]) -> list[str]:
    """The bonuses that a limit binds."""
    return [b["name"] for b in m.plan["bonuses"]] if limit["bonuses"] == "all" else list(limit["bonuses"])


def capped(m: Month, bonus: str, lines: list[Line]) -> list[Line]:
    """The lines of a bonus that has just run, each cut by the caps of its partner in the order of steps.

    Decided: a cap's room is what the lines that stand so far leave of it, those below nothing included; a line below nothing
    is never cut, and a partner for whom the cap says nothing is not capped.
    """
    kept: list[Line] = []
    m.capping[bonus] = (list(m.lines), kept)
    for line in sorted(lines, key=lambda x: (x.partner_id, *step(x))):
        amount_minor = line.amount_minor
        for limit in m.plan.get("limits", []):
            if limit["cap"] == "company" or bonus not in names(m, limit):
                continue
            cap = leaf(m, limit["sum"], line.partner_id, money=True)
            if cap is None or amount_minor <= 0:
                continue
            standing = [] if limit["cap"] == "line" else kept
            if limit["cap"] == "partner":
                standing = [x for x in m.lines if x.bonus in names(m, limit)] + kept
            used = sum(x.amount_minor for x in standing if x.partner_id == line.partner_id)
            amount_minor = max(0, min(amount_minor, int(cap) - used))
        if amount_minor != line.amount_minor:
            m.cut.add((line.partner_id, bonus))
        if amount_minor:
            kept.append(replace(line, amount_minor=amount_minor))
    return kept


def company(m: Month, just_run: str) -> None:
    """Caps of the whole company whose last named bonus has just run: each line × limit ÷ their sum, rounded down."""
    order = [b["name"] for b in m.plan["bonuses"]]
    for limit in m.plan.get("limits", []):
        if limit["cap"] != "company" or max(names(m, limit), key=order.index) != just_run:
            continue
        if "rate" in limit:
            room = Fraction(m.amount(m.company_cv() * m.worth("cv") * percent(limit["rate"])))
        else:
            room = leaf(m, limit["sum"], "", money=True)
        named = [line for line in m.lines if line.bonus in names(m, limit)]
        total = sum(line.amount_minor for line in named)
        m.scaling.append((names(m, limit), max(room, Fraction(0)), total))
        room = max(room, Fraction(0))  # Decided: a limit below nothing is 0; lines below nothing are scaled like the others.
        if total <= room:
            continue
        cut = {id(line): m.down(line.amount_minor * room / total) for line in named}
        m.cut |= {(line.partner_id, line.bonus) for line in named if cut[id(line)] != line.amount_minor}
        m.lines = [replace(x, amount_minor=cut.get(id(x), x.amount_minor)) for x in m.lines if cut.get(id(x), 1)]


def standing(m: Month, line: Line) -> int:
    """What a line of a closed period stands at, if it earns this much: cap room, scale and all other lines are as they were.

    Decided: a cap's room is what the payee's lines before this one left of it, less what those after it have; a line that is
    there keeps its own. So no part makes more of a partner than the cap, while the others stand. A limit of the company scales
    by the sums of its own run, or not at all.
    """
    amount_minor, place = line.amount_minor, step(line)
    before, kept = m.capping[line.bonus]
    own = [x for x in kept if x.partner_id == line.partner_id]
    order = [b["name"] for b in m.plan["bonuses"]]
    later = [x for b in order[order.index(line.bonus) + 1 :] for x in m.capping[b][1] if x.partner_id == line.partner_id]
    for limit in m.plan.get("limits", []):
        cap = None
        if limit["cap"] != "company" and line.bonus in names(m, limit):
            cap = leaf(m, limit["sum"], line.partner_id, money=True)
        if cap is None or amount_minor <= 0:
            continue
        room = int(cap)
        if limit["cap"] != "line":
            shared = names(m, limit) if limit["cap"] == "partner" else []
            room -= sum(x.amount_minor for x in own if step(x) < place)
            room -= sum(x.amount_minor for x in before if x.partner_id == line.partner_id and x.bonus in shared)
            has = sum(x.amount_minor for x in own if step(x) == place)
            after = sum(x.amount_minor for x in own if step(x) > place) + sum(x.amount_minor for x in later if x.bonus in shared)
            room = min(room, max(has, room - after))
        amount_minor = max(0, min(amount_minor, room))
    for bound, room_of_all, total in m.scaling:
        if line.bonus in bound and total > room_of_all:
            amount_minor = m.down(amount_minor * room_of_all / total)
    return amount_minor


def step(line: Line) -> tuple[int, str, str]:
    """Where a line stands among its payee's lines of one bonus."""
    return line.level, line.class_, line.source_id


def deductions(m: Month) -> list[Line]:
    """Negative lines, a percent of each line of the named bonuses, rounded as every line is.

    Decided: each stands under the step of the line that it is taken from, with that line's bonus (and class) as its class.
    """
    found = []
    for deduction in m.plan.get("deductions", []):
        rate = percent(deduction["rate"])
        for line in [x for x in m.lines if x.bonus in deduction["bonuses"]]:
            amount_minor = -m.amount(line.amount_minor * rate)
            class_ = f"{line.bonus} {line.class_}".strip()
            if amount_minor:
                found.append(
                    replace(
                        line,
                        bonus=deduction["name"],
                        class_=class_,
                        base=line.amount_minor,
                        base_minor=line.amount_minor,
                        rate_ppm=int(rate * 10**6),
                        amount_minor=amount_minor,
                    )
                )
    return found


def splits(m: Month) -> dict[tuple[str, str], int]:
    """What of a partner's total goes to named balances, rounded down; nothing of a total that is not above 0."""
    totals: dict[str, int] = defaultdict(int)
    for line in m.lines:
        totals[line.partner_id] += line.amount_minor
    return {
        (partner, split["balance"]): part
        for partner, total in totals.items()
        for split in m.plan.get("splits", [])
        if total > 0 and (part := m.down(total * percent(split["rate"])))
    }
