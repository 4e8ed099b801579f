"""Lines that are more, or less, than what a bonus made of its sources: cut by limits, waiting or released, deductions."""

from __future__ import annotations

from graphsvc import money
from graphsvc.explain import amounts
from graphsvc.explain.awards import Told
from graphsvc.explain.waiting import RELEASED
from graphsvc.month import carried
from graphsvc.plan.compiled import CompiledPlan, Deduction
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

_CAPS = {
    "line": "of each line",
    "partner_bonus": "of what a partner has of a bonus",
    "partner": "of what a partner has in all",
    "company": "of what the company pays",
}


def fates(database: Database, run_id: str, partner_id: str, bonus: str, level: int, class_: str | None = None) -> list[Row]:
    """What became of a partner's lines at one step of a bonus (of one class, or of any)."""
    rows = database.run("explain.fates", run_id=run_id, partner_id=partner_id, bonus=bonus)
    return [row for row in rows if row["level"] == level and class_ in (None, row["class"])]


def cuts(plan: CompiledPlan, rows: list[Row]) -> list[str]:
    """A sentence for each limit that cut some of these lines."""
    found: list[str] = []
    for row in rows:
        marks = row["cuts"] or []
        left = [*marks[3::2], row["amount_minor"]]  # what one limit left is what the next one found
        for limit, before, after in zip(marks[::2], marks[1::2], left, strict=False):
            number = f"limit {limit + 1}, {_CAPS[plan.limits[limit].cap]},"
            source = f" for {row['source_id']}" if row["source_id"] else ""
            found.append(f"{number} left {_money(plan, after)} of {_money(plan, before)}{source}")
    return found


def unpaid(plan: CompiledPlan, partner_id: str, month: str, rows: list[Row]) -> tuple[str, str] | None:
    """Of lines that were earned: capped to nothing, waiting, or lapsed; None where no line was."""
    capped = [row for row in rows if row["fate"] == "capped"]
    if capped:
        return "capped", f"{partner_id} earned it in {month}, but {'; '.join(cuts(plan, capped))}."
    waiting = [row for row in rows if row["fate"] == "held"]
    if not waiting:
        return None
    last = waiting[-1]
    earned = f"{_money(plan, last['amount_minor'])} earned in {last['held_from']}"
    if last["left"]:
        return "held", f"{earned} wait until {partner_id} meets the condition, at most {last['left']} more periods."
    return "expired", f"{earned} lapsed: {partner_id} did not meet the condition in time."


def released(database: Database, month: str, plan: CompiledPlan, partner_id: str, row: Row) -> Told:
    """A line that waited until this month: what it was in the period in which it was earned."""
    since, _, source_id = row["source_id"].removeprefix(RELEASED).partition(" ")
    before = carried.before(database, plan.name, month)  # where it waited last; an imported opening may be what earned it
    rows = fates(database, before["run_id"], partner_id, row["bonus"], row["level"], row["class"]) if before else []
    held = [r["amount_minor"] for r in rows if r["fate"] == "held" and r["held_from"] == since and r["source_id"] == source_id]
    rule = f"held: earned in {since}, when its condition was not met, and paid in the first period in which it is"
    return Told(rule, sum(held), [f"earned in {since}: {_money(plan, sum(held))}"], row["rate_ppm"])


def deducted(database: Database, run_id: str, plan: CompiledPlan, deduction: Deduction, row: Row) -> Told:
    """A negative line: the line that it is taken from, and its part."""
    bonus, _, class_ = row["class"].partition(" ")
    rows = fates(database, run_id, row["partner_id"], bonus, row["level"], class_)
    base = sum(r["amount_minor"] for r in rows if r["fate"] == "paid" and r["source_id"] == row["source_id"])
    rate = money.format_rate(deduction.rate_ppm)
    amount = amounts.deducted(plan, deduction, base)
    return Told(f"deduction: {rate} of each line of {', '.join(deduction.bonuses)}", amount, [f"{bonus}: {_money(plan, base)}"])


def _money(plan: CompiledPlan, amount_minor: int) -> str:
    return f"{money.format_minor(amount_minor, plan.currency)} {plan.currency}"
