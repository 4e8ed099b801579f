"""Freezes the placement trees that a plan pays on, beside the sponsor tree (mechanics section 6)."""

from __future__ import annotations

from collections.abc import Callable

from graphsvc.errors import Code, Refused
from graphsvc.month import strata
from graphsvc.month.context import BUCKET, Context, Step, spread
from graphsvc.plan.compiled import Award, CompiledPlan, Walk


def trees(plan: CompiledPlan) -> list[str]:
    """The placement trees that bonuses or conditions of the plan look at, besides the one that standings are folded over."""
    used = set(plan.recruit_trees)
    used |= {bonus.source.tree for bonus in plan.bonuses if isinstance(bonus, Walk)}
    used |= {bonus.rules["tree"] for bonus in plan.bonuses if isinstance(bonus, Award) and "tree" in bonus.rules}
    return [tree.name for tree in plan.trees if tree.name in used and tree.name != plan.standings_tree]


def freeze(tree: str) -> Callable[[Context, str], None]:
    """One placement tree of the period's last instant. A parent that is not in it was moved while it was frozen."""

    def run(context: Context, label: str) -> None:
        context.tidy("month.clear_placement", label, tree=tree)
        cut = context.write("month.cut_off", label)
        levels = context.database.run("month.placement_levels", tree=tree, known_at=cut["known_at"])
        if tree == context.plan.standings_tree:
            # who has no place yet will stand there as a root
            placed = sum(row["partners"] for row in levels)
            roots = sum(row["partners"] for row in levels if row["level"] == 0)
            levels = [*levels, {"level": 0, "partners": roots + cut["partners"] - placed}]
        laid = strata.fix(context, label, tree, levels)
        size = max(BUCKET, context.batches.partners // BUCKET * BUCKET)
        spans = [(first, first + size, min(size, cut["partners"] - first)) for first in range(0, cut["partners"], size)]
        for first, end in spread(context, label, spans):
            context.write(
                "month.freeze_placement", label, tree=tree, seq_from=first, seq_to=end, strata=laid, known_at=cut["known_at"]
            )
        strangers = context.database.run("month.check_placement", run_id=context.run_id, tree=tree)[0]["strangers"]
        if strangers:
            raise Refused(
                Code.RUN_UNPROVED,
                f"The placement tree {tree} changed while it was frozen ({strangers} partners do not fit); "
                "run the same command again.",
            )
        if tree != context.plan.standings_tree:  # that one gets its rungs once everybody hangs in it
            strata.find_rungs(context, label, tree, laid)

    return run


def of_plan(plan: CompiledPlan) -> list[Step]:
    """A step for each placement tree."""
    return [Step(f"Freeze the tree {tree}", freeze(tree)) for tree in trees(plan)]
