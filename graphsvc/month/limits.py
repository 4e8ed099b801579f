"""The steps between a bonus's lines and what is posted: lines that wait, caps, deductions, splits (mechanics section 8).

Lines of a bonus that holds them wait before anything is cut, and what is released is a line like any other. Caps of lines and
partners run after each bonus, in the order of evaluation; one of the company once the last of its bonuses has run, before a
later bonus reads their lines. Each step can be begun again: a line keeps what it was before each limit that cut it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphsvc.errors import Code, Refused
from graphsvc.month import carried
from graphsvc.month.awards import DIGITS
from graphsvc.month.context import CLEAR_LINES_LIMIT, Context, Step, spread
from graphsvc.plan.compiled import CompiledPlan, Deduction, Hold, Limit
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

Work = Callable[[Context, str], None]

ORDER = ("line", "partner_bonus", "partner")
# A sum above this times two digits of a factor leaves 63 bits.
PAID_MAX = 4 * 10**16


def hold(bonus: str, rule: Hold) -> Work:
    """Lines of who fails the condition wait; lines that waited are released or wait on."""

    def run(context: Context, label: str) -> None:
        period, spans = str(context.month), context.buckets()
        context.tidy("limits.clear_released", label, CLEAR_LINES_LIMIT, bonus=bonus, period=period)
        params = {"bonus": bonus, "conditions": len(context.plan.conditions), "condition": rule.condition}
        earlier = carried.previous(context)
        for bucket, _ in spread(context, label, spans):
            context.write("limits.hold", label, bucket=bucket, periods=rule.periods, period=period, **params)
            if earlier is not None:
                context.write("limits.release", label, bucket=bucket, earlier=earlier, **params)

    return run


def caps(bonus: str, plan: CompiledPlan) -> list[dict[str, Any]]:
    """The caps of lines and partners on one bonus, with the earlier bonuses (`bonuses`) and the `later` ones that share each."""
    names = [other.name for other in plan.bonuses]
    at = names.index(bonus)
    found: list[dict[str, Any]] = [
        {
            "limit": number,
            "cap": limit.cap,
            "picks": [list(pick) for pick in limit.picks],
            "bonuses": [n for n in names[:at] if limit.cap == "partner" and n in limit.bonuses],
            "later": [n for n in names[at + 1 :] if limit.cap == "partner" and n in limit.bonuses],
        }
        for number, limit in enumerate(plan.limits)
        if limit.cap in ORDER and bonus in limit.bonuses
    ]
    return sorted(found, key=lambda cap: ORDER.index(cap["cap"]))


def of_company(plan: CompiledPlan) -> list[tuple[int, int]]:
    """(after which bonus, limit) of the limits of the company, by index, in the order in which they run."""
    names = [other.name for other in plan.bonuses]
    return sorted((max(map(names.index, x.bonuses)), n) for n, x in enumerate(plan.limits) if x.cap == "company")


def cut(bonus: str, plan: CompiledPlan) -> Work:
    """The caps of lines and partners on one bonus."""
    bound = caps(bonus, plan)
    least = [{"cap": one["cap"], "least": min(sum_ for _, sum_ in one["picks"])} for one in bound]
    before = sorted({name for one in bound for name in one["bonuses"]})

    def run(context: Context, label: str) -> None:
        spans = context.buckets()
        if not context.resumed:  # else lines that were cut before have to be looked at again
            buckets = set(context.write("limits.may_cut", label, bonus=bonus, caps=least, before=before)["buckets"])
            spans = [span for span in spans if span[0] in buckets]
        for bucket, _ in spread(context, label, spans):
            context.write("limits.cut", label, bonus=bonus, bucket=bucket, conditions=len(context.plan.conditions), caps=bound)

    return run


def came_to(database: Database, run_id: str, plan: CompiledPlan, number: int, since: list[int]) -> Row:
    """What the lines under a limit of the company came to when it ran in a run, and what it leaves of that; `since`: that limit
    and those that have run after it."""
    limit = plan.limits[number]
    asked = {"bonuses": list(limit.bonuses), "window": plan.as_sold(), "since": since, "sum": limit.sum_minor}
    rated = {"numerator": limit.numerator, "denominator": limit.denominator}
    rounded = {"rounding": plan.rounding, "unit_minor": plan.unit_minor}
    return database.run("limits.company_total", run_id=run_id, **asked, **rated, **rounded)[0]


def cut_company(number: int, limit: Limit) -> Work:
    """One cap of the company."""

    def run(context: Context, label: str) -> None:
        plan, bonuses = context.plan, list(limit.bonuses)
        total = came_to(context.database, context.run_id, plan, number, [number])
        if total["paid_minor"] > PAID_MAX:
            raise Refused(Code.SUM_TOO_LARGE, f"The lines of {', '.join(bonuses)} add up to more than can be cut exactly.")
        if total["paid_minor"] <= total["limit_minor"]:
            return
        for bucket, _ in spread(context, label, context.buckets()):
            params = {"bonuses": bonuses, "limit": number, "digits": DIGITS, "unit_minor": plan.unit_minor}
            context.write("limits.company", label, bucket=bucket, **params, **total)

    return run


def deduct(deduction: Deduction) -> Work:
    """The negative lines of one deduction."""

    def run(context: Context, label: str) -> None:
        context.tidy("earnings.clear", label, CLEAR_LINES_LIMIT, bonus=deduction.name)
        for bucket, _ in spread(context, label, context.buckets()):
            context.write(
                "limits.deduct",
                label,
                bonus=deduction.name,
                bucket=bucket,
                bonuses=list(deduction.bonuses),
                rate_ppm=deduction.rate_ppm,
                numerator=deduction.numerator,
                denominator=deduction.denominator,
                rounding=context.plan.rounding,
                unit_minor=context.plan.unit_minor,
                currency=context.plan.currency,
            )

    return run


def split(context: Context, label: str) -> None:
    """Every partner's total on its balances."""
    context.tidy("limits.clear_balances", label, CLEAR_LINES_LIMIT)
    plan = context.plan
    parts = [{"balance": part.balance, "ppm": part.rate_ppm} for part in plan.splits]
    for bucket, _ in spread(context, label, context.buckets()):
        context.write("limits.split", label, bucket=bucket, splits=parts, unit_minor=plan.unit_minor, currency=plan.currency)


