"""The proof of corrections: the lines that are kept are those that were posted, and what was posted is what they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from graphsvc.corrections.rows import correction, corrections, corrects, digest_of, group, paged
from graphsvc.errors import Code, Refused
from graphsvc.ledger.accounts import commission
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

ALL = 1_000_000


def verify(database: Database, correction_id: str) -> Row:
    """A posted correction, if its lines are what its entries in the ledger say and sum to; refuses where they are not."""
    head = correction(database, correction_id)
    if head["state"] != "posted":
        raise Refused(Code.CORRECTION_STATE, f"Correction {correction_id} is {head['state']}; nothing of it is posted.")
    due: Counter[str] = Counter()
    digest, found = digest_of(head, _summed(database, head, due)), Counter[str]()
    for row in database.run("corrections.entries", group=group(correction_id)):
        if row["corrects"] != corrects(head["closed_run"], digest):
            raise changed(correction_id, f"entry {row['id']} posts other lines than those that are kept")
        account = row["account"]
        found[_whose(account) if account.startswith("payable/") else account] += row["amount_minor"]
    differing = sorted(account for account in {*due, *found} if due[account] != found[account])
    if differing:
        raise changed(correction_id, f"{differing[0]} got {found[differing[0]]}, but its lines come to {due[differing[0]]}")
    return head


def faults(database: Database) -> Iterator[Refused]:
    """What is wrong with posted corrections, one after another."""
    for head in corrections(database, limit=ALL):
        if head["state"] == "posted":
            try:
                verify(database, head["id"])
            except Refused as refused:
                yield refused


def changed(correction_id: str, what: str) -> Refused:
    """What is said where somebody changed something behind our back."""
    return Refused(
        Code.LEDGER_BROKEN, f"Correction {correction_id} does not add up: {what}; `graphsvc ledger verify` looks at all of it."
    )


def _summed(database: Database, head: Row, due: Counter[str]) -> Iterator[Row]:
    """The lines of a correction, summed on the way: by bonus what they cost, by partner what they give."""
    for row in paged(database, head["id"]):
        due[commission(head["plan"], row["bonus"])] -= row["difference_minor"]
        due[_whose(f"payable/:{row['partner_id']}")] += row["difference_minor"]
        yield row


def _whose(account: str) -> str:
    return f"partner {account.split(':', 1)[1]}"
