"""What a period leaves for the next one: titles, what their rule looks back at, running totals (mechanics sections 2 and 9).

It stands with the run it came from, column by column, so that a later version of a plan can add columns and any period can be
computed again from the state it started with.
"""

from __future__ import annotations

from typing import Any

from graphsvc.month import carried, parameters
from graphsvc.month.context import Context, spread
from graphsvc.plan import store


def before(context: Context) -> dict[str, Any]:
    """Parameters of `month.freeze_tree`: the run whose state this period starts with, and its ranks in those of today."""
    plan = context.plan
    names = [rank.name for rank in plan.ranks]
    found: dict[str, Any] = {
        "carried_run": None,
        "carried": list(plan.carried),
        "ranked": sum(column.startswith(("title", "paid_")) for column in plan.titles.carried) if names else 0,
        "rank_map": [],
        "ranks": names,
    }
    if not plan.carried:
        return found
    row = carried.origin(context)
    if row is None:
        return found
    version = row["plan_version"]
    earlier = plan if version == plan.version else store.get(context.database, plan.name, version)
    return found | {"carried_run": row["run_id"], "rank_map": rank_map([rank.name for rank in earlier.ranks], names)}


def rank_map(earlier: list[str], names: list[str]) -> list[int]:
    """Today's number of each rank of an earlier version, by its number there; of one that is gone, that of the next below."""
    mapped = [0]
    for name in earlier:
        mapped.append(names.index(name) + 1 if name in names else mapped[-1])
    return mapped


def carry(context: Context, label: str) -> None:
    """Leave titles and running totals for the next period."""
    context.tidy("month.clear_carried", label, part="standing")
    params = parameters.carrying(context.plan)
    for bucket, _ in spread(context, label, context.buckets()):
        context.write("month.carry_standings", label, bucket=bucket, **params)
