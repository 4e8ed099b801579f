"""Parts of closed lines, taken back or posted: proved from what walked once more, and told with the line they are of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from graphsvc import money
from graphsvc.explain import amounts
from graphsvc.explain.awards import Told
from graphsvc.money import round_ratio
from graphsvc.month import parameters, reversing
from graphsvc.month.reversing import Closed
from graphsvc.plan.compiled import CompiledPlan, Deduction, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

RULE = "the part of one order in a line"
Key = tuple[str, str, int, str, str]  # partner, bonus, step, class, source


def source_of(row: Row) -> str:
    """What stands as the source of the line that an adjustment makes."""
    kind, _, order_id = row["name"].partition(" ")
    return f"{kind} {row['source_id'] or order_id} {row['month']}"


def expected(database: Database, run_id: str, month: str, plan: CompiledPlan, differences: list[str]) -> dict[Key, int]:
    """What each of these lines must be: closed bases less what was taken of them before, order after order, rounded each time."""
    found: dict[Key, int] = {}
    taken = database.run("reversals.adjustments", run_id=run_id, partner_id=None)
    before = [
        row
        for run in reversing.earlier(database, plan.name, month)
        for row in database.run("reversals.adjustments", run_id=run, partner_id=None)
    ]
    for run in reversing.closed_runs(database, run_id, plan.name):
        for bonus in run.bonuses():
            mine = [row for row in taken if (row["frozen"], row["bonus"]) == (run.run_id, bonus.name)]
            differences += _unwalked(database, run_id, run, bonus, mine)
            standing: Counter[tuple[str, int, int, str]] = Counter()
            if bonus.lines == "step":
                params = {"bonus": bonus.name, "tree": bonus.source.tree, "states": bonus.states}
                for row in database.run("explain.bases", run_id=run.run_id, **params):
                    standing[row["partner_id"], row["class"], row["pay"], ""] += row["base"]
            for row in mine:
                standing[_place(row)] += row["was"]
            for row in before:
                if (row["frozen"], row["bonus"]) == (run.run_id, bonus.name):
                    standing[_place(row)] += row["delta"]
            for row in mine:
                pay, base = bonus.pays[row["pay"] - 1], standing[_place(row)]
                standing[_place(row)] += row["delta"]
                stood = amounts.owed(run.plan, pay, base)
                amount = amounts.owed(run.plan, pay, base + row["delta"]) - stood
                class_ = bonus.source.classes[row["class"]]
                if amount:
                    found[row["partner_id"], bonus.name, pay.level, class_, source_of(row)] = amount
                for deduction in run.plan.deductions if amount else ():
                    less = _deducted(run.plan, deduction, stood + amount) - _deducted(run.plan, deduction, stood)
                    if less and bonus.name in deduction.bonuses:
                        told_by = f"{bonus.name} {class_}".rstrip(" ")
                        found[row["partner_id"], deduction.name, pay.level, told_by, source_of(row)] = less
    return found


def _deducted(plan: CompiledPlan, deduction: Deduction, amount_minor: int) -> int:
    """What a deduction makes of a line."""
    return -round_ratio(amount_minor, deduction.numerator, deduction.denominator, plan.rounding) * plan.unit_minor


def _place(row: Row) -> tuple[str, int, int, str]:
    return row["partner_id"], row["class"], row["pay"], row["source_id"]


def _unwalked(database: Database, run_id: str, run: Closed, bonus: Walk, mine: list[Row]) -> Iterator[str]:
    """Whether what was taken of the lines is what walked to them, and that balances."""
    params = parameters.walk(bonus) | {"bonus": run.walk(bonus), "source": run.source(bonus)}
    levels = [row["level"] for row in database.run("month.levels", run_id=run.run_id, tree=bonus.source.tree)]
    between = {"level_from": max(levels, default=0), "level_to": 0}
    if database.run("folds.balance", run_id=run_id, **between, **params)[0]["differing"]:
        yield f"{run.walk(bonus)}: what is taken back does not balance"
    rest: Counter[tuple[str, int, int]] = Counter()
    for row in database.run("explain.order_bases", run_id=run_id, **between, **params):
        rest[row["partner_id"], row["class"], row["pay"]] += row["base"]
    for row in mine:
        rest[row["partner_id"], row["class"], row["pay"]] -= row["delta"]
    yield from (f"{run.walk(bonus)}: what is taken of {key[0]} is not what its orders take" for key, left in rest.items() if left)


def told(database: Database, run_id: str, plan: CompiledPlan, row: Row) -> Told:
    """A line that takes a part of a closed line back, with that line as it stood and as it stands."""
    runs = {run.run_id: run for run in reversing.closed_runs(database, run_id, plan.name)}
    run = runs[row["adjusts"]]
    deduction = next((d for d in run.plan.deductions if d.name == row["bonus"]), None)
    name, _, class_ = row["class"].partition(" ") if deduction else (row["bonus"], "", row["class"])
    bonus = next(b for b in run.bonuses() if b.name == name)
    facts, computed = list[str](), 0
    for part in database.run("reversals.adjustments", run_id=run_id, partner_id=row["partner_id"]):
        same = (part["bonus"], part["level"], source_of(part)) == (name, row["level"], row["source_id"])
        if same and bonus.source.classes[part["class"]] == class_:
            pay = bonus.pays[part["pay"] - 1]
            stood, stands = (amounts.owed(run.plan, pay, part[side]) for side in ("base_before", "base_after"))
            kept = (
                (_deducted(run.plan, deduction, stood), _deducted(run.plan, deduction, stands)) if deduction else (stood, stands)
            )
            computed += kept[1] - kept[0]
            with_it, without = (_money(run.plan, minor) for minor in (stood, stands))
            facts.append(f"the line of {run.month} stood at {with_it} on a base of {part['base_before']}")
            kind, _, order_id = part["name"].partition(" ")
            how = f"without what was refunded of order {order_id}" if kind == "reversal" else f"with the late order {order_id}"
            facts.append(f"{how} it is {without} on a base of {part['base_after']}")
    return Told(f"{row['source_id'].partition(' ')[0]}: {RULE} of {run.month}", computed, facts, None)


def _money(plan: CompiledPlan, amount_minor: int) -> str:
    return f"{money.format_minor(amount_minor, plan.currency)} {plan.currency}"
