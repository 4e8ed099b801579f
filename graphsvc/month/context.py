"""What every step of a run works with: the run, its plan and month, and batches that renew the run's lease.

Each step of a run that was interrupted clears what it left half-way before, and can so be begun again. A run that began just now
has left nothing, and asks for nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphsvc.errors import Code, Refused
from graphsvc.month.layers import Layers
from graphsvc.people import Who
from graphsvc.periods import Bounds, Period, bounds
from graphsvc.plan.compiled import CompiledPlan
from graphsvc.progress import Progress
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

BUCKET = 16_384
LEASE_SECONDS = 20
RENEW_SECONDS = 5  # a batch that took longer renews the lease before it is committed
CLEAR_LIMIT = 2_000
CLEAR_LINES_LIMIT = 50_000
# Sums of millions of minor units or thousandths; every sum of a run then stays inside 63 bits.
MILLIONS_MAX = 4 * 10**12


Bucket = tuple[int, int, int]  # (bucket, bucket, partners), as `spread` takes them


@dataclass(frozen=True, slots=True)
class Batches:
    """How large the pieces of a run are; any size gives the same bytes."""

    partners: int = 65_536
    fold_partners: int = 40_000
    layers: Layers = field(default_factory=Layers)


class Span(NamedTuple):
    """Strata of a tree that one batch takes, from the deepest to the highest; `shared` ones hold several levels each."""

    deepest: int
    highest: int
    partners: int
    shared: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What every step needs: the run, its plan and month, and who works on it."""

    database: Database
    run_id: str
    owner: str
    plan: CompiledPlan
    month: Period
    progress: Progress
    batches: Batches = Batches()
    resumed: bool = True  # whether this worker took the run up from another one, which may have left anything half-way
    hindsight: bool = False  # whether what later runs took late counts where it is dated, as if it had come in time
    sold_until: dt.datetime | None = None  # until when it knows orders and refunds, where that is not its cut-off
    _climbs: dict[str, list[Span]] = field(default_factory=dict, compare=False)
    _buckets: dict[str, list[Bucket]] = field(default_factory=dict, compare=False)

    def write(self, query: str, label: str, **params: Any) -> Row:
        """One batch: proves that this worker still owns the run, renews the lease, works, all in one transaction.

        A batch that took long renews the lease again, or another worker would take the run over as soon as it is committed.
        """

        def work(tx: Transaction) -> Row:
            began = time.monotonic()
            self._hold(tx, label)
            rows = tx.run(query, run_id=self.run_id, **params)
            if time.monotonic() - began > RENEW_SECONDS:
                self._hold(tx, label)
            return rows[0]

        return self.database.transact(work)

    def _hold(self, tx: Transaction, label: str) -> None:
        held = tx.one("month.hold_run", run_id=self.run_id, owner=self.owner, progress=label, lease_seconds=LEASE_SECONDS)
        if held is None:
            raise self.lost(tx)

    def lost(self, asked: Database | Transaction | None = None) -> Refused:
        """What a worker says whose run is no longer its own: whether another one goes on with it, or what became of it."""
        fate = (asked or self.database).one("month.fate", run_id=self.run_id)
        if fate is None or fate["state"] not in ("discarding", "discarded"):
            told = "was taken over by another worker, which goes on with it; nothing is lost, wait for that one."
        elif fate["discarded_by"]:
            who = Who(fate["discarded_by"], fate["discarder"] or "")
            told = f"was discarded by {who} while this worker was at it; nothing of it is left, begin anew if need be."
        else:
            told = "was silent for so long that it was taken for dead and thrown away; ask for it again."
        return Refused(Code.RUN_LOST, f"Run {self.run_id} {told}")

    def knows(self, label: str) -> dt.datetime:
        """Until when the run knows orders and refunds."""
        cut: dt.datetime = self.write("month.cut_off", label)["known_at"]
        return self.sold_until or cut

    def clear(self, query: str, label: str, limit: int = CLEAR_LIMIT, **params: Any) -> None:
        """Throw something of the run away, batch by batch."""
        while self.write(query, label, limit=limit, **params)["removed"] == limit:
            pass

    def tidy(self, query: str, label: str, limit: int = CLEAR_LIMIT, **params: Any) -> None:
        """Throw away what this step may have left when it was begun before."""
        if self.resumed:
            self.clear(query, label, limit, **params)

    def window(self, index: int) -> Bounds:
        """Bounds of one of the plan's windows that end with this month."""
        return bounds(self.month, self.plan.time_zone, periods=self.plan.windows[index].periods)

    def spans(self, tree: str = "sponsor") -> list[tuple[int, int, int]]:
        """(deepest, highest, partners): strata of a tree from the deepest up, few partners taken together, in one batch each."""
        return [span[:3] for span in self.climbs(tree)]

    def climbs(self, tree: str, run_id: str | None = None) -> list[Span]:
        """The same, with whether the strata of a batch hold several levels each, also of another run; asked once of a frozen
        tree."""
        key = f"{run_id or self.run_id} {tree}"
        if self._climbs.get(key):
            return self._climbs[key]
        spans: list[Span] = []
        for row in self.database.run("month.levels", run_id=run_id or self.run_id, tree=tree):
            stratum, partners, shared = row["level"], row["partners"], row["shared"]
            last = spans[-1] if spans else None
            if last and last.shared == shared and last.partners + partners <= self.batches.fold_partners:
                spans[-1] = last._replace(highest=stratum, partners=last.partners + partners)
            else:
                spans.append(Span(stratum, stratum, partners, shared))
        self._climbs[key] = spans
        return spans

    def buckets(self, run_id: str | None = None) -> list[Bucket]:
        """The buckets that the partners of the run, or of another one, stand in, one batch each; asked once of a frozen tree."""
        key = run_id or self.run_id
        if not self._buckets.get(key):
            rows = self.database.run("sources.buckets", run_id=key, tree="sponsor")
            self._buckets[key] = [(row["bucket"], row["bucket"], row["partners"]) for row in rows]
        return self._buckets[key]


def new_owner() -> str:
    """A fencing token: which attempt of which process works on a run."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(8)}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what people see while it runs, and what it does."""

    label: str
    run: Callable[[Context, str], None]


def spread(context: Context, label: str, spans: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """(first, last) of each batch, with the progress of the step told on the way; spans are (first, last, partners)."""
    spans = list(spans)
    with context.progress.step(label, sum(span[2] for span in spans)) as advance:
        for first, last, partners in spans:
            yield first, last
            advance(partners)
