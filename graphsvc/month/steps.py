"""The steps of a run, in order. Each clears what it left half-way before, works in batches that renew the run's lease, and
can so be begun again after any interruption; the arithmetic of every step is a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphsvc import rates
from graphsvc.errors import Code, Refused
from graphsvc.month import parameters
from graphsvc.periods import Bounds, Month, bounds
from graphsvc.plan.compiled import CompiledPlan, Unilevel
from graphsvc.progress import Progress
from graphsvc.query.runner import Database, Transaction
from graphsvc.query.values import Row

BUCKET = 16_384
LEASE_SECONDS = 20
CLEAR_LIMIT = 2_000
CLEAR_LINES_LIMIT = 50_000
# Sums of millions of minor units or thousandths; every sum of a run then stays inside 63 bits.
MILLIONS_MAX = 4 * 10**12


@dataclass(frozen=True, slots=True)
class Batches:
    """How large the pieces of a run are; any size gives the same bytes."""

    partners: int = 65_536
    fold_partners: int = 40_000


@dataclass(frozen=True, slots=True)
class Context:
    """What every step needs: the run, its plan and month, and who works on it."""

    database: Database
    run_id: str
    owner: str
    plan: CompiledPlan
    month: Month
    progress: Progress
    batches: Batches = Batches()

    def write(self, query: str, label: str, **params: Any) -> Row:
        """One batch: proves that this worker still owns the run, works, renews the lease, all in one transaction."""

        def work(tx: Transaction) -> Row:
            self._hold(tx, label)
            rows = tx.run(query, run_id=self.run_id, **params)
            self._hold(tx, label)
            return rows[0]

        return self.database.transact(work)

    def _hold(self, tx: Transaction, label: str) -> None:
        held = tx.one("month.hold_run", run_id=self.run_id, owner=self.owner, progress=label, lease_seconds=LEASE_SECONDS)
        if held is None:
            raise self.lost()

    def lost(self) -> Refused:
        """What a worker says whose lease ran out and whose run another one took over."""
        return Refused(
            Code.RUN_LOST,
            f"Run {self.run_id} was taken over by another worker, which goes on with it; nothing is lost, wait for that one.",
        )

    def clear(self, query: str, label: str, limit: int = CLEAR_LIMIT, **params: Any) -> None:
        """Throw away what a step left before, batch by batch."""
        while self.write(query, label, limit=limit, **params)["removed"] == limit:
            pass

    def window(self, index: int) -> Bounds:
        """Bounds of one of the plan's windows that end with this month."""
        return bounds(self.month, self.plan.time_zone, periods=self.plan.windows[index].periods)

    def spans(self) -> list[tuple[int, int, int]]:
        """(deepest, highest, partners): levels from the deepest up, few partners taken together, in one batch each."""
        spans: list[tuple[int, int, int]] = []
        for row in self.database.run("month.levels", run_id=self.run_id):
            level, partners = row["level"], row["partners"]
            if spans and spans[-1][2] + partners <= self.batches.fold_partners:
                spans[-1] = (spans[-1][0], level, spans[-1][2] + partners)
            else:
                spans.append((level, level, partners))
        return spans


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what people see while it runs, and what it does."""

    label: str
    run: Callable[[Context, str], None]


def _batches(context: Context, label: str, spans: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    spans = list(spans)
    with context.progress.step(label, sum(span[2] for span in spans)) as advance:
        for first, last, partners in spans:
            yield first, last
            advance(partners)


def freeze_tree(context: Context, label: str) -> None:
    """The tree, types and statuses of the period's last instant, and whose activity counts by grace."""
    context.clear("month.clear_tree", label)
    cut = context.write("month.cut_off", label)
    plan, wanted, period = context.plan, parameters.needs(context.plan), context.window(0)
    earlier = [str(context.month.plus(-n)) for n in range(1, plan.grace_periods + 1)]
    graced = context.database.run("month.closed_before", plan=plan.name, months=earlier)
    size = max(BUCKET, context.batches.partners // BUCKET * BUCKET)
    spans = [(first, first + size, min(size, cut["partners"] - first)) for first in range(0, cut["partners"], size)]
    for first, end in _batches(context, label, spans):
        context.write(
            "month.freeze_tree",
            label,
            seq_from=first,
            seq_to=end,
            known_at=cut["known_at"],
            ends_at=period.ends_at,
            ends_on=period.ends_on,
            last_day=period.last_day,
            time_zone=plan.time_zone,
            lists=[{"field": field, "values": list(values)} for field, values in plan.lists],
            count_customers=wanted.customers,
            count_months=wanted.months,
            grace_runs=[row["run_id"] for row in graced],
        )


def freeze_volumes(context: Context, label: str) -> None:
    """What everybody sold in each window of the plan, net of refunds, in the plan's currency."""
    context.clear("month.clear_volumes", label)
    context.clear("month.clear_counts", label)
    plan, wanted = context.plan, parameters.needs(context.plan)
    known_at = context.write("month.cut_off", label)["known_at"]
    table = rates.factors(context.database, plan.currency)
    with context.progress.step(label, len(plan.windows)) as advance:
        for index in range(len(plan.windows)):
            frozen = context.write(
                "month.freeze_volumes",
                label,
                window=index,
                known_at=known_at,
                rates=table,
                count_customers=wanted.customer_volume,
                per_order=index == 0 and any(b.lines == "order" for b in plan.bonuses),
                **context.window(index).parameters(),
                **parameters.counting(plan),
            )
            if frozen["missing"]:
                pairs = ", ".join(sorted(frozen["missing"]))
                raise Refused(
                    Code.RATE_MISSING,
                    f"Orders of {context.month} need exchange rates to {plan.currency} that are not published: {pairs}; "
                    f"publish each with `graphsvc rate publish MONTH SOURCE {plan.currency} RATE`.",
                )
            if frozen["millions"] > MILLIONS_MAX:
                raise Refused(
                    Code.SUM_TOO_LARGE,
                    f"The orders of {context.month} add up to more than can be summed exactly; "
                    "look for an order with a mistyped amount.",
                )
            if index in wanted.counted_windows:
                context.write(
                    "month.freeze_counts",
                    label,
                    window=index,
                    known_at=known_at,
                    counted_by=plan.counted_by,
                    **context.window(index).parameters(),
                )
            advance(1)


def check_freeze(context: Context, label: str) -> None:
    """Who sold or sponsors must stand in the frozen tree; a network that changed under the freeze is found here."""
    with context.progress.step(label):
        strangers = context.database.run("month.check_freeze", run_id=context.run_id)[0]["strangers"]
    if strangers:
        raise Refused(
            Code.RUN_UNPROVED,
            f"The network changed while it was frozen ({strangers} partners do not fit); run the same command again.",
        )


def fold_standings(context: Context, label: str) -> None:
    """Volumes, metrics, conditions and activity of everybody."""
    context.clear("month.clear_standings", label)
    params = parameters.standings(context.plan)
    for first, last in _batches(context, label, context.spans()):
        context.write("month.fold_standings", label, level_from=first, level_to=last, **params)


def fold_bonus(bonus: Unilevel) -> Callable[[Context, str], None]:
    """The fold of one bonus over the frozen blocks."""

    def run(context: Context, label: str) -> None:
        context.clear("bonuses.clear_fold", label, bonus=bonus.name)
        params = parameters.openings(context.plan, bonus) | parameters.source(bonus)
        for first, last in _batches(context, label, context.spans()):
            context.write("bonuses.unilevel", label, level_from=first, level_to=last, **params)

    return run


def prove_bonus(bonus: Unilevel) -> Callable[[Context, str], None]:
    """The same payees found from the top down, and every base compared with the fold's."""

    def run(context: Context, label: str) -> None:
        context.clear("bonuses.clear_payees", label, bonus=bonus.name)
        context.clear("bonuses.clear_chains", label, bonus=bonus.name)
        params = parameters.openings(context.plan, bonus) | parameters.chains(bonus)
        spans = context.spans()
        for last, first in _batches(context, label, reversed(spans)):
            context.write("bonuses.payees", label, level_from=first, level_to=last, **params)
        context.clear("bonuses.clear_chains", label, bonus=bonus.name)
        proof = context.database.run(
            "bonuses.prove",
            run_id=context.run_id,
            bonus=bonus.name,
            steps=len(bonus.levels),
            deepest=spans[0][0] if spans else 0,
            **parameters.source(bonus),
        )[0]
        if proof["differing"]:
            raise Refused(
                Code.RUN_UNPROVED,
                f"Bonus {bonus.name} of {context.month}: {proof['differing']} of {proof['compared']} bases differ between the "
                "fold and the walk from above; nothing was posted, please report this plan and month.",
            )

    return run


def write_lines(bonus: Unilevel) -> Callable[[Context, str], None]:
    """The lines of one bonus, rounded once each."""

    def run(context: Context, label: str) -> None:
        context.clear("earnings.clear", label, CLEAR_LINES_LIMIT, bonus=bonus.name)
        params = parameters.lines(context.plan, bonus)
        query = "earnings.write_steps"
        if bonus.lines == "order":
            query, params = "earnings.write_orders", params | parameters.source(bonus)
        for first, last in _batches(context, label, context.spans()):
            context.write(query, label, level_from=first, level_to=last, **params)

    return run


def of_plan(plan: CompiledPlan) -> list[Step]:
    """All steps of a run of this plan, in order."""
    steps = [
        Step("Freeze the tree", freeze_tree),
        Step("Freeze the volumes", freeze_volumes),
        Step("Check the freeze", check_freeze),
        Step("Volumes and standings", fold_standings),
    ]
    for bonus in plan.bonuses:
        steps += [
            Step(f"Bonus {bonus.name}", fold_bonus(bonus)),
            Step(f"Proof of {bonus.name}", prove_bonus(bonus)),
            Step(f"Lines of {bonus.name}", write_lines(bonus)),
        ]
    return steps


def discard(context: Context) -> None:
    """Throw away everything a run computed; back to the first step first, so that a run half thrown away can still go on."""
    label = "Throw the run away"
    context.write("month.restart", label)
    for query in ("tree", "volumes", "counts", "standings"):
        context.clear(f"month.clear_{query}", label)
    for query in ("fold", "payees", "chains"):
        context.clear(f"bonuses.clear_{query}", label, bonus=None)
    context.clear("earnings.clear", label, CLEAR_LINES_LIMIT, bonus=None)
