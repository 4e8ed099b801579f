"""Why a partner was not paid at a level: the conditions that failed with have and need, or that nothing reached it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from graphsvc import earnings
from graphsvc.errors import Code, Refused
from graphsvc.explain import rules
from graphsvc.explain.line import bonus_of, partner_standing, sources
from graphsvc.plan import store
from graphsvc.plan.compiled import ACTIVE
from graphsvc.query.runner import Database


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer. reason: paid, inactive, not_open, vanished, rounded_to_zero or nothing_reached."""

    month: str
    plan: str
    partner_id: str
    bonus: str
    level: int
    reason: str
    sentence: str
    currency: str
    amount_minor: int = 0
    failures: list[rules.Failure] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return dataclasses.asdict(self)


def why_not(
    database: Database,
    month: str,
    partner_id: str,
    *,
    level: int,
    bonus: str | None = None,
    plan_name: str | None = None,
) -> WhyNot:
    """Why this partner has no line at this level of a closed month (or that it has one)."""
    closed = earnings.closed_run(database, month, plan_name)
    plan = store.get(database, closed["plan"], closed["plan_version"])
    if bonus is None and len(plan.bonuses) > 1:
        raise Refused(
            Code.BONUS_UNKNOWN, f"Plan {plan.name} has several bonuses; say one of {', '.join(b.name for b in plan.bonuses)}."
        )
    chosen = bonus_of(plan, bonus or plan.bonuses[0].name)
    if not 1 <= level <= len(chosen.levels):
        raise Refused(Code.LINE_UNKNOWN, f"Bonus {chosen.name} has levels 1 to {len(chosen.levels)}, not {level}.")
    run_id = closed["run_id"]
    standing = partner_standing(database, run_id, plan, partner_id, month)

    def answer(reason: str, sentence: str, failures: list[rules.Failure] | None = None, amount_minor: int = 0) -> WhyNot:
        return WhyNot(
            month, plan.name, partner_id, chosen.name, level, reason, sentence, plan.currency, amount_minor, failures or []
        )

    paid = [
        row["amount_minor"]
        for row in database.run("earnings.of_partner", run_id=run_id, partner_id=partner_id)
        if row["bonus"] == chosen.name and row["level"] == level
    ]
    if paid:
        return answer("paid", f"{partner_id} was paid at level {level} of {chosen.name} in {month}.", amount_minor=sum(paid))
    inactive = rules.inactive(plan, standing)
    if inactive:
        return answer("inactive", f"{partner_id} was not active in {month}.", inactive)
    closed_to = rules.closed(plan, chosen.levels[level - 1].condition, standing)
    if closed_to:
        return answer("not_open", f"Level {level} of {chosen.name} was not open to {partner_id} in {month}.", closed_to)
    if chosen.compression == "standard" and chosen.vanish != ACTIVE and not standing["holds"][chosen.vanish]:
        failed = rules.failures(plan, chosen.vanish, standing["metrics"])
        return answer("vanished", f"{partner_id} was not counted as a level of {chosen.name} in {month}.", failed)
    if sources(database, run_id, chosen, level, standing):
        return answer("rounded_to_zero", f"What reached {partner_id} at level {level} in {month} rounds to 0.")
    return answer(
        "nothing_reached",
        f"Level {level} of {chosen.name} was open to {partner_id} in {month}, but no volume reached it there: nobody below sold "
        "at that level, or a nearer partner was paid for it.",
    )
