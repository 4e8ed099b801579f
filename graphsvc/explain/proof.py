"""Every line of a closed month once more: what arrived balances, bases summed again, amounts by other arithmetic, and compared.

The certificate of a fold is checked in any order: every arrival is what its partner brought and what came from below. Lines of
the other bonuses are computed again one by one from what was frozen, as is what limits, deductions and splits made of each line,
and which lines wait. All lines are covered by the digest as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from graphsvc import earnings
from graphsvc.explain import amounts, reversals
from graphsvc.explain.owed import OWED
from graphsvc.explain.proving import Proving
from graphsvc.explain.settled import Settlement
from graphsvc.explain.waiting import RELEASED, Key, Waiting
from graphsvc.month import parameters
from graphsvc.month.service import run as run_report
from graphsvc.plan import store
from graphsvc.plan.compiled import Award, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

DIFFERENCES_SHOWN = 100


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
    proving = Proving(database, run_id, month, plan)
    differences, waiting = proving.differences, Waiting(proving)
    expected = waiting.released()
    for bonus in plan.bonuses:
        if not proving.due(bonus):
            continue
        if isinstance(bonus, Award):
            owed = OWED[bonus.kind](proving, bonus)
            expected |= {(partner_id, bonus.name, step, "", ""): amount for (partner_id, step), amount in owed.items()}
        else:
            differences += _unbalanced(proving, bonus)
            differences += _misread(proving, bonus)
            expected |= _expected(proving, bonus)
    parts = reversals.expected(database, run_id, month, plan, differences)
    expected |= parts.lines
    settlement = Settlement(proving)
    names = {bonus.name for bonus in plan.bonuses}
    deducted = {deduction.name for deduction in plan.deductions}

    def compare(line: Row) -> None:
        key = (line["partner_id"], line["bonus"], line["level"], line["class"], line["source_id"])
        explained = expected.pop(key, 0)
        # What limits cut is proved by what the line earned before them; any other line stands as it was earned.
        stored = line["earned_minor"] if line.get("cut", True) else line["amount_minor"]
        if explained != stored:
            differences.append(f"{_said(key)}: stored {stored}, explained {explained}")

    def compared() -> Iterator[Row]:
        """All lines of the run, compared on the way."""
        for partner_id, lines in groupby(earnings.of_run(database, run_id), key=itemgetter("partner_id")):
            kept = list(lines)
            differences.extend(settlement.partner(partner_id, kept))
            for line in kept:
                if line["adjusts"] or line["bonus"] in names:
                    compare(line)
                    if not line["adjusts"] and not line["source_id"].startswith(RELEASED):
                        waiting.line(line)
                elif line["bonus"] not in deducted:
                    differences.append(f"{partner_id} {line['bonus']}: the plan has no such bonus")
                yield line

    digest, count, amount_minor = earnings.digest(compared())
    for name in names:  # and those that were cut to nothing, or wait
        for row in database.run("explain.aside", run_id=run_id, bonus=name, period=month):
            compare(row | {"bonus": name})
    waiting.whole(parts.waiting)
    differences += settlement.whole()
    differences += [f"{_said(key)}: not stored, explained {amount}" for key, amount in expected.items()]
    report = run_report(database, run_id)
    return Verification(run_id, count, amount_minor, plan.currency, digest == report.digest, differences[:DIFFERENCES_SHOWN])


def _said(key: Key) -> str:
    return " ".join(str(part) for part in key if part != "")


def _unbalanced(proving: Proving, bonus: Walk) -> list[str]:
    wrong = proving.differing(proving.run_id, bonus.source.tree, parameters.walk(bonus))
    return [f"{bonus.name}: {wrong} arrivals are not what was brought and handed on"] if wrong else []


def _misread(proving: Proving, bonus: Walk) -> list[str]:
    """Whether a matching bonus took everybody's lines as they stand, those of other closed periods too."""
    how = bonus.source.rules
    if bonus.source.query != "sources.lines":
        return []
    params = {"source": bonus.source.key, "whole": not how["types"] or how["other"] >= 0}
    params["reads"] = proving.reads(how["bonuses"], how, bonus.spans)
    rows = [proving.database.run("explain.lines_taken", run_id=proving.run_id, bucket=b, **params)[0] for b in proving.buckets]
    wrong = sum(row["differing"] for row in rows)
    return [f"{bonus.name}: the lines of {wrong} partners are not what it took of them"] if wrong else []


def _expected(proving: Proving, bonus: Walk) -> dict[Key, int]:
    """What each line of a bonus must be. Where each order makes one, the orders must add up to what arrived as well."""
    tree = bonus.source.tree
    rows = proving.database.run("explain.bases", run_id=proving.run_id, bonus=bonus.name, tree=tree, states=bonus.states)
    if bonus.lines == "order":
        whole = Counter({(row["partner_id"], row["class"], row["pay"]): row["base"] for row in rows})
        rows = proving.order_bases(proving.run_id, tree, parameters.walk(bonus))
        for row in rows:
            whole[row["partner_id"], row["class"], row["pay"]] -= row["base"]
        proving.differences += [f"{bonus.name}: the orders of {key[0]} do not add up" for key, rest in whole.items() if rest]
    found: dict[Key, int] = {}
    for row in rows:
        pay = bonus.pays[row["pay"] - 1]
        amount = amounts.owed(proving.plan, pay, row["base"])
        if amount:
            class_ = bonus.source.classes[row["class"]]
            found[row["partner_id"], bonus.name, pay.level, class_, row["source_id"]] = amount
    return found
