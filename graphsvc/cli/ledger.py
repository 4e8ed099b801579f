"""`graphsvc ledger …`: what is owed and what was paid, account by account, and the proof that nothing of it was changed."""

from __future__ import annotations

import click

from graphsvc import corrections, network
from graphsvc.cli import console
from graphsvc.cli.clearing import show_uncleared
from graphsvc.config import load
from graphsvc.connect import open_database
from graphsvc.errors import Code, Refused
from graphsvc.ledger import accounts, heads, proof
from graphsvc.money import format_minor
from graphsvc.payouts.clearing import uncleared

STATEMENT = ("sequence", "recorded_at", "kind", "month", "account", "amount_minor", "currency", "entry_id", "reason")


@click.group()
def ledger() -> None:
    """The ledger: double entry, appended to and never changed. What the company owes stands above zero."""


@ledger.command()
def verify() -> None:
    """Read the whole ledger again and name the first entry that is not what was posted; exit code 2 if there is one."""
    settings = load()
    with open_database(settings, progress=console.Bars()) as database, console.Bars().step("Read the ledger"):
        found = proof.verify(database, heads.read(settings.ledger_heads))
        broken = next(corrections.faults(database), None)
        if found.holds and broken is None:
            heads.note(database, settings.ledger_heads)
        waiting = uncleared(database, found.balances)
    if found.fault is not None:
        named = f" ({found.fault.id})" if found.fault.id else ""
        raise Refused(Code.LEDGER_BROKEN, f"Entry {found.fault.sequence}{named} {found.fault.what}.")
    if broken is not None:
        raise broken
    if found.unbalanced:
        raise Refused(Code.LEDGER_BROKEN, f"The accounts in {', '.join(found.unbalanced)} do not sum to zero.")
    console.say(
        f"{found.entries} entries, none changed, dropped, swapped or inserted; every currency sums to zero; "
        f"{found.kept_outside} heads kept in {settings.ledger_heads} agree."
    )
    if found.entries and not found.kept_outside:
        console.say("No head of this ledger was kept outside before now, so a tail cut off earlier would not have been found.")
    show_uncleared(waiting)


@ledger.command()
@click.option("--each", is_flag=True, help="Every partner's account, not those of one kind together.")
@console.format_option
def balances(each: bool, shape: str) -> None:
    """What every account stands at; all of one currency sum to zero."""
    with open_database(load(), progress=console.Bars()) as database:
        found = accounts.balances(database, each=each)
    if shape == "table":
        _table(found)
    else:
        columns = ("account", "currency", "amount_minor", "postings")
        console.rows(shape, columns, ({name: getattr(one, name) for name in columns} for one in found))


@ledger.command()
@click.argument("partner_id", metavar="PARTNER")
@console.format_option
def statement(partner_id: str, shape: str) -> None:
    """What was put on a partner's accounts and taken from them, oldest first."""
    with open_database(load(), progress=console.Bars()) as database:
        found = list(accounts.statement(database, partner_id))
        if not found and network.visible(database, partner_id) is None:
            raise network.unknown(database, partner_id)
    rows = ({name: row["id" if name == "entry_id" else name] for name in STATEMENT} for row in found)
    console.rows(shape, STATEMENT, rows, right=("sequence", "amount_minor"))


def _table(found: list[accounts.Balance]) -> None:
    rows = [(one.account, format_minor(one.amount_minor, one.currency), one.currency, one.postings) for one in found]
    console.table("", ("account", "amount", "", "postings"), rows, right=("amount", "postings"))
