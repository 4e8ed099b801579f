"""`graphsvc explain` and `graphsvc why-not`: the reason for a line, and the reason why there is none."""

from __future__ import annotations

import click

from graphsvc import explain as service
from graphsvc.cli import console
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.explain import Explanation, WhyNot
from graphsvc.money import format_minor, format_rate, format_volume

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
        found = service.lines(database, month_name, partner_id, plan_name=plan_name, bonus=bonus, level=level)
    if shape == "ndjson":
        console.write_ndjson(explanation.to_dict() for explanation in found)
        return
    for explanation in found:
        show(explanation)


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


def show_why_not(found: WhyNot) -> None:
    """The answer as text, one failed test a line."""
    console.say(found.sentence)
    for failure in found.failures:
        console.say(f"  {failure.text}")
