"""A partner's team in a closed month: volumes and activity from the frozen standing, head counts by depth from the tree.

Volumes and activity are one position of one frozen block each, so a team of a million costs no more than one of ten; only
the head counts walk the tree, cut off where the run was.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc import earnings, periods
from graphsvc.errors import Code, Refused
from graphsvc.plan import store
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

DEPTHS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class TeamLevel:
    """One depth: who had joined, and who was active; None where the plan does not count that deep."""

    depth: int
    partners: int
    active: int | None


@dataclass(frozen=True, slots=True)
class Team:
    """A team in a closed month. Volumes in thousandths."""

    partner_id: str
    month: str
    plan: str
    plan_version: int
    run_id: str
    active: bool
    own_volume: int
    team_volume: int
    partners: int
    active_partners: int
    levels: list[TeamLevel]


def summary(database: Database, partner: Row, month: str, plan_name: str | None = None) -> Team:
    """The team of a partner (a row of `network.visible`) in a closed month; an open month is refused."""
    closed = earnings.closed_run(database, month, plan_name)
    plan = store.get(database, closed["plan"], closed["plan_version"])
    bounds = periods.bounds(periods.parse_month(month), plan.time_zone)
    known_at = database.run("month.known_at", run_id=closed["run_id"])[0]["known_at"]
    standing = database.one("team.standing", run_id=closed["run_id"], partner_id=partner["id"])
    counted = database.one(
        "team.depths",
        partner_id=partner["id"],
        known_at=known_at,
        ends_at=bounds.ends_at,
        ends_on=bounds.ends_on,
        count=DEPTHS_SHOWN,
    )
    if standing is None or counted is None:
        raise Refused(Code.PARTNER_UNKNOWN, f"{partner['id']} was not known when {month} was closed.")
    actives = standing["actives"]
    known_to = len(actives) - 2  # slot 0 is the partner, the last slot everybody deeper than the plan looks
    return Team(
        partner_id=partner["id"],
        month=month,
        plan=closed["plan"],
        plan_version=closed["plan_version"],
        run_id=closed["run_id"],
        active=standing["active"],
        own_volume=standing["own_volume"],
        team_volume=standing["team_volume"],
        partners=counted["partners"],
        active_partners=sum(actives[1:]),
        levels=[TeamLevel(depth, partners, _active(actives, depth, known_to)) for depth, partners in counted["depths"]],
    )


def _active(actives: list[int], depth: int, known_to: int) -> int | None:
    if not actives:
        return 0  # no standing: nobody here or below sold or joined anything
    if depth <= known_to:
        return actives[depth]
    return None if actives[-1] else 0
