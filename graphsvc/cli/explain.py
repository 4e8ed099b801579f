"""`graphsvc explain` and `graphsvc why-not`: the reason for a line, and the reason why there is none."""

from __future__ import annotations

import click

from graphsvc import corrections, earnings
from graphsvc import explain as service
from graphsvc.cli import console
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.errors import Code, Refused
from graphsvc.explain import Explanation, WhyNot
from graphsvc.money import format_minor, format_rate, format_volume
from graphsvc.payouts import paid
from graphsvc.query.runner import Database
from graphsvc.query.values import Row
from graphsvc.recalculation.causes import said

LINE = ("month", "plan", "partner_id", "bonus", "level", "class", "source_id")
plan_option = click.option("--plan", "plan_name", metavar="NAME", help="The plan, where several closed this month.")
bonus_option = click.option("--bonus", metavar="NAME", help="Only this bonus.")
shape_option = click.option(
    "--format", "shape", type=click.Choice(["text", "ndjson"]), default="text", show_default=True, help="How to print."
)


@click.command("explain")
@click.argument("month_name", metavar="MONTH")
@click.argument("partner_id", metavar="PARTNER")
@plan_option
@bonus_option
@click.option("--level", type=click.IntRange(1, 1000), help="Only this level.")
@shape_option
def explain(month_name: str, partner_id: str, plan_name: str | None, bonus: str | None, level: int | None, shape: str) -> None:
    """Why a partner's lines of a closed month are what they are, hop by hop."""
    with open_database(load(), progress=console.Bars()) as database:
        corrected = _corrected(database, month_name, partner_id, plan_name, bonus, level)
        parts = paid.of_lines(database, partner_id, month_name, plan_name)
        try:
            found = service.lines(database, month_name, partner_id, plan_name=plan_name, bonus=bonus, level=level)
        except Refused as refused:
            if refused.code is not Code.LINE_UNKNOWN or not corrected:
                raise
            found = []  # the month had no such line, but a correction posted one
    told = [(explanation, *_of(explanation, corrected, parts)) for explanation in found]
    known = [row for _, rows, _ in told for row in rows]
    alone = [row for row in corrected if row not in known]  # lines that the month had not, and corrections posted
    if shape == "ndjson":
        console.write_ndjson([one.to_dict() | {"corrections": rows, "paid": where} for one, rows, where in told])
        console.write_ndjson({name: row[name] for name in LINE} | {"corrections": [row], "paid": []} for row in alone)
        return
    for explanation, rows, where in told:
        show(explanation)
        for part in where:
            order = f"{part['source_id']} " if part["source_id"] else ""
            amount = format_minor(part["amount_minor"], part["currency"])
            console.say(f"  {order}{amount} {part['currency']}: {paid.told(part)}")
        for row in rows:
            show_correction(row)
    for row in alone:
        show_correction(row)


@click.command("why-not")
@click.argument("month_name", metavar="MONTH")
@click.argument("partner_id", metavar="PARTNER")
@click.option("--level", type=click.IntRange(1, 1000), required=True, help="The level that was not paid.")
@plan_option
@bonus_option
@shape_option
def why_not(month_name: str, partner_id: str, plan_name: str | None, bonus: str | None, level: int, shape: str) -> None:
    """Why a partner was not paid at a level: what failed, what it has and what it needs."""
    with open_database(load(), progress=console.Bars()) as database:
        found = service.why_not(database, month_name, partner_id, level=level, bonus=bonus, plan_name=plan_name)
    if shape == "ndjson":
        console.write_ndjson([found.to_dict()])
        return
    show_why_not(found)


def show(found: Explanation) -> None:
    """An explanation as text: the sum, the rule, and the way of the largest sources."""

    def money(amount_minor: int) -> str:
        return format_minor(amount_minor, found.currency)

    volume = f" ({found.base_of.upper()} {format_volume(found.base)})" if found.base_of in ("cv", "qv") else ""
    based = f"{found.base} counted" if found.base_of == "count" else f"{money(found.base_minor)}{volume}"
    rate = "" if found.rate_ppm is None else f" × {format_rate(found.rate_ppm)}"
    class_ = f" of {found.source_class}" if found.source_class else ""
    console.say(f"{found.month}  {found.partner_id}  bonus {found.bonus}  level {found.level}{class_}")
    many = f" in {found.lines} lines" if found.lines > 1 else ""
    of = "" if found.base_of == "number" else f"{based}{rate} = "
    console.say(f"  {of}{money(found.earned_minor)} {found.currency}{many}, rounded {found.rounding.replace('_', ' ')}")
    console.say(f"  rule {found.rule}")
    for fact in found.facts:
        console.say(f"  {fact}")
    if found.amount_minor != found.earned_minor:
        console.say(f"  after limits: {money(found.amount_minor)} {found.currency}")
    verdict = "equal to the stored amount" if found.equal else f"NOT equal to the stored {money(found.earned_minor)}"
    again = "" if found.base_of == "number" else f" from {found.source_count} sources"
    console.say(f"  computed again{again}: {money(found.computed_minor)}, {verdict}")
    for source in found.sources:
        order = f" order {source.source_id}" if source.source_id else ""
        much = str(source.base) if found.base_of == "count" else money(source.base_minor)
        console.say(f"  {source.partner_id}{order} {found.brought} {much}:")
        for hop in source.hops:
            reason = f": {hop.reason}" if hop.reason else ""
            console.say(f"    {hop.distance:>3}  {hop.partner_id}  {hop.outcome}{reason}")
    if found.source_count > len(found.sources):
        console.say(f"  … and {found.source_count - len(found.sources)} smaller sources")


def show_correction(row: Row) -> None:
    """What a correction posted on a line, why, by whom, and what is behind it."""
    class_ = f" of {row['class']}" if row["class"] else ""
    order = f" order {row['source_id']}" if row["source_id"] else ""
    old, new, more = (format_minor(row[name], row["currency"]) for name in ("old_minor", "new_minor", "difference_minor"))
    console.say(f"{row['month']}  {row['partner_id']}  bonus {row['bonus']}  level {row['level']}{class_}{order}")
    console.say(f"  corrected from {old} to {new} {row['currency']}: {more} posted by correction {row['correction_id']}")
    console.say(
        f"  proposed by {row['person']}, approved by {row['approver_person']} {row['approved_at']:%Y-%m-%d}: {row['reason']}"
    )
    for cause in said(row["causes"]):
        console.say(f"  {cause}")


def _corrected(
    database: Database, month_name: str, partner_id: str, plan_name: str | None, bonus: str | None, level: int | None
) -> list[Row]:
    run_id = earnings.closed_run(database, month_name, plan_name)["run_id"]
    rows = corrections.of_partner(database, partner_id, run_id)
    return [row for row in rows if bonus in (None, row["bonus"]) and level in (None, row["level"])]


def _of(found: Explanation, corrected: list[Row], parts: list[Row]) -> tuple[list[Row], list[Row]]:
    """Corrections of the lines that are explained, and where their money is."""
    line = (found.bonus, found.level, found.source_class)

    def mine(row: Row) -> bool:
        return (row["bonus"], row["level"], row["class"]) == line and row["source_id"] in found.source_ids

    return [row for row in corrected if mine(row)], [part for part in parts if mine(part)]


def show_why_not(found: WhyNot) -> None:
    """The answer as text, one failed test a line."""
    console.say(found.sentence)
    for failure in found.failures:
        console.say(f"  {failure.text}")
