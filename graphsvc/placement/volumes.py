"""What the two legs of a partner have today: sold in the plan's period of today, and carried into it. It tells the weak leg."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from graphsvc import rates
from graphsvc.month import carried
from graphsvc.periods import bounds
from graphsvc.plan.compiled import Award, CompiledPlan
from graphsvc.query.runner import Database, Transaction


def of_legs(reader: Database | Transaction, plan: CompiledPlan, tree: str, partner_id: str) -> tuple[int, int]:
    """Left and right leg in thousandths, as the plan's binary bonus on this tree counts them; in QV where it has none."""
    period = plan.calendar.holding(dt.datetime.now(ZoneInfo(plan.time_zone)), plan.time_zone)
    bonus = next((b for b in plan.bonuses if isinstance(b, Award) and b.kind == "binary" and b.rules["tree"] == tree), None)
    sold = {
        row["leg"]: row["sold"]
        for row in reader.run(
            "placement.leg_volumes",
            partner_id=partner_id,
            tree=tree,
            volume=bonus.rules["volume"] if bonus else "qv",
            counted_by=plan.counted_by,
            time_zone=plan.time_zone,
            currency=plan.currency,
            calendar=plan.calendar.kind,
            anchor=plan.calendar.anchor,
            rounding=plan.rounding,
            rates=rates.factors(reader, plan.currency),
            thousandths_per_minor=10 ** (3 - plan.exponent),
            counts={kind: [int(qv), int(cv)] for kind, (qv, cv) in plan.counts.items()},
            **bounds(period, plan.time_zone).parameters(),
        )
    }
    legs = [sold.get(1, 0), sold.get(2, 0)]
    earlier = carried.before(reader, plan.name, str(period)) if bonus else None
    if bonus and earlier:
        kept = reader.one("placement.carried_legs", partner_id=partner_id, run_id=earlier["run_id"], bonus=bonus.name)
        if kept:
            legs = [legs[0] + kept["left"], legs[1] + kept["right"]]
    return legs[0], legs[1]
