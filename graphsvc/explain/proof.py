"""Every line of a closed month once more: bases from the walk from above, amounts by other arithmetic, and compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphsvc import earnings
from graphsvc.money import round_ratio
from graphsvc.month import parameters
from graphsvc.month.service import run as run_report
from graphsvc.plan import store
from graphsvc.query.runner import Database

DIFFERENCES_SHOWN = 100

Key = tuple[str, str, int, str]


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
    levels = database.run("month.levels", run_id=run_id)
    expected: dict[Key, int] = {}
    for bonus in plan.bonuses:
        for row in database.run(
            "explain.bases",
            run_id=run_id,
            bonus=bonus.name,
            steps=len(bonus.levels),
            deepest=levels[0]["level"] if levels else 0,
            per_order=bonus.lines == "order",
            **parameters.source(bonus),
        ):
            step = row["level"] - 1
            amount = round_ratio(row["base"], bonus.numerators[step], bonus.denominators[step], plan.rounding) * plan.unit_minor
            if amount != 0:
                expected[row["partner_id"], bonus.name, row["level"], row["source_id"]] = amount
    differences: list[str] = []
    for line in earnings.of_run(database, run_id):
        key = (line["partner_id"], line["bonus"], line["level"], line["source_id"])
        explained = expected.pop(key, 0)
        if explained != line["amount_minor"]:
            differences.append(f"{' '.join(map(str, key))}: stored {line['amount_minor']}, explained {explained}")
    differences += [f"{' '.join(map(str, key))}: not stored, explained {amount}" for key, amount in expected.items()]
    digest, count, amount_minor = earnings.digest(earnings.of_run(database, run_id))
    report = run_report(database, run_id)
    return Verification(run_id, count, amount_minor, plan.currency, digest == report.digest, differences[:DIFFERENCES_SHOWN])
