"""What is behind a difference: orders and refunds that came late, who stands elsewhere, a rank set by hand, or the plan itself.

Each partner who sold or stands otherwise is followed up both runs' trees; a line of somebody above has that for a cause. What
depends on everybody, such as a pool, has all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graphsvc.money import format_minor
from graphsvc.month.context import Context
from graphsvc.query.values import Row

FOLLOWED_MAX = 500  # partners who changed; of more, only these are followed up their trees
STANDS = {
    "sponsor": "{} stands under another sponsor",
    "member": "{} joined at another time",
    "able": "{} has another status",
    "graced": "{} was active before, or is not any more",
    "numbers": "{} has other customers, months, carried state or a rank set by hand",
    "known": "{} was recorded after the close",
}


@dataclass(slots=True)
class Causes:
    """Sentences by the partner they are about, and whose lines each partner may have changed."""

    said: dict[int, list[str]] = field(default_factory=dict)
    above: dict[int, set[int]] = field(default_factory=dict)  # by payee: those at or below it who changed
    unfollowed: int = 0

    def of(self, payee: int, *, everybody: bool) -> list[str]:
        """What may be behind a line of a payee; of what depends on everybody, all there is."""
        below = sorted(self.said if everybody else self.above.get(payee, ()))
        return [sentence for seq in below for sentence in self.said[seq]]


def find(context: Context, closed: Row, windows: tuple[int, int], *, same_plan: bool) -> Causes:
    """Hold the frozen blocks of the new run against those of the closed one. windows: of what was sold, closed and new."""
    database, runs = context.database, [closed["run_id"], context.run_id]
    found, sellers = Causes(), dict[int, str]()
    known_at = database.run("month.known_at", run_id=closed["run_id"])[0]["known_at"]
    buckets = sorted({bucket for run_id in runs for bucket, *_ in context.buckets(run_id)})
    for bucket in buckets:
        for row in database.run("recalculation.sold", runs=runs, windows=list(windows), bucket=bucket):
            sellers[row["seq"]] = row["partner_id"]
        for row in database.run("recalculation.stood", runs=runs, bucket=bucket, same_plan=same_plan):
            found.said[row["seq"]] = [STANDS[what].format(row["partner_id"]) for what in row["changed"]]
    span = context.window(0)
    asked = {"counted_by": context.plan.counted_by, "known_at": known_at, "ends_at": span.ends_at, "ends_on": span.ends_on}
    followed = list(sellers)[:FOLLOWED_MAX]
    # a run that knows orders as the closed one did has none that came later
    asking = [] if context.sold_until is not None else [sellers[seq] for seq in followed]
    records = database.run("recalculation.records", partner_ids=asking, **asked)
    told: dict[str, list[str]] = {}
    for row in records:
        told.setdefault(row["seller_id"], []).append(_sentence(row))
    for seq in sellers:
        found.said.setdefault(seq, []).extend(told.get(sellers[seq]) or [f"{sellers[seq]} sold otherwise"])
    _follow(context, found, runs)
    return found


def _sentence(row: Row) -> str:
    amount = f"{format_minor(row['amount_minor'], row['currency'])} {row['currency']}"
    named = f"order {row['id']}" if row["kind"] == "order" else f"refund {row['id']} of order {row['order_id']}"
    return f"{named} ({amount}) of {row['seller_id']}, recorded {row['recorded_at']:%Y-%m-%d %H:%M} UTC"


def _follow(context: Context, found: Causes, runs: Iterable[str]) -> None:
    """Climb both runs' trees from everybody who changed, level by level."""
    changed = sorted(found.said)
    found.unfollowed = max(0, len(changed) - FOLLOWED_MAX)
    for seq in changed[:FOLLOWED_MAX]:
        found.above.setdefault(seq, set()).add(seq)
    for run_id in runs:
        carried = {seq: {seq} for seq in changed[:FOLLOWED_MAX]}
        while carried:
            higher: dict[int, set[int]] = {}
            for row in context.database.run("recalculation.above", run_id=run_id, seqs=sorted(carried)):
                fresh = carried[row["seq"]] - found.above.get(row["parent"], set())
                reached = higher.setdefault(row["parent"], set())
                reached |= fresh
            for seq, below in higher.items():
                found.above.setdefault(seq, set()).update(below)
            carried = {seq: below for seq, below in higher.items() if below}


def said(causes: list[str]) -> list[str]:
    """What is told of a line's causes: that it has none of its own, where it has none."""
    return causes or ["follows from other lines"]
