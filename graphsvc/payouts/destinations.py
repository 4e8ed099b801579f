"""Where a partner's money goes: the payment provider's token, a keyed digest, and what people may see of it.

The value itself (an account or card number) is only looked at to make the digest and its last four characters. The digest is that
of identifiers, so a bank account that two partners share is one node in the graph.
"""

from __future__ import annotations

import re

from graphsvc import network
from graphsvc.errors import BadInput, Code, Finding
from graphsvc.imports import identity, values
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

# Kinds of destinations, and the kind of identifier that each is.
KINDS = {"bank_account": "bank_account", "card": "card", "wallet": "email"}
SHOWN_CHARACTERS = 4
_TOKEN = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)


def set_destination(database: Database, partner_id: str, kind: str, value: str, token: str, *, key: bytes, actor: str) -> Row:
    """Set where a partner's money goes from now on; payouts already drawn keep theirs. The same again changes nothing."""
    findings = []
    digest = shown = ""
    if kind not in KINDS:
        findings.append(Finding("kind", "is no kind of destination", kind, f"write {', '.join(KINDS)}"))
    else:
        try:
            bare = identity.normalise(KINDS[kind], value)
            digest, shown = identity.digest(KINDS[kind], value, key), f"•••{bare[-SHOWN_CHARACTERS:]}"
        except values.Wrong as wrong:
            findings.append(Finding("value", wrong.reason, "", wrong.fix))
    if not _TOKEN.fullmatch(token):
        findings.append(
            Finding(
                "token", "is not 1 to 200 visible ASCII characters", "", "give the reference that the payment provider gave you"
            )
        )
    if findings:
        raise BadInput(Code.BAD_INPUT, "The destination cannot be taken as it is; nothing was written.", findings)
    if network.visible(database, partner_id) is None:
        raise network.unknown(database, partner_id)
    told = {"partner_id": partner_id, "kind": kind, "token": token, "digest": digest, "shown": shown, "actor": actor}
    used = "\x1f".join(["partner", partner_id, KINDS[kind], digest, "", ""])

    def work(tx: Transaction) -> Row:
        set_ = tx.run("payouts.set_destination", **told)[0]
        tx.run("imports.use_identifiers", rows=used)
        return set_

    done = database.transact(work)
    return {"partner_id": partner_id, "kind": kind, "destination": shown, **done}


def destinations(database: Database, partner_id: str) -> list[Row]:
    """Where a partner's money goes and went, newest first."""
    if network.visible(database, partner_id) is None:
        raise network.unknown(database, partner_id)
    return database.run("payouts.destinations", partner_id=partner_id)
