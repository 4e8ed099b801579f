"""The tree that volumes, activity and ranks look down, where it is not the sponsor tree: a placement tree, or the one that the
transfer of volumes makes (mechanics sections 3 and 6).

Volumes are then frozen as they were sold in windows below 0, and laid by the levels of that tree into those from 0 on, which
everything after reads.
"""

from __future__ import annotations

from graphsvc.month import parameters, placing, strata
from graphsvc.month.context import Context, Step, spread
from graphsvc.plan.compiled import CompiledPlan


def transfer(context: Context, label: str) -> None:
    """Who gives its volume up, and to whom: from the deepest level up, then from the top down."""
    context.tidy("month.clear_hosts", label)
    rule = context.plan.transfer
    assert rule is not None
    spans = context.spans()
    for first, last in spread(context, label, spans):
        received = rule.judged_on == "received"
        context.write("month.judge_volumes", label, level_from=first, level_to=last, need=rule.need, received=received)
    for last, first, _ in reversed(spans):
        context.write("month.find_hosts", label, level_from=first, level_to=last)
    strata.fix(context, label, "transferred", context.database.run("month.host_levels", run_id=context.run_id))


def hang(context: Context, label: str) -> None:
    """Everybody's place in the tree, with the numbers that conditions read."""
    tree = context.plan.standings_tree
    if tree == "transferred":
        context.tidy("month.clear_placement", label, tree=tree)
    width, laid = parameters.state(context.plan)["width"], strata.of(context, tree)
    for bucket, _ in spread(context, label, context.buckets()):
        context.write("month.hang_tree", label, tree=tree, bucket=bucket, width=width, strata=laid)
    context.tidy("month.clear_rungs", label, tree=tree)
    strata.find_rungs(context, label, tree, laid)


def lay(context: Context, label: str) -> None:
    """What everybody sold and did, by the levels of the tree."""
    context.tidy("month.clear_laid", label)
    tree = context.plan.standings_tree
    laid = strata.of(context, tree)
    for bucket, _ in spread(context, label, context.buckets()):
        context.write("month.lay_volumes", label, tree=tree, bucket=bucket, strata=laid)
        context.write("month.lay_counts", label, tree=tree, bucket=bucket)


def of_plan(plan: CompiledPlan) -> list[Step]:
    """The steps that come between the freeze and the standings; none where these look down the sponsor tree."""
    tree = plan.standings_tree
    if tree == "sponsor":
        return []
    made = Step("Transfer of volumes", transfer) if plan.transfer else Step(f"Freeze the tree {tree}", placing.freeze(tree))
    return [made, Step("The tree of volumes", hang), Step("Volumes by that tree", lay)]
