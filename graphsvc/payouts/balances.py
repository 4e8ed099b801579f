"""A partner's balances: the main one, and those that plans split parts of a total off to."""

from __future__ import annotations

from graphsvc.errors import Code, Refused, nearest
from graphsvc.ledger.accounts import MAIN
from graphsvc.plan import store
from graphsvc.plan.compiled import Split
from graphsvc.query.runner import Database

_MILLION = 1_000_000


def demand(database: Database, balance: str) -> None:
    """Refuse a balance that no version of any plan knows, with the nearest that one does."""
    if balance == MAIN:
        return
    known = {MAIN}
    for name in store.names(database):
        for one in store.versions(database, name):
            known |= {split.balance for split in store.get(database, name, one.version).splits}
    if balance not in known:
        raise Refused(Code.BAD_INPUT, f"No plan has a balance {balance!r}; {nearest(balance, sorted(known))}.")


def parts(splits: tuple[Split, ...], amount_minor: int) -> dict[str, int]:
    """What of a positive amount stands on each balance, in minor units: splits rounded down, the main balance has the rest."""
    split = {one.balance: amount_minor * one.rate_ppm // _MILLION for one in splits}
    return {MAIN: amount_minor - sum(split.values())} | split
