"""One entry of the ledger, its canonical bytes, and its link to the entry before it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from graphsvc.query.values import Row

FIRST = ""  # what the first entry has for the digest of the one before it
NOBODY = -1  # the block of an entry without accounts of partners


@dataclass(frozen=True, slots=True)
class Entry:
    """Amounts of one currency, minor units, that move between accounts and sum to zero; what is owed is above zero.

    accounts: `commission:PLAN:BONUS`, `clearing:RUN`, `payable/BALANCE:PARTNER`, each once. block: seq / 1024 of all partners
    among them, or NOBODY. available_on: the first day on which its payables may be paid out.
    """

    id: str
    kind: str
    recorded_at: dt.datetime
    actor: str
    reason: str
    currency: str
    available_on: dt.date | None
    plan: str
    month: str
    run_id: str
    corrects: str
    block: int
    accounts: tuple[str, ...]
    amounts: tuple[int, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it is an entry at all: an amount for each account, each account once, and nothing made or lost."""
        return len(self.accounts) == len(self.amounts) == len(set(self.accounts)) and sum(self.amounts) == 0

    def body(self) -> str:
        """SHA-256 of every field in one canonical form: JSON with sorted keys, times in UTC."""
        fields: dict[str, Any] = asdict(self)
        fields["recorded_at"] = self.recorded_at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        fields["available_on"] = None if self.available_on is None else self.available_on.isoformat()
        text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def stored(self) -> dict[str, Any]:
        """What is written of it, with its body; its place comes when it joins the chain."""
        return asdict(self) | {"accounts": list(self.accounts), "amounts": list(self.amounts), "body": self.body()}


def of_row(row: Row) -> Entry:
    """An entry as it stands in the graph."""
    found = {name: row[name] for name in Entry.__dataclass_fields__}
    return Entry(**found | {"accounts": tuple(row["accounts"]), "amounts": tuple(row["amounts"])})


def link(previous: str, sequence: int, body: str) -> str:
    """The digest of an entry at its place in the chain."""
    return hashlib.sha256(f"{previous}\n{sequence}\n{body}".encode()).hexdigest()
