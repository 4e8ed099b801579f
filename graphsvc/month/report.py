"""What a run says of itself: counts, totals, breakage, and the digest of its lines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from graphsvc.query.values import Row

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Breakage:
    """One level of one bonus: what all sources together could have paid, what was paid, and the difference."""

    bonus: str
    level: int
    base_minor: int
    possible_minor: int
    paid_minor: int
    breakage_minor: int
    lines: int


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run's totals. Money in minor units of `currency`; `digest` is the SHA-256 of its earnings as CSV.

    prizes: those that are not money. Of what was earned and is not paid: held waits for a condition, lapsed waited in vain, cut
    fell to limits.
    """

    run_id: str
    kind: str
    state: str
    plan: str
    plan_version: int
    month: str
    currency: str
    partners: int = 0
    active: int = 0
    orders: int = 0
    unpaid_count: int = 0
    unpaid: list[str] = field(default_factory=list)
    sold_minor: int = 0
    payout_minor: int = 0
    payout_ratio_ppm: int = 0
    lines: int = 0
    breakage: list[Breakage] = field(default_factory=list)
    prizes: int = 0
    held_minor: int = 0
    lapsed_minor: int = 0
    cut_minor: int = 0
    digest: str = ""
    started_at: str = ""
    finished_at: str = ""
    seconds: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return dataclasses.asdict(self)

    def to_json(self) -> str:
        """As canonical JSON, the form that is stored with the run."""
        return json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False)

    def finished(
        self, state: str, started_at: dt.datetime, finished_at: dt.datetime, ready_at: dt.datetime | None = None
    ) -> RunReport:
        """The same report with its end; how long it took is until it was ready, not until somebody approved it."""
        return dataclasses.replace(
            self,
            state=state,
            started_at=_text(started_at),
            finished_at=_text(finished_at),
            seconds=int(((ready_at or finished_at) - started_at).total_seconds()),
        )


def _text(instant: dt.datetime | None) -> str:
    return "" if instant is None else instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ratio_ppm(part: int, whole: int) -> int:
    """part of whole in parts per million, cut down; 0 where there is no whole."""
    return part * PPM // whole if whole > 0 else 0


def from_row(row: Row) -> RunReport:
    """The report of a stored run; one that is still running has only its names."""
    common: dict[str, Any] = {
        "run_id": row["run_id"],
        "kind": row["kind"],
        "state": row["state"],
        "plan": row["plan"],
        "plan_version": row["plan_version"],
        "month": row["month"],
    }
    stored: dict[str, Any] = json.loads(row["report"]) if row["report"] else {"currency": ""}
    stored["breakage"] = [Breakage(**level) for level in stored.get("breakage", [])]
    report = RunReport(**{**stored, **common, "digest": row["digest"] or ""})
    if row["finished_at"] is None:
        return dataclasses.replace(report, started_at=_text(row["started_at"]))
    return report.finished(row["state"], row["started_at"], row["finished_at"], row["ready_at"])
