"""Bonuses that walk no tree (mechanics, section 7): milestones, ranks, tenure, contests, group goals, match-down."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.model.exact import percent, ppm, rounded, thousandths
from tests.model.rates import leaf, share, shown
from tests.model.state import Line
from tests.model.walks import qualifies

if TYPE_CHECKING:
    from tests.model.month import Month

Bonus = dict[str, Any]


def line(m: Month, bonus: Bonus, payee: str, step: int, exact: Fraction | None, base: int = 0, **more: Any) -> list[Line]:
    """A line of an exact amount, if it comes to anything. Decided: the base of a sum is the number that earned it."""
    amount_minor = m.amount(exact or Fraction(0))
    given = {"base_minor": 0, "rate_ppm": None, **more}
    return [Line(payee, bonus["name"], step, "", "", base, amount_minor=amount_minor, currency=m.currency, **given)] * bool(
        amount_minor
    )


def order_key(m: Month, order: list[Any], payee: str) -> tuple[Any, ...]:
    """Where ties leave a partner: the rules one after another, the last one the id."""
    tests = [item for item in order if isinstance(item, dict)]
    signs = [-1 if test["direction"] == "highest" else 1 for test in tests]
    return (*(sign * m.measured(test, payee) for sign, test in zip(signs, tests, strict=True)), payee)


def milestone(m: Month, bonus: Bonus) -> list[Line]:
    """A sum or rate by steps of a metric. Decided: paid once, a step is done, and where the highest pays those below it too."""
    done: set[tuple[str, int]] = set(m.before.bonuses.get(bonus["name"], ()))
    once = bonus["how_often"] == "once"
    found = []
    for payee in m.partners:
        if not qualifies(m, bonus, payee):
            continue
        have = m.measured(bonus["metric"], payee)
        due = [n for n, step in enumerate(bonus["steps"], 1) if m.as_unit(bonus["metric"], step["from"]) <= have]
        due = [n for n in due if not once or (payee, n) not in done]
        for number in due if bonus["pays"] == "every" else due[-1:]:
            lines = step_of(m, bonus, payee, number, have)
            found += lines
            if once and lines:
                done |= {(payee, n) for n in range(1, number + 1) if n == number or bonus["pays"] == "highest"}
    m.after.bonuses[bonus["name"]] = done if once else set()
    return found


def step_of(m: Month, bonus: Bonus, payee: str, number: int, have: int) -> list[Line]:
    """What a step pays: its sum, or its rate of own volume, without what is a part of closed lines instead."""
    step = bonus["steps"][number - 1]
    if "sum" in step:
        return line(m, bonus, payee, number, leaf(m, step["sum"], payee, money=True), have)
    window = m.window_of(bonus)
    base: int = m.columns(window)["money"][payee] if step["of"] == "money" else m.own_volume(payee, step["of"], window)
    for sources, sign in ((m.sources(window), -1), (m.counts(window), 1)):
        base += sign * sum(x.base(step["of"]) for x in sources if m.whose(x, step["of"]) == payee)
    m.owed.setdefault(bonus["name"], {})[payee, number] = base
    return [x for x in [rated(m, bonus, (payee, number), base)] if x.amount_minor]


def rated(m: Month, bonus: Bonus, key: tuple[str, int], base: int) -> Line:
    """The line of a step that pays a rate of this base, of 0 too."""
    (payee, number), step = key, bonus["steps"][key[1] - 1]
    rate, exact = leaf(m, step["rate"], payee), base * m.worth(step["of"])
    amount_minor = m.amount(share(rate, base) * m.worth(step["of"]))
    return Line(payee, bonus["name"], number, "", "", base, rounded(exact, m.rule), shown(rate), amount_minor, m.currency)


def rank_bonus(m: Month, bonus: Bonus) -> list[Line]:
    """Once for a rank, after some periods in a row at or above it; what falls due together is done together.

    Decided: the row is of ranks alone; a rank that is due to one who does not qualify stays due.
    """
    before = m.before.bonuses.get(bonus["name"], {})
    numbers = sorted(m.rank_number(name) for name in bonus["sums"])
    state, found = {}, []
    for payee in m.partners:
        rows, done = before.get(payee, ({}, frozenset()))
        rank = m.rank(payee, bonus["as"])
        rows = {n: rows.get(n, 0) + 1 if rank >= n else 0 for n in numbers}
        due = [n for n in numbers if rows[n] >= bonus["after_periods"] and n not in done] if qualifies(m, bonus, payee) else []
        for number in due if bonus["jump"] == "all" else due[-1:]:
            given = leaf(m, bonus["sums"][m.ranks[number - 1]], payee, money=True)
            found += line(m, bonus, payee, number, given, rows[number])
        state[payee] = (rows, done | set(due))
    m.after.bonuses[bonus["name"]] = state
    return found


def tenure(m: Month, bonus: Bonus) -> list[Line]:
    """A sum in the period in which the count of periods with a condition met reaches its step.

    Decided: a row that breaks begins again, and may reach a step again; who does not qualify then has missed it.
    """
    before = m.before.bonuses.get(bonus["name"], {})
    counts, found = {}, []
    for payee in m.partners:
        met = m.conditions_hold(bonus["condition"], payee)
        counts[payee] = before.get(payee, 0) + 1 if met else 0 if bonus["counted"] == "in_row" else before.get(payee, 0)
        if met and qualifies(m, bonus, payee):
            for step in bonus["sums"]:
                if step["periods"] == counts[payee]:
                    found += line(m, bonus, payee, step["periods"], leaf(m, step["sum"], payee, money=True), counts[payee])
    m.after.bonuses[bonus["name"]] = counts
    return found


def contest(m: Month, bonus: Bonus) -> list[Line]:
    """The first by a metric get the prizes, place by place. Decided: also with a metric of 0, if no more have one."""
    qualified = [p for p in m.partners if qualifies(m, bonus, p)]
    first = sorted(qualified, key=lambda p: (-m.measured(bonus["metric"], p), order_key(m, bonus["order"], p)))
    found = []
    for place, (payee, prize) in enumerate(zip(first, bonus["prizes"], strict=False), 1):
        if "sum" in prize:
            found += line(m, bonus, payee, place, leaf(m, prize["sum"], payee, money=True), m.measured(bonus["metric"], payee))
        else:
            m.awards.append((payee, bonus["name"], place))
    return found


def group_goal(m: Month, bonus: Bonus) -> list[Line]:
    """A sum to everybody of a team, or of the company, that reaches a goal. Decided: its leader is one of a team."""
    if bonus["team"] == "everybody":
        team, sold = list(m.partners), m.sold("qv", m.sources(m.window_of(bonus)))
    else:
        leader = bonus["team"]["partner"]
        if leader not in m.partners:
            return []
        team, sold = [leader, *m.below(leader, -1, m.standings_tree)], m.tv(leader, m.window_key(m.window_of(bonus)))
    if sold < thousandths(bonus["goal"]):
        return []
    paid = [(p, leaf(m, bonus["sum"], p, money=True)) for p in team if qualifies(m, bonus, p)]
    return [made for payee, given in paid for made in line(m, bonus, payee, 1, given, sold)]


def match_down(m: Month, bonus: Bonus) -> list[Line]:
    """A percent of a sponsor's named lines, in equal parts to its qualified frontline."""
    found, owed = [], m.owed.setdefault(bonus["name"], {})
    for sponsor in m.partners:
        total = sum(x.amount_minor for x in m.lines_of(bonus) if x.partner_id == sponsor)
        frontline = [p for p in m.children(sponsor, "sponsor") if qualifies(m, bonus, p)]
        for payee in frontline:
            owed[payee, sponsor, len(frontline)] = total
            found.append(matched(m, bonus, (payee, sponsor, len(frontline)), total))
    return [x for x in found if x.amount_minor]


def matched(m: Month, bonus: Bonus, key: tuple[str, str, int], total: int) -> Line:
    """One of so many equal parts of a rate of what a sponsor has, of 0 too."""
    payee, _, parts = key
    rate = percent(bonus["rate"])
    only = ppm(rate) if parts == 1 else None
    return Line(payee, bonus["name"], 1, "", "", total, total, only, m.amount(total * rate / parts), m.currency)


AWARDS: dict[str, Callable[[Month, Bonus], list[Line]]] = {
    "milestone": milestone,
    "rank_bonus": rank_bonus,
    "tenure": tenure,
    "contest": contest,
    "group_goal": group_goal,
    "match_down": match_down,
}
