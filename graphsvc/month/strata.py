"""The strata of a run's trees, fixed before a tree is frozen, and the rungs by which queries climb inside a shared one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphsvc.month import layers
from graphsvc.month.context import Context
from graphsvc.query.values import Row


def fix(context: Context, label: str, tree: str, levels: Iterable[Row]) -> list[int]:
    """Fix which stratum each level of a tree is, from how many partners stand at each."""
    found = {row["level"]: row["partners"] for row in levels}
    sizes = [found.get(level, 0) for level in range(max(found, default=-1) + 1)]
    strata = layers.strata(sizes, context.batches.layers)
    context.write("month.fix_strata", label, tree=tree, strata=strata)
    return strata


def of(context: Context, tree: str) -> list[int]:
    """Which stratum each level of a tree is; empty where the tree has none."""
    found = context.database.one("month.strata", run_id=context.run_id, tree=tree)
    return found["strata"] if found else []


def find_rungs(context: Context, label: str, tree: str, laid: Sequence[int]) -> None:
    """Who stands on which rung of a stratum of several levels, under whom and above whom; `laid` is the stratum of each level."""
    shared = layers.shared(laid)
    at_once = max(1, context.batches.fold_partners // context.batches.layers.partners)
    for first in range(0, len(shared), at_once):
        context.write("month.find_rungs", label, tree=tree, strata=shared[first : first + at_once])
