"""The closed set of domain errors.

Every refusal carries a stable code, one sentence that names what, where, why and the fix, and optional machine-readable
details. This module knows no HTTP and no terminal: `api.problems` turns a code into a status, the command line turns the
class into an exit code (2 refused, 3 unavailable).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Stable names of everything that can be refused; a name once released keeps its meaning."""

    BAD_INPUT = "bad-input"
    BAD_MONTH = "bad-month"
    BAD_FILE = "bad-file"
    BAD_PLAN = "bad-plan"
    DUPLICATE = "duplicate"
    PARTNER_UNKNOWN = "partner-unknown"
    PARTNER_EXISTS = "partner-exists"
    ORDER_UNKNOWN = "order-unknown"
    SPONSOR_UNKNOWN = "sponsor-unknown"
    SPONSOR_CYCLE = "sponsor-cycle"
    TREE_UNKNOWN = "tree-unknown"
    PLACE_UNFIT = "place-unfit"
    PLACE_TAKEN = "place-taken"
    PLACED_ALREADY = "placed-already"
    PLAN_UNKNOWN = "plan-unknown"
    PLAN_EXISTS = "plan-exists"
    PLAN_NOT_IN_FORCE = "plan-not-in-force"
    BONUS_UNKNOWN = "bonus-unknown"
    LINE_UNKNOWN = "line-unknown"
    RATE_MISSING = "rate-missing"
    RATE_EXISTS = "rate-exists"
    MONTH_NOT_CLOSED = "month-not-closed"
    MONTH_NOT_OVER = "month-not-over"
    MONTH_CLOSED = "month-closed"
    MONTH_BUSY = "month-busy"
    MONTH_READY = "month-ready"
    MONTH_NOT_READY = "month-not-ready"
    MONTH_OUT_OF_ORDER = "month-out-of-order"
    RUN_UNKNOWN = "run-unknown"
    RUN_LOST = "run-lost"
    RUN_UNPROVED = "run-unproved"
    SUM_TOO_LARGE = "sum-too-large"
    BUSY = "busy"
    COUNTED_ROW = "counted-row"
    LEDGER_BROKEN = "ledger-broken"
    LEDGER_HEADS = "ledger-heads"
    PAYOUT_UNKNOWN = "payout-unknown"
    PAYOUT_DRAFT = "payout-draft"
    PAYOUT_STATE = "payout-state"
    PAYOUT_STALE = "payout-stale"
    CORRECTION_UNKNOWN = "correction-unknown"
    CORRECTION_OPEN = "correction-open"
    CORRECTION_EMPTY = "correction-empty"
    CORRECTION_UNFIT = "correction-unfit"
    CORRECTION_STATE = "correction-state"
    CORRECTION_STALE = "correction-stale"
    HOLD_UNKNOWN = "hold-unknown"
    HOLD_UNFIT = "hold-unfit"
    PERSON_MISSING = "person-missing"
    PERSON_NAME = "person-name"
    SECOND_PERSON = "second-person"
    KEY_UNKNOWN = "key-unknown"
    KEY_ROLE = "key-role"
    MIGRATION_CHANGED = "migration-changed"
    MIGRATION_UNKNOWN = "migration-unknown"
    SCHEMA_INCOMPLETE = "schema-incomplete"
    QUERY_CONTRACT = "query-contract"
    CONFIGURATION = "configuration"
    DATABASE_UNAVAILABLE = "database-unavailable"
    DATABASE_TIMEOUT = "database-timeout"
    DEMO_ELSEWHERE = "demo-elsewhere"
    EMBEDDED_FAILED = "embedded-failed"
    JAR_CHANGED = "jar-changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in a document or a file: where it stands, what stands there, why it is wrong, what would be right."""

    where: str
    reason: str
    value: str = ""
    fix: str = ""

    def sentence(self) -> str:
        """The finding as one line of text."""
        value = f" {self.value!r}" if self.value else ""
        fix = f"; {self.fix}" if self.fix else ""
        return f"{self.where}:{value} {self.reason}{fix}"


class GraphsvcError(Exception):
    """Something the caller can be told. `str(error)` is the whole sentence."""

    exit_code = 2

    def __init__(self, code: Code, sentence: str, *, detail: Mapping[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.detail: dict[str, Any] = dict(detail or {})


class Refused(GraphsvcError):
    """The request cannot be done as asked; nothing was changed."""


class BadInput(Refused):
    """A document or file with faults, all of them listed (the first hundred, with the count)."""

    shown_max = 100

    def __init__(self, code: Code, sentence: str, findings: Sequence[Finding], *, count: int | None = None) -> None:
        super().__init__(code, sentence)
        self.findings = list(findings[: self.shown_max])
        self.count = len(findings) if count is None else count


class Unavailable(GraphsvcError):
    """The database or the machine failed us; the same request may succeed later."""

    exit_code = 3


def nearest(given: str, existing: Iterable[str], *, shown_max: int = 3) -> str:
    """The tail of a "no such name" sentence: the nearest existing names, or that there are none."""
    names = list(existing)
    if not names:
        return "there are none yet"
    close = difflib.get_close_matches(given, names, n=shown_max, cutoff=0.5) or sorted(names)[:shown_max]
    return "the nearest are " + ", ".join(close) if len(names) > 1 else f"there is only {names[0]}"