def of_bonus(plan: CompiledPlan, bonus: Any) -> list[Step]:
    """The steps between the lines of one bonus and the next bonus."""
    names = [other.name for other in plan.bonuses]
    steps: list[Step] = []
    if bonus.hold is not None:
        steps.append(Step(f"Held lines of {bonus.name}", hold(bonus.name, bonus.hold)))
    if any(limit.cap in ORDER and bonus.name in limit.bonuses for limit in plan.limits):
        steps.append(Step(f"Limits of {bonus.name}", cut(bonus.name, plan)))
    for after, number in of_company(plan):
        if names[after] == bonus.name:
            steps.append(Step(f"Limit of the company after {bonus.name}", cut_company(number, plan.limits[number])))
    return steps


def deducting(plan: CompiledPlan) -> list[Step]:
    """The steps after the last bonus."""
    return [Step(f"Deduction {deduction.name}", deduct(deduction)) for deduction in plan.deductions]


def splitting(plan: CompiledPlan) -> list[Step]:
    """The step after the last line."""
    return [Step("Balances", split)] if plan.splits else []


def discard(context: Context, label: str) -> None:
    """Throw away what these steps and the awards left beside earnings."""
    context.clear("limits.clear", label, CLEAR_LINES_LIMIT, bonus=None)
    context.clear("limits.clear_balances", label, CLEAR_LINES_LIMIT)
    for query in ("clear", "clear_blocks"):
        context.clear(f"awards.{query}", label, bonus=None)
