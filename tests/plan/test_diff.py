# ruff: noqa: E501 - a change and what is said of it stay on one line, so that they can be compared
"""Two versions of a plan side by side: what was changed, added, removed and moved, and nothing else."""

from __future__ import annotations

import pytest

from graphsvc.plan import diff
from graphsvc.plan.diff import Change
from tests.plan.sample import plan
from tests.plan.whole import whole


def test_the_same_plan_has_no_difference_however_it_is_laid_out() -> None:
    assert diff.compare(plan(), plan(("rate: 5%", "rate: 5.00 %"), ("at_least: 100", "at_least: '100.0'"))) == []
    assert diff.compare(whole(), whole(("{lesser: 300, greater: 600", "{greater: 600, lesser: 300"))) == []


# fmt: off
CASES = [
    (("version: 1", "version: 2"), Change("version", "changed", "1", "2")),
    (("refunds_belong_to: own_period", "refunds_belong_to: order_period"), Change("volumes, refunds belong to", "changed", "own_period", "order_period")),
    (("late_order_days: 10", "late_order_days: 12"), Change("volumes, late order days", "changed", "10", "12")),
    (("grace_periods: 1", "grace_periods: 2"), Change("active, grace periods", "changed", "1", "2")),
    (("pays: {rate: 15%}", "pays: {rate: 16%}"), Change("bonus legs, pay, units, pairing 1, pays, rate", "changed", "15%", "16%")),
    (("{from: 1000, value: 7%}", "{from: 1500, value: 7%}"), Change("bonus difference, rates, tier 2, from", "changed", "1000", "1500")),
    (("gold: 300}", "gold: 350}"), Change("bonus promotion, sums, gold", "changed", "300", "350")),
    (("silver: 100, gold: 300", "silver: 100"), Change("bonus promotion, sums, gold", "removed", "300")),
    (
        ("window: running, at_least: 500", "window: running, at_least: 600"),
        Change(
            "conditions, seller",
            "removed",
            "{any: [{metric: personal_sales, of: money, window: running, at_least: '500'}, {tag: [shop, salon]}, {rank: silver, as: title}]}",
        ),
    ),
    (
        ("{metric: gv, window: {last: 3}, at_least: 5000}", "{metric: gv, window: {last: 3}, at_least: 6000}"),
        Change("ranks, rank gold, conditions, {metric: gv, window: {last: 3}}", "changed", "5000", "6000"),
    ),
    (("compression: roll_up", "compression: dynamic"), Change("bonus board, compression", "changed", "roll_up", "dynamic")),
    (("      - {rate: 2%, opens: active}\n", ""), Change("bonus leaders, generation 2", "removed", "{rate: 2%, opens: active}")),
    (("  title: {step_down: 2}", "  title: kept"), Change("ranks, title", "changed", "{step_down: 2}", "kept")),
    (("limits:\n  - {cap: line, bonuses: [team], sum: 1000}", "limits:\n  - {cap: line, bonuses: [team], sum: 900}"), Change("limit 1, sum", "changed", "1000", "900")),
    (("{periods: 3, first: F2025-03-03}", "{periods: 4, first: F2025-03-03}"), Change("bonus places, spans, periods", "changed", "3", "4")),
    (("    days: 30\n", "    calendar_months: 2\n"), Change("bonus welcome, calendar months", "added", "", "2")),
    (("splits:\n  - {balance: travel, rate: 10%}\n", ""), Change("splits", "removed", "[{balance: travel, rate: 10%}]")),
    (("until: end", "until: start"), Change("other plans, week, until", "changed", "end", "start")),
    (("{plan: week, bonus: fast}", "{plan: week, bonus: slow}"), Change("bonus across, of what", "added", "", "{plan: week, bonus: slow}")),
    (("of: [team, legs]", "of: [team]"), Change("bonus matching, of what", "removed", "legs")),
    (("name: fee", "name: levy"), Change("deduction levy", "added", "", "{name: levy, bonuses: [team], rate: 2%}")),
]
# fmt: on


@pytest.mark.parametrize(("change", "said"), CASES, ids=lambda case: getattr(case, "place", ""))
def test_a_difference_is_told_at_its_place(change: tuple[str, str], said: Change) -> None:
    found = diff.compare(whole(), whole(change))
    assert said in found
    assert len(found) <= 2


def test_added_and_moved() -> None:
    one, two = whole(), whole()
    two["bonuses"] = [two["bonuses"][1], two["bonuses"][0], *two["bonuses"][2:-1]]
    found = diff.compare(one, two)
    assert [(change.place, change.change) for change in found] == [
        ("bonus across", "removed"),
        ("order of the bonuses", "moved"),
    ]
    assert found[1].before.startswith("team, board")
    assert found[1].after.startswith("board, team")
    assert [change.change for change in diff.compare(two, one)] == ["added", "moved"]
