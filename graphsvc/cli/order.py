"""`graphsvc order …`: what an act on an order would change before it is done, and the lines and payouts it led to."""

from __future__ import annotations

import datetime as dt

import click

from graphsvc import explain, recalculation
from graphsvc.cli import console
from graphsvc.cli.terminal import who
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.errors import Code, Refused
from graphsvc.money import format_minor, parse
from graphsvc.payouts import paid
from graphsvc.recalculation import Impact

LINES = ("plan", "month", "closed", "partner_id", "bonus", "level", "class", "source_id", "before_minor", "after_minor")
TRACED = ("plan", "month", "partner_id", "bonus", "level", "class", "source_id", "amount_minor", "currency", "payout_id", "where")
STANDINGS = ("partner_id", "active", "rank", "title")


@click.group()
def order() -> None:
    """Orders: what a refund of one would change, and where the money went that one brought."""


@order.command()
@click.argument("order_id", metavar="ORDER")
@click.option("--refund", metavar="SUM", help="How much of it is given back, such as 12.50; default all that is left.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="When it is given back; default today (UTC).")
@click.option("--plan", "plan_name", metavar="NAME", help="Under this plan alone; default every plan in force on that day.")
@console.format_option
def impact(order_id: str, refund: str | None, day: dt.datetime | None, plan_name: str | None, shape: str) -> None:
    """What a refund of ORDER would change: lines, parts of closed lines, activity, ranks and titles. Nothing is recorded."""
    with open_database(load(), progress=console.Bars()) as database:
        amount_minor = None if refund is None else _amount(refund, recalculation.currency_of(database, order_id))
        found = recalculation.of_refund(
            database,
            order_id,
            who=who(),
            amount_minor=amount_minor,
            day=None if day is None else day.date(),
            plan_name=plan_name,
            progress=console.Bars(),
        )
    if shape == "table":
        for one in found:
            _show(one)
    else:
        console.rows(shape, LINES, (row for one in found for row in _lines(one)))


@order.command()
@click.argument("order_id", metavar="ORDER")
@console.format_option
def trace(order_id: str, shape: str) -> None:
    """Every line of closed months that ORDER fed, and the payout that each of them went into."""
    with open_database(load(), progress=console.Bars()) as database:
        found = explain.of_order(database, order_id)
        rows = [row | {"where": paid.told(row)} for row in paid.of_some(database, found.lines)]
    console.rows(shape, TRACED, rows, right=("level", "amount_minor"))
    if shape == "table":
        for one in found.besides:
            console.say(f"{one['month']} of plan {one['plan']}: bonus {one['bonus']} ({one['kind']}) counts it as one of many.")
        console.say(f"{order_id} fed {len(found.lines)} lines of closed months.")


def _amount(text: str, currency: str) -> int:
    try:
        return parse(text, currency)
    except ValueError as error:
        raise Refused(Code.BAD_INPUT, f"--refund {text!r} {error}.") from None


def _lines(found: Impact) -> list[dict[str, object]]:
    return [
        {
            "plan": found.plan,
            "month": found.month,
            "closed": line.closed,
            "partner_id": line.partner_id,
            "bonus": line.bonus,
            "level": line.level,
            "class": line.class_,
            "source_id": line.source_id,
            "before_minor": line.before_minor,
            "after_minor": line.after_minor,
        }
        for line in found.lines
    ]


def _show(found: Impact) -> None:
    given = f"{format_minor(found.amount_minor, found.order_currency)} {found.order_currency}"
    console.heading(f"{given} of order {found.order_id} given back, under plan {found.plan}: it counts in {found.month}")
    console.rows("table", LINES[2:], [row | {"currency": found.currency} for row in _lines(found)])
    changes = [
        (
            one.partner_id,
            _change("yes" if one.active_before else "no", "yes" if one.active_after else "no"),
            _change(one.rank_before, one.rank_after),
            _change(one.title_before, one.title_after),
        )
        for one in found.standings
    ]
    if changes:
        console.table("Who stands otherwise", STANDINGS, changes)
    console.say(
        f"{len(found.lines)} lines change, {format_minor(found.difference_minor, found.currency)} {found.currency} in all. "
        "Nothing was recorded."
    )


def _change(before: str, after: str) -> str:
    return before if before == after else f"{before or 'none'} → {after or 'none'}"
