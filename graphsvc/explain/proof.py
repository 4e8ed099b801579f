"""Every line of a closed month once more: what arrived balances, bases summed again, amounts by other arithmetic, and compared.

The certificate of a fold is checked in any order: every arrival is what its partner brought and what came from below. Lines that
are matched down or paired are compared one by one as well. Of the other bonuses that do not walk a tree, and of what limits,
deductions and splits made of lines, it is checked what they must sum to. All lines are covered by the digest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from graphsvc import earnings
from graphsvc.explain import amounts, reversals, settled
from graphsvc.explain.aside import RELEASED
from graphsvc.month import parameters
from graphsvc.month.service import run as run_report
from graphsvc.plan import store
from graphsvc.plan.compiled import Award, CompiledPlan, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

DIFFERENCES_SHOWN = 100
LEVELS_AT_ONCE = 50

Key = tuple[str, str, int, str, str]  # partner, bonus, step, class, source


@dataclass(frozen=True, slots=True)
class Verification:
    """How many lines were compared, which differ, and whether the stored digest still is that of the lines."""

    run_id: str
    lines: int
    amount_minor: int
    currency: str
    digest_holds: bool
    differences: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything is as it was posted, and explained."""
        return self.digest_holds and not self.differences


def verify(database: Database, month: str, plan_name: str | None = None) -> Verification:
    """Explain all lines of a closed month in one go; equal means each is exactly what its sources give."""
    closed = earnings.closed_run(database, month, plan_name)
    plan, run_id = store.get(database, closed["plan"], closed["plan_version"]), closed["run_id"]
    expected: dict[Key, int] = {}
    differences: list[str] = []
    walks = {bonus.name: bonus for bonus in plan.bonuses if isinstance(bonus, Walk)}
    for bonus in walks.values():
        differences += _unbalanced(database, run_id, bonus)
        expected |= _expected(database, run_id, plan, bonus, differences)
    expected |= reversals.expected(database, run_id, month, plan, differences)
    proved = list(walks)
    for award in plan.bonuses:
        if isinstance(award, Award) and award.kind in settled.OWED:
            owed = settled.OWED[award.kind](database, run_id, month, plan, award)
            expected |= {(partner_id, award.name, step, "", ""): amount for (partner_id, step), amount in owed.items()}
            proved.append(award.name)
    settlement = settled.Settlement(database, run_id, month, plan)

    def compare(line: Row) -> None:
        key = (line["partner_id"], line["bonus"], line["level"], line["class"], line["source_id"])
        explained = expected.pop(key, 0)
        # What limits cut is proved by what the line earned before them; any other line stands as it was earned.
        stored = line["earned_minor"] if line.get("cut", True) else line["amount_minor"]
        if explained != stored:
            differences.append(f"{_said(key)}: stored {stored}, explained {explained}")

    def compared() -> Iterator[Row]:
        """All lines of the run, those that are proved one by one compared on the way; what an earlier period made and this one
        released is a line of that period."""
        for _, lines in groupby(earnings.of_run(database, run_id), key=itemgetter("partner_id")):
            kept = list(lines)
            differences.extend(settlement.partner(kept))
            for line in kept:
                if line["adjusts"] or (line["bonus"] in proved and not line["source_id"].startswith(RELEASED)):
                    compare(line)
                yield line

    digest, count, amount_minor = earnings.digest(compared())
    for name in proved:  # and those that were cut to nothing, or wait
        for row in database.run("explain.aside", run_id=run_id, bonus=name, period=month):
            if not row["source_id"].startswith(RELEASED):
                compare(row | {"bonus": name})
    differences += settlement.whole()
    differences += [f"{_said(key)}: not stored, explained {amount}" for key, amount in expected.items()]
    report = run_report(database, run_id)
    return Verification(run_id, count, amount_minor, plan.currency, digest == report.digest, differences[:DIFFERENCES_SHOWN])


def _said(key: Key) -> str:
    return " ".join(str(part) for part in key if part != "")


def _spans(database: Database, run_id: str, bonus: Walk) -> list[tuple[int, int]]:
    """Levels of the bonus's tree, some at once, deepest first."""
    levels = database.run("month.levels", run_id=run_id, tree=bonus.source.tree)
    deepest = levels[0]["level"] if levels else -1
    return [(first, max(0, first - LEVELS_AT_ONCE + 1)) for first in range(deepest, -1, -LEVELS_AT_ONCE)]


def _unbalanced(database: Database, run_id: str, bonus: Walk) -> list[str]:
    params = parameters.walk(bonus)
    spans = _spans(database, run_id, bonus)
    rows = [database.run("folds.balance", run_id=run_id, level_from=a, level_to=b, **params)[0] for a, b in spans]
    wrong = sum(row["differing"] for row in rows)
    return [f"{bonus.name}: {wrong} arrivals are not what was brought and handed on"] if wrong else []


def _expected(database: Database, run_id: str, plan: CompiledPlan, bonus: Walk, differences: list[str]) -> dict[Key, int]:
    """What each line of a bonus must be. Where each order makes one, the orders must add up to what arrived as well."""
    rows = database.run("explain.bases", run_id=run_id, bonus=bonus.name, tree=bonus.source.tree, states=bonus.states)
    if bonus.lines == "order":
        whole = Counter({(row["partner_id"], row["class"], row["pay"]): row["base"] for row in rows})
        params = parameters.walk(bonus)
        rows = [
            row
            for first, last in _spans(database, run_id, bonus)
            for row in database.run("explain.order_bases", run_id=run_id, level_from=first, level_to=last, **params)
        ]
        for row in rows:
            whole[row["partner_id"], row["class"], row["pay"]] -= row["base"]
        differences += [f"{bonus.name}: the orders of {key[0]} do not add up" for key, rest in whole.items() if rest]
    found: dict[Key, int] = {}
    for row in rows:
        pay = bonus.pays[row["pay"] - 1]
        amount = amounts.owed(plan, pay, row["base"])
        if amount:
            class_ = bonus.source.classes[row["class"]]
            found[row["partner_id"], bonus.name, pay.level, class_, row["source_id"]] = amount
    return found
