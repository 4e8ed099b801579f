"""Parts of closed lines of bonuses that walk no tree (mechanics section 8): milestones that pay a rate, match-downs, pools.

Who is paid, at which step and with which weight, is as the closed run had it; the order's part lessens own volume, what a sponsor
has, or what the company sold. What each line comes to is then computed and limited like any other part. What many share (a
fund, a sponsor's lines) changes once in a run, for all its orders together: a part an order would be sharers times orders.
"""

from __future__ import annotations

from typing import Any

from graphsvc.month import awards, carried, elsewhere
from graphsvc.month.closed import Closed
from graphsvc.month.context import Bucket, Context
from graphsvc.month.parameters import cuts
from graphsvc.periods import parse_month
from graphsvc.plan.compiled import Award, CompiledPlan, Pay, Walk

# What parts are named by that all orders of a run make together.
TOGETHER = "changes"


def fund_of(bonus: str) -> str:
    """The name under which parts of a pool's fund stand; no bonus has a space in its name."""
    return f"{bonus} fund"


def feeding(plan: CompiledPlan, bonus: Award) -> list[Award]:
    """The pools that leave their rest to this one and whose funds change with parts of orders; what others left stays."""
    pools = [other for other in plan.bonuses if isinstance(other, Award) and other.rules.get("next_fund") == bonus.name]
    return [pool for pool in pools if pool.name in plan.cascading]


def classes(bonus: Walk | Award) -> tuple[str, ...]:
    """The source classes that lines of a bonus are told apart by."""
    return bonus.source.classes if isinstance(bonus, Walk) else ("",)


def pays(bonus: Walk | Award) -> list[tuple[Pay, tuple[int, int]]]:
    """The pay codes of a bonus, from 1, each with what a unit of its base is worth; those of a pool are not asked for."""
    if isinstance(bonus, Walk):
        return [(pay, bonus.value) for pay in bonus.pays]
    how = bonus.rules
    if bonus.kind == "match_down":
        return [(Pay(1, how["rate_ppm"], how["numerator"], how["denominator"]), (1, 1))]
    return [(pay, (step["worth"][0], step["worth"][1])) for step in how.get("steps", ()) for pay in step["pays"]]


def priced(plan: CompiledPlan, bonus: Walk | Award) -> dict[str, Any]:
    """How the base of a part becomes money."""
    coded = [{"level": pay.level, "worth": list(worth), **cuts(pay)} for pay, worth in pays(bonus)]
    states = bonus.states if isinstance(bonus, Walk) else 1
    per_order = isinstance(bonus, Walk) and bonus.lines == "order"
    return {"states": states, "per_order": per_order, "pays": coded, "unit_minor": plan.unit_minor, "rounding": plan.rounding}


def find(context: Context, label: str, run: Closed, bonus: Award, before: list[str]) -> bool:
    """The parts of one award's lines; whether what they come to is told by pay codes. before: the runs that took some earlier."""
    plan, database = run.plan, context.database
    buckets = context.buckets(run.run_id)
    row = carried.before(database, plan.name, run.month) if bonus.carries else None
    params = awards.parameters(plan, bonus, str(row["run_id"]) if row else None)
    params |= {"frozen": run.run_id, "month": run.month, "window": run.taken(bonus), "spanned": awards.taken(bonus)}
    if bonus.kind == "milestone":
        steps, codes = list[dict[str, Any]](), 0
        for step in bonus.rules["steps"]:
            steps.append({"from": step["from"], "base": step["base"], "picks": step["picks"], "codes": codes})
            codes += len(step["pays"])
        _each(
            context,
            label,
            "reversals.own",
            params | {"steps": steps, "window": run.laid(run.windows[awards.taken(bonus)])},
            buckets,
        )
        return True
    if bonus.kind == "match_down":
        how = bonus.rules
        reads = elsewhere.reads(database, plan, parse_month(run.month), run.run_id, how["of"], how, bonus.spans)
        matched = {"bonuses": list(how["of"]), "reads": reads, "homes": run.homes(database, bonus)}
        _each(context, label, "reversals.down", params | matched, buckets)
        return True
    fed_by = [fund_of(pool.name) for pool in feeding(plan, bonus)]
    params |= {"fund": fund_of(bonus.name), "feeding": fed_by, "earlier": before, "weights": []}
    part = context.write("reversals.fund", label, **awards.asked("reversals.fund", params))
    if part.pop("parts"):
        if bonus.rules["rest"] == "first":
            asked = awards.asked("reversals.weights", params)
            rows = database.run("reversals.weights", run_id=run.run_id, **asked)
            params["weights"] = [[row["weight"], row["partners"]] for row in rows]
        _each(context, label, "reversals.shares", params | part, buckets)
        if bonus.rules["next_fund"] in plan.cascading:
            context.write("reversals.rests", label, **awards.asked("reversals.rests", params))
    return False


def _each(context: Context, label: str, query: str, params: dict[str, Any], buckets: list[Bucket]) -> None:
    for bucket, *_ in buckets:
        context.write(query, label, bucket=bucket, **awards.asked(query, params))
