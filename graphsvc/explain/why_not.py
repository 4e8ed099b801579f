"""Why a partner was not paid at a step: the conditions that failed with have and need, or what else kept it from being paid."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from graphsvc import earnings
from graphsvc.errors import Code, Refused
from graphsvc.explain import aside, awards, path, rules, unawarded, words
from graphsvc.explain.line import bonus_of, fed, partner_standing, place_of
from graphsvc.month import spanning
from graphsvc.periods import parse_month
from graphsvc.plan import store
from graphsvc.plan.compiled import ACTIVE, Award, CompiledPlan, Step, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer. reason: paid, not_due, inactive, not_open, capped, held, expired, vanished, no_rate, blocked, rounded_to_zero
    or nothing_reached; of bonuses that do not walk a tree also not_reached, too_short, paid_before and the like."""

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


Reason = tuple[str, str, list[rules.Failure]]


def why_not(
    database: Database,
    month: str,
    partner_id: str,
    *,
    level: int,
    bonus: str | None = None,
    plan_name: str | None = None,
) -> WhyNot:
    """Why this partner has no line at this step of a closed month (or that it has one)."""
    closed = earnings.closed_run(database, month, plan_name)
    plan = store.get(database, closed["plan"], closed["plan_version"])
    if bonus is None and len(plan.bonuses) > 1:
        raise Refused(
            Code.BONUS_UNKNOWN, f"Plan {plan.name} has several bonuses; say one of {', '.join(b.name for b in plan.bonuses)}."
        )
    chosen = bonus_of(plan, bonus or plan.bonuses[0].name)
    step = _step(chosen, level)
    run_id = closed["run_id"]
    standing = partner_standing(database, run_id, plan, partner_id, month)
    paid = [
        row["amount_minor"]
        for row in database.run("earnings.of_partner", run_id=run_id, partner_id=partner_id)
        if row["bonus"] == chosen.name and row["level"] == level and row["adjusts"] is None
    ]
    fates = aside.fates(database, run_id, partner_id, chosen.name, level)
    if paid:
        reason: Reason = ("paid", f"{partner_id} was paid at level {level} of {chosen.name} in {month}.", [])
    elif not spanning.due(chosen, parse_month(month)) and not fates:
        reason = ("not_due", _when_due(chosen, month), [])
    elif not standing["active"]:
        reason = ("inactive", f"{partner_id} was not active in {month}.", rules.inactive(plan, standing))
    else:
        made = aside.unpaid(plan, partner_id, month, fates)
        failed = rules.closed(plan, chosen.hold.condition, standing) if made and chosen.hold else []
        reason = (*made, failed) if made else _unpaid(database, month, run_id, plan, chosen, step, level, standing)
    return WhyNot(month, plan.name, partner_id, chosen.name, level, *reason[:2], plan.currency, sum(paid), reason[2])


def _when_due(bonus: Walk | Award, month: str) -> str:
    """Of a bonus that takes several periods together: in which it pays for this one."""
    assert bonus.spans is not None
    last = bonus.spans.last(parse_month(month))
    whole = f"the {bonus.spans.periods} periods from {bonus.spans.earlier(last)[0]} on"
    return f"{bonus.name} pays at the end of {last}, for {whole}; {month} is one of them."


def _step(bonus: Any, level: int) -> Step | None:
    """The step that is asked for; a differential's are margins, of which each is as good as another."""
    if not isinstance(bonus, Walk):
        return None
    if bonus.query == "bonuses.differential":
        return bonus.steps[0]
    if not 1 <= level <= len(bonus.steps):
        raise Refused(Code.LINE_UNKNOWN, f"Bonus {bonus.name} has levels 1 to {len(bonus.steps)}, not {level}.")
    return bonus.steps[level - 1]


def _unpaid(
    database: Database, month: str, run_id: str, plan: CompiledPlan, bonus: Any, step: Step | None, level: int, standing: Row
) -> Reason:
    """Of an active partner: what was closed to it, or what came to it instead of being paid."""
    partner_id = standing["partner_id"]
    if step is None:
        return unawarded.reason(awards.Asked(database, run_id, month, plan, bonus, level, standing))
    closed_to = rules.closed(plan, step.condition, standing)
    if closed_to:
        what = f"Level {level} of {bonus.name}" if step.level else bonus.name
        return "not_open", f"{what} was not open to {partner_id} in {month}.", closed_to
    how = bonus.rules
    if how.get("compression") == "standard" and how["vanish"] != ACTIVE and not standing["holds"][how["vanish"]]:
        failed = rules.failures(plan, how["vanish"], standing["metrics"], standing["held"])
        return "vanished", f"{partner_id} was not counted as a level of {bonus.name} in {month}.", failed
    if bonus.query == "bonuses.differential":
        return _without_margin(database, month, run_id, plan, bonus, standing)
    if bonus.query == "bonuses.infinity" and words.first(how["ranks"], standing["holds"]) != level:
        return "not_open", f"{partner_id} did not have rank {bonus.form[level - 1]} in {month}.", []
    if fed(database, run_id, bonus, level, None, standing)[1].sources:
        return "rounded_to_zero", f"What reached {partner_id} at level {level} in {month} rounds to 0.", []
    return (
        "nothing_reached",
        f"Level {level} of {bonus.name} was open to {partner_id} in {month}, but no volume reached it there: nobody below sold "
        "at that level, or a nearer partner was paid for it.",
        [],
    )


def _without_margin(database: Database, month: str, run_id: str, plan: CompiledPlan, bonus: Walk, standing: Row) -> Reason:
    """A qualified partner of a differential: no rate, nothing below, or nothing left over what was met on the way."""
    partner_id = standing["partner_id"]
    if not any(words.first(picks, standing["holds"]) for picks in bonus.rules["rates"]):
        return "no_rate", f"{partner_id} had no rate of its own in {bonus.name} in {month}.", []
    place = place_of(database, run_id, bonus, standing)
    arrived = [] if place is None else path.at_partner(database, run_id, bonus, standing["seq"], place)
    if not arrived:
        return (
            "nothing_reached",
            f"No volume reached {partner_id} in {bonus.name} in {month}, or the highest rate was met below.",
            [],
        )
    if any(row["move"] >= words.MILLION for row in arrived):
        return (
            "rounded_to_zero",
            f"What {partner_id} was paid for in {bonus.name} in {month} rounds to 0, or has another margin.",
            [],
        )
    told = [words.visit(plan, bonus, row["state"], row["move"], standing)[2] for row in arrived]
    return "blocked", f"{partner_id} was paid nothing of what reached it in {bonus.name} in {month}: {told[0]}.", []
