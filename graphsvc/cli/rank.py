"""`graphsvc rank …`: ranks that are set by hand for a period, and who set them why."""

from __future__ import annotations

import click

from graphsvc import config, ranks
from graphsvc.cli import console
from graphsvc.cli.month import plan_option
from graphsvc.cli.terminal import who
from graphsvc.connect import open_database


@click.group()
def rank() -> None:
    """Ranks set by hand, for open periods and with a reason."""


@rank.command()
@click.argument("partner")
@click.argument("rank_name", metavar="RANK")
@click.argument("month")
@plan_option
@click.option("--reason", required=True, metavar="TEXT", help="Why the computed rank is not right; kept for ever.")
def force(partner: str, rank_name: str, month: str, plan_name: str, reason: str) -> None:
    """Let RANK stand in for the paid-as rank of PARTNER in MONTH: none for no rank, computed to take the hand off again."""
    with open_database(config.load(), console.Bars()) as database:
        row = ranks.force(database, partner, rank_name, month, plan_name, reason=reason, actor=who().actor)
    console.say(
        f"{row['partner_id']} is {row['rank']} in {month} of plan {plan_name}: {row['reason']} (decision {row['number']})"
    )


@rank.command("list")
@plan_option
@click.option("--month", metavar="MONTH", help="Only this period.")
@console.format_option
def list_(plan_name: str, month: str | None, shape: str) -> None:
    """Every rank ever set by hand, newest period first; the last one of a partner and period counts."""
    with open_database(config.load(), console.Bars()) as database:
        rows = ranks.forced(database, plan_name, month)
    console.rows(shape, ("month", "partner_id", "rank", "number", "reason", "actor", "at"), rows)
