"""The ledger as text, to be held against another: all that two runs over the same data have in common, or every byte of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from graphsvc.ledger import entries
from graphsvc.query.runner import Database

PAGE = 1_000
# What no two runs share: their ids, when they posted and for whom, and the links that come of those.
OWN = ("recorded_at", "actor", "body", "previous", "digest")


def rows(database: Database) -> Iterator[dict[str, Any]]:
    """Every entry with all its fields, in order."""
    after = 0
    while found := database.run("ledger.entries", after=after, limit=PAGE):
        yield from found
        after = found[-1]["sequence"]


def whole(database: Database) -> str:
    """Every field of every entry."""
    return "\n".join(json.dumps(row, sort_keys=True, default=str) for row in rows(database))


def shared(database: Database, *, any_order: bool = False) -> str:
    """Every entry without what is its run's own: the same after a run that was disturbed as after one that was not.

    any_order: postings of an entry by account, for companies whose partners were imported in another order.
    """
    told = []
    for row in rows(database):
        if any_order:
            postings = sorted(zip(row["accounts"], row["amounts"], strict=True))
            row |= {"accounts": [name for name, _ in postings], "amounts": [amount for _, amount in postings]}
        kept = {name: row[name] for name in ("sequence", *entries.Entry.__dataclass_fields__) if name not in OWN}
        text = json.dumps(kept, sort_keys=True, default=str)
        told.append(text.replace(row["run_id"], "RUN") if row["run_id"] else text)
    return "\n".join(told)
