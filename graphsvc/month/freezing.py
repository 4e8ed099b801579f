"""The first steps of a run: the network and its sales frozen in blocks, and everybody's standing folded over them.

From the freeze on a run never looks at the live network again.
"""

from __future__ import annotations

from graphsvc import rates
from graphsvc.errors import Code, Refused
from graphsvc.month import carrying, elsewhere, hanging, late, parameters, placing, recruiting, spanning, strata
from graphsvc.month.context import BUCKET, MILLIONS_MAX, Context, Step, spread
from graphsvc.periods import Bounds, bounds
from graphsvc.plan.compiled import CompiledPlan, Walk


def freeze_tree(context: Context, label: str) -> None:
    """The tree, types and statuses of the period's last instant, and whose activity counts by grace."""
    context.tidy("month.clear_tree", label)
    cut = context.write("month.cut_off", label)
    levels = context.database.run("month.sponsor_levels", known_at=cut["known_at"])
    laid = strata.fix(context, label, "sponsor", levels)
    plan, wanted, period = context.plan, parameters.needs(context.plan), context.window(0)
    earlier = [str(context.month.plus(-n)) for n in range(1, plan.grace_periods + 1)]
    graced = context.database.run("month.closed_before", plan=plan.name, months=earlier)
    carried = carrying.before(context)
    told = elsewhere.Elsewhere(context.database, plan, context.month).told()
    size = max(BUCKET, context.batches.partners // BUCKET * BUCKET)
    spans = [(first, first + size, min(size, cut["partners"] - first)) for first in range(0, cut["partners"], size)]
    for first, end in spread(context, label, spans):
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
            plan=plan.name,
            month=str(context.month),
            strata=laid,
            **carried,
            **told,
        )
    strata.find_rungs(context, label, "sponsor", laid)


def freeze_volumes(context: Context, label: str) -> None:
    """What everybody sold in each window of the plan, and of the spans that end now, net of refunds, in the plan's currency."""
    context.tidy("month.clear_volumes", label)
    context.tidy("month.clear_counts", label)
    plan, wanted = context.plan, parameters.needs(context.plan)
    known_at = context.write("month.cut_off", label)["known_at"]
    sold_at = context.sold_until or known_at
    table, laid = rates.factors(context.database, plan.currency), strata.of(context, "sponsor")
    known_late, windows = late.taken(context), _windows(context)
    with context.progress.step(label, len(windows)) as advance:
        for index, spanned, taken in windows:
            # as it was sold; laid by the levels of another tree afterwards where standings look down that one
            window = index if plan.standings_tree == "sponsor" else -1 - index
            when_late = known_late.parameters(spanned)
            frozen = context.write(
                "month.freeze_volumes",
                label,
                window=window,
                known_at=sold_at,
                strata=laid,
                rates=table,
                count_customers=wanted.customer_volume,
                marks=parameters.marks(plan) if taken else [],
                per_order=taken and _apart(plan, index),
                **spanned.parameters(),
                **parameters.counting(plan),
                **when_late,
                reverse=plan.refunds == "reverse",
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
            if index in wanted.counted_windows:  # windows of spans are no window of a metric
                context.write(
                    "month.freeze_counts",
                    label,
                    window=window,
                    known_at=sold_at,
                    strata=laid,
                    counted_by=plan.counted_by,
                    **spanned.parameters(),
                    **{key: when_late[key] for key in ("late", "late_lines", "late_refunds")},
                )
            if plan.events and index < len(plan.windows):
                context.write(
                    "month.freeze_events",
                    label,
                    window=window,
                    known_at=known_at,
                    strata=laid,
                    kinds=list(plan.events),
                    **spanned.parameters(),
                )
            advance(1)


def _windows(context: Context) -> list[tuple[int, Bounds, bool]]:
    """(number, bounds, whether bonuses take its orders) of every window that is frozen."""
    found = [(index, context.window(index), index == 0) for index in range(len(context.plan.windows))]
    for window, periods in spanning.windows(context.plan, context.month):
        found.append((window, bounds(context.month, context.plan.time_zone, periods=periods), True))
    return found


def _apart(plan: CompiledPlan, window: int) -> bool:
    """Whether some bonus makes a line of each order of a window."""
    return any(isinstance(b, Walk) and b.lines == "order" and b.source.window == window for b in plan.bonuses)


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
    context.clear("month.clear_standings", label)  # folded twice where recruits are counted in between
    params = parameters.standings(context.plan)
    for first, last in spread(context, label, context.spans(context.plan.standings_tree)):
        context.write("month.fold_standings", label, level_from=first, level_to=last, **params)


def of_plan(plan: CompiledPlan) -> list[Step]:
    """The steps that come before any bonus, in order."""
    steps = [
        Step("Freeze the tree", freeze_tree),
        *placing.of_plan(plan),
        Step("Late orders and refunds", late.find),
        Step("Freeze the volumes", freeze_volumes),
        Step("Check the freeze", check_freeze),
        *hanging.of_plan(plan),
        Step("Volumes and standings", fold_standings),
    ]
    if plan.recruit_trees:
        steps += [Step("Recruits by leg", recruiting.count), Step("Standings with them", fold_standings)]
    if plan.carried:
        steps.append(Step("What the next period starts with", carrying.carry))
    return steps
