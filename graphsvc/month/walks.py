"""The steps of a bonus that walks up a tree: what everybody brings, the moves, what arrives, the balance, the lines.

Only the moves know the mechanic. What partners bring is gathered once for all bonuses that take the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphsvc.errors import Code, Refused
from graphsvc.month import carried, elsewhere, parameters
from graphsvc.month.context import CLEAR_LINES_LIMIT, Context, Span, Step, spread
from graphsvc.plan.compiled import CompiledPlan, SourceSet, Walk
from graphsvc.plan.spanning import Spans
from graphsvc.query.values import Row

Work = Callable[[Context, str], None]


def read_lines(context: Context, own: Sequence[str], rules: dict[str, Any], spans: Spans | None) -> list[Row]:
    """Whose lines a bonus of this run reads, run by run."""
    return elsewhere.reads(context.database, context.plan, context.month, context.run_id, own, rules, spans)


def gather(source: SourceSet) -> Work:
    """What each partner brings to the bonuses that take this source set."""

    def run(context: Context, label: str) -> None:
        context.tidy("sources.clear", label, source=source.key)
        params = parameters.gathering(context.plan, source)
        frozen = {"frozen": context.run_id} if source.query == "sources.orders" else {}
        if source.query == "sources.recruits":
            context.tidy("month.clear_carried", label, part=source.rules["part"])
            params["earlier"] = carried.previous(context) or ""
        if source.query == "sources.lines":
            params["reads"] = read_lines(context, source.rules["bonuses"], source.rules, source.spans)
        for bucket, _ in spread(context, label, context.buckets()):
            context.write(source.query, label, bucket=bucket, **params, **frozen)

    return run


def move(bonus: Walk) -> Work:
    """What each partner does with what arrives: the mechanic."""

    def run(context: Context, label: str) -> None:
        context.tidy("folds.clear_moves", label, bonus=bonus.name)
        params = parameters.moves(context.plan, bonus)
        for bucket, _ in spread(context, label, context.buckets()):
            context.write(bonus.query, label, frozen=context.run_id, bucket=bucket, **params)

    return run


def fold(bonus: Walk) -> Work:
    """What arrives at everybody, and the certificate that nothing was lost or made on the way."""

    def run(context: Context, label: str) -> None:
        context.tidy("folds.clear", label, bonus=bonus.name)
        tree, keep = bonus.source.tree, bonus.lines == "order"
        spans = context.climbs(tree)
        climb(context, label, spans, parameters.walk(bonus), tree=tree, keep=keep, frozen=context.run_id)

    return run


def climb(context: Context, label: str, spans: list[Span], params: dict[str, Any], *, tree: str, keep: bool, frozen: str) -> None:
    """What arrives, from the deepest up, in a tree of the run `frozen`; refused where it does not balance."""
    with context.progress.step(label, sum(span.partners for span in spans)) as advance:
        for span in spans:
            between = {"level_from": span.deepest, "level_to": span.highest, "keep": keep}
            if span.shared:
                context.write("folds.climb", label, frozen=frozen, tree=tree, **between, **params)
            else:
                context.write("folds.fold", label, **between, **params)
            advance(span.partners)
    differing = 0
    for first, last, *_ in spans:
        rows = context.database.run("folds.balance", run_id=context.run_id, level_from=first, level_to=last, **params)
        differing += rows[0]["differing"]
    if differing:
        raise Refused(
            Code.RUN_UNPROVED,
            f"Bonus {params['bonus']} of {context.month}: what arrived at {differing} places is not what was brought and handed "
            "on; nothing was posted, please report this plan and month.",
        )


def write_lines(bonus: Walk) -> Work:
    """The lines of one bonus, rounded once each."""

    def run(context: Context, label: str) -> None:
        context.tidy("earnings.clear", label, CLEAR_LINES_LIMIT, bonus=bonus.name)
        params, spans = parameters.lines(context.plan, bonus), context.spans(bonus.source.tree)
        if bonus.lines == "step":
            for first, last in spread(context, label, spans):
                context.write("earnings.write_steps", label, level_from=first, level_to=last, tree=bonus.source.tree, **params)
        else:
            _write_orders(bonus, context, label, spans)
        context.clear("folds.clear_moves", label, bonus=bonus.name)

    return run


def _write_orders(bonus: Walk, context: Context, label: str, spans: list[tuple[int, int, int]]) -> None:
    """A line for each order: the chains of who is paid for what arrives, from the top down, then the orders beside them.

    The chains stay with the run, so that its lines can be proved at any time.
    """
    context.tidy("folds.clear_chains", label, bonus=bonus.name)
    for last, first, _ in reversed(spans):
        params = {"tree": bonus.source.tree, "bonus": bonus.name, "level_from": first, "level_to": last}
        context.write("folds.chains", label, frozen=context.run_id, **params)
    params, walked = parameters.lines(context.plan, bonus), parameters.walk(bonus)
    for first, last in spread(context, label, spans):
        context.write("earnings.write_orders", label, level_from=first, level_to=last, **(params | walked))


def of_bonus(plan: CompiledPlan, bonus: Walk) -> list[Step]:
    """The steps of one bonus, in order; the first bonus that takes a source set has it gathered."""
    first = next(other for other in plan.bonuses if isinstance(other, Walk) and other.source.key == bonus.source.key)
    gathered = [Step(f"Sources of {bonus.name}", gather(bonus.source))] if first is bonus else []
    return [
        *gathered,
        Step(f"Moves of {bonus.name}", move(bonus)),
        Step(f"Bonus {bonus.name}", fold(bonus)),
        Step(f"Lines of {bonus.name}", write_lines(bonus)),
    ]
