"""The orders behind what changes once in a run, whoever shares it: a fund, or a sponsor's lines that its frontline shares."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.explain import behind
from graphsvc.explain.proving import Proving
from graphsvc.month import parted
from graphsvc.month.closed import Closed, counted_in
from graphsvc.plan.compiled import Award, Walk
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

SHOWN = 5  # of many orders so many are named


def names(
    database: Database, run_id: str, run: Closed, bonus: Walk | Award, part: Row, pool: behind.Funds | None = None
) -> list[str]:
    """What is behind a part of a closed line: the order that it is named by, or those that made it together. run_id: of the run
    that takes it; pool: where the bonus is one."""
    name = str(part["name"])
    if name != parted.TOGETHER:
        return [name]
    if pool is not None:
        return sorted(_of_pool(database, run_id, run, pool))
    if isinstance(bonus, Award):
        return sorted(_of_lines(database, run_id, run, bonus, part["partner_id"]))
    return [name]


def _of_pool(database: Database, run_id: str, run: Closed, pool: behind.Funds) -> set[str]:
    """Those that changed what was sold for a pool, or for one that leaves it its rest."""
    window = run.windows[counted_in(pool.award)]
    returned = database.run("explain.returned", run_id=run_id, window=window)
    taken = (behind.of_fund(pool.proving, one.award, returned) for one in pool.chain())
    return {name for each in taken for name, delta in each.items() if delta}


def _of_lines(database: Database, run_id: str, run: Closed, bonus: Award, payee: str) -> set[str]:
    """Those that took something of the sponsor's lines."""
    proving = Proving(database, run.run_id, run.month, run.plan)
    sponsors = {row["sponsor_id"] for row in behind.shared_with(proving, bonus) if row["partner_id"] == payee}
    homes = run.homes(database, bonus)
    found: set[str] = set()
    for sponsor in sponsors:
        for row in database.run("reversals.adjustments", run_id=run_id, partner_id=sponsor):
            if row["home"] in homes and row["bonus"] in bonus.rules["of"] and row["before_minor"] != row["after_minor"]:
                found.add(row["name"])
    return found


def how(found: list[str]) -> str:
    """By what a line is something else now."""
    if len(found) > 1:
        return "with all that refunds and late orders changed"
    kind, _, order_id = found[0].partition(" ")
    if kind == parted.TOGETHER:
        return "with what refunds and late orders changed of the lines that it is paid on"
    return f"without what was refunded of order {order_id}" if kind == "reversal" else f"with the late order {order_id}"


def listed(found: list[str]) -> Iterator[str]:
    """Several orders by name."""
    if len(found) > 1:
        shown = found[:SHOWN]
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        yield f"behind it: {', '.join(shown)}{more}"
