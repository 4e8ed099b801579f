"""What would be another way, without touching anything: a closed month again, and a refund before it is recorded."""

from __future__ import annotations

from typing import Any

from flask import g, url_for

from api.fields import day
from api.idempotency import effect_id
from api.noun import Noun
from api.resources.runs import FOLLOW
from api.schemas import months
from api.schemas import recalculation as schemas
from api.state import database, worker
from graphsvc import runs

noun = Noun("recalculation", "A closed month computed again, and what a refund would change. Both are runs that only look.")

_RUN = "what-if-4f6c8e2a9b1d3c57"
_STARTED = {"run_id": _RUN, "location": f"/v1/runs/{_RUN}"}
_LINE = {"partner_id": "P-2", "bonus": "team", "level": 1, "class": "", "source_id": ""}


@noun.operation(
    "POST",
    "/plans/<text:plan>/months/<month:month>/recalculate",
    "recalculateMonth",
    body=schemas.Recalculate,
    body_example={"version": 2},
    returns=months.RunStarted,
    example=_STARTED,
    status=202,
    headers=FOLLOW,
    refuses=(404, 409),
)
def recalculate(_: dict[str, Any], body: dict[str, Any], plan: str, month: str) -> tuple[Any, dict[str, str]]:
    """Compute a closed month again from what is known today, or by another version of its plan; nothing of it changes."""
    version: int | None = body.get("version")
    return _started(worker().recalculate(month, plan, who=g.caller.who, version=version, asked=effect_id()))


@noun.operation(
    "GET",
    "/runs/<text:run_id>/difference",
    "getDifference",
    returns=schemas.Difference,
    example={
        "run_id": _RUN,
        "closed_run": "run-4f6c8e2a9b1d3c57",
        "plan": "three-level",
        "month": "2025-03",
        "currency": "USD",
        "closed_version": 1,
        "version": 1,
        "old_minor": 6_000,
        "new_minor": 6_200,
        "difference_minor": 200,
        "equal": 11,
        "differing": 1,
        "lines": [
            _LINE
            | {
                "old_minor": 6_000,
                "new_minor": 6_200,
                "difference_minor": 200,
                "causes": ["order O-7 (40.00 USD) of P-17, recorded 2025-04-03 12:00 UTC"],
            }
        ],
    },
    refuses=(404, 409),
)
def difference(_: dict[str, Any], run_id: str) -> Any:
    """What the month computed again would be: old, new and difference of each line, and what is behind it."""
    return runs.outcome(database(), run_id, "differing")


@noun.operation(
    "POST",
    "/orders/<text:order_id>/impact",
    "lookAtRefund",
    body=schemas.SupposedRefund,
    body_example={"plan": "three-level", "amount_minor": 5_000, "day": "2025-04-15"},
    returns=months.RunStarted,
    example=_STARTED,
    status=202,
    headers=FOLLOW,
    refuses=(404, 409),
)
def impact(_: dict[str, Any], body: dict[str, Any], order_id: str) -> tuple[Any, dict[str, str]]:
    """Look at what a refund of an order would change before it is recorded."""
    amount_minor: int | None = body.get("amount_minor")
    on = day(body, "day")
    started = worker().impact(order_id, body["plan"], who=g.caller.who, amount_minor=amount_minor, day=on, asked=effect_id())
    return _started(started)


@noun.operation(
    "GET",
    "/runs/<text:run_id>/impact",
    "getImpact",
    returns=schemas.Impact,
    example={
        "order_id": "O-7",
        "amount_minor": 5_000,
        "order_currency": "USD",
        "plan": "three-level",
        "month": "2025-04",
        "currency": "USD",
        "difference_minor": -250,
        "changed_lines": 1,
        "changed_standings": 0,
        "lines": [_LINE | {"closed": "2025-03", "before_minor": 0, "after_minor": -250}],
        "standings": [],
    },
    refuses=(404, 409),
)
def seen(_: dict[str, Any], run_id: str) -> Any:
    """What a refund would change: lines, parts of closed lines, activity, ranks and titles."""
    return runs.outcome(database(), run_id, "changed_lines")


def _started(run_id: str) -> tuple[Any, dict[str, str]]:
    location = url_for("runs.getRun", run_id=run_id)
    return {"run_id": run_id, "location": location}, {"Location": location}
