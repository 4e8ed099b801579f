"""What a close and a proof of the ledger say of clearing accounts."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.cli import console
from graphsvc.money import format_minor
from graphsvc.payouts.clearing import Uncleared


def show_uncleared(found: Sequence[Uncleared]) -> None:
    """List clearing accounts that are not at zero, each with whose it is and what it waits for; says nothing where all are."""
    if not found:
        return
    console.say("These clearing accounts are not at zero:")
    rows = [
        (one.balance.account, format_minor(one.balance.amount_minor, one.balance.currency), one.balance.currency, *_of(one))
        for one in found
    ]
    console.table("", ("account", "amount", "", "of", "waits"), rows, right=("amount",))


def _of(one: Uncleared) -> tuple[str, str]:
    return one.owner, one.waits
