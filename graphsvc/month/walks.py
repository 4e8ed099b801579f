"""The steps of a bonus that walks up a tree: its fold, its proof, its lines."""

from __future__ import annotations

from collections.abc import Callable

from graphsvc.errors import Code, Refused
from graphsvc.month import parameters
from graphsvc.month.context import CLEAR_LINES_LIMIT, Context, Step, spread
from graphsvc.plan.compiled import Unilevel


def fold_bonus(bonus: Unilevel) -> Callable[[Context, str], None]:
    """The fold of one bonus over the frozen blocks."""

    def run(context: Context, label: str) -> None:
        context.clear("bonuses.clear_fold", label, bonus=bonus.name)
        params = parameters.openings(context.plan, bonus) | parameters.source(bonus)
        for first, last in spread(context, label, context.spans()):
            context.write("bonuses.unilevel", label, level_from=first, level_to=last, **params)

    return run


def prove_bonus(bonus: Unilevel) -> Callable[[Context, str], None]:
    """The same payees found from the top down, and every base compared with the fold's."""

    def run(context: Context, label: str) -> None:
        context.clear("bonuses.clear_payees", label, bonus=bonus.name)
        context.clear("bonuses.clear_chains", label, bonus=bonus.name)
        params = parameters.openings(context.plan, bonus) | parameters.chains(bonus)
        spans = context.spans()
        for last, first in spread(context, label, reversed(spans)):
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
        for first, last in spread(context, label, context.spans()):
            context.write(query, label, level_from=first, level_to=last, **params)

    return run


def of_bonus(bonus: Unilevel) -> list[Step]:
    """The steps of one bonus, in order."""
    return [
        Step(f"Bonus {bonus.name}", fold_bonus(bonus)),
        Step(f"Proof of {bonus.name}", prove_bonus(bonus)),
        Step(f"Lines of {bonus.name}", write_lines(bonus)),
    ]
