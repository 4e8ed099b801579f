"""Where the lines stand of which parts are taken, for a bonus whose lines wait for a condition (mechanics section 8).

Each payee's lines of a closed period were paid in it, or in the first period after it that released them: a part is taken where
the line stands, by the limits there. A line that still waits is changed in waiting, and of one that lapsed nothing is taken.
"""

from __future__ import annotations

from graphsvc.month import parted
from graphsvc.month.closed import Closed
from graphsvc.month.context import Context
from graphsvc.periods import Period, parse_month
from graphsvc.plan.compiled import Award, Hold, Walk

WAITS, LAPSED = "waits", "lapsed"


def chain(run: Closed, bonus: Walk | Award, closed: list[Closed], until: Period) -> tuple[list[tuple[Closed, Hold]], str]:
    """The runs up to a period that pay lines of a bonus that waits for a condition, each with what it asked for: the one that
    made them, and those after it for as long as they wait; and what becomes of lines that none of them pays. closed: among which
    these runs are."""
    assert bonus.hold is not None  # asked of bonuses whose lines wait
    found, there = [(run, bonus.hold)], {other.month: other for other in closed}
    for number in range(1, bonus.hold.periods + 1):
        period = parse_month(run.month).plus(number)
        if until < period:
            return found, WAITS
        later = there.get(str(period))
        asked = next((b.hold for b in later.plan.bonuses if b.name == bonus.name), None) if later else None
        if later is None or asked is None:
            return found, LAPSED  # a later version of the plan lets nothing wait
        found.append((later, asked))
    return found, LAPSED


def settle(context: Context, label: str, run: Closed, bonus: Walk | Award, closed: list[Closed]) -> list[Closed]:
    """The runs in which the lines of one bonus stand of which parts are taken; those that wait are changed."""
    if bonus.hold is None:
        return [run]
    runs, otherwise = chain(run, bonus, closed, context.month)
    named = {"frozen": run.run_id, "bonus": bonus.name}
    asked = [[there.run_id, hold.condition, len(there.plan.conditions)] for there, hold in runs]
    context.write("reversals.settle", label, runs=asked, otherwise=otherwise, **named)
    homes = {row["home"] for row in context.database.run("reversals.homes", run_id=context.run_id, **named)}
    if WAITS in homes:
        context.write(
            "reversals.wait",
            label,
            month=run.month,
            classes=list(parted.classes(bonus)),
            pays=[{"rate_ppm": pay.rate_ppm} for pay, _ in parted.pays(bonus)],
            left=bonus.hold.periods + 1 - len(runs),
            currency=run.plan.currency,
            **named,
        )
    return [home for home, _ in runs if home.run_id in homes]
