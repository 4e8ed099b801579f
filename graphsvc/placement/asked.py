"""What a caller may say about a place, by the tree's own rule: a strategy that finds the place takes no wish."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.errors import Code, Refused, nearest
from graphsvc.plan.compiled import CompiledPlan, Tree


@dataclass(frozen=True, slots=True)
class Wish:
    """A place that is named: under whom and in which leg, or only the leg."""

    under_id: str | None = None
    leg: int | None = None


def tree_of(plan: CompiledPlan, name: str) -> Tree:
    """The placement tree of that name in the plan."""
    for tree in plan.trees:
        if tree.name == name:
            return tree
    raise Refused(
        Code.TREE_UNKNOWN,
        f"The plan {plan.name} has no placement tree {name!r}; {nearest(name, [tree.name for tree in plan.trees])}.",
    )


def check(tree: Tree, wish: Wish) -> None:
    """Refuse a wish that the tree's rule of placement does not take, or one that it needs and does not have."""
    said = f"The tree {tree.name} is placed by {tree.placement}"
    if tree.placement == "by_enroller":
        if tree.kind == "unilevel":
            if wish.under_id is None:
                raise Refused(Code.PLACE_UNFIT, f"{said}; name the partner to stand under.")
        elif wish.under_id is None or wish.leg is None:
            raise Refused(Code.PLACE_UNFIT, f"{said}; name the place: under whom, and in which leg from 1 to {tree.width}.")
    elif tree.placement == "chosen":
        if wish.leg is None:
            raise Refused(Code.PLACE_UNFIT, f"{said}; choose the leg, left or right.")
    elif wish.under_id is not None or wish.leg is not None:
        raise Refused(Code.PLACE_UNFIT, f"{said}, which finds the place itself; name neither a partner nor a leg.")
    if wish.leg is not None and not 1 <= wish.leg <= tree.width:
        raise Refused(Code.PLACE_UNFIT, f"The tree {tree.name} has legs from 1 to {tree.width}; there is no leg {wish.leg}.")
