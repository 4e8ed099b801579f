"""Active personal recruits in each leg of a placement tree (mechanics section 2, appendix): whom one enrolled may stand anywhere
below, so legs are told apart by the order numbers of a depth-first walk.

Who is active is known once standings are folded, and ranks may ask for such recruits: the standings are folded twice then.
"""

from __future__ import annotations

from graphsvc.month.context import Context, spread


def count(context: Context, label: str) -> None:
    """The smallest count over the legs of everybody, for each placement tree that the plan looks at."""
    context.tidy("month.clear_recruits", label)
    plan = context.plan
    legs = {tree.name: tree.width for tree in plan.trees}
    for number, tree in enumerate(plan.recruit_trees):
        spans = context.spans(tree)
        for first, last in spread(context, label, spans):
            context.write("month.walk_sizes", label, tree=tree, level_from=first, level_to=last)
        for last, first, _ in reversed(spans):
            context.write("month.walk_order", label, tree=tree, level_from=first, level_to=last)
        buckets = context.buckets()
        for bucket, _, _ in buckets:
            context.write("month.list_recruits", label, tree=tree, bucket=bucket)
        for bucket, _, _ in buckets:
            context.write(
                "month.count_recruits",
                label,
                tree=tree,
                number=number,
                legs=legs[tree],
                standings_tree=plan.standings_tree,
                bucket=bucket,
            )
