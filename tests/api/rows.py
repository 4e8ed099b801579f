"""One row for every operation of the API: how it is called, and which roles may. A test fails when an operation has no row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ALL = frozenset({"cabinet", "compliance", "integration", "owner"})
STAFF = ALL - {"cabinet"}


@dataclass(frozen=True)
class Row:
    """An operation: `{p}` in its path is a partner. `status` is what an allowed caller gets on the small tree."""

    operation: str
    method: str
    path: str
    roles: frozenset[str]
    status: int = 200
    body: Any = None
    keys: frozenset[str] = field(default_factory=frozenset)


def row(
    operation: str, method: str, path: str, roles: frozenset[str], status: int = 200, *, body: Any = None, gives: str = ""
) -> Row:
    return Row(operation, method, path, roles, status, body, frozenset(gives.split()))


MONTH = "month=2025-03"
PAGE = "items next"
ROWS = [
    row("searchPartners", "GET", "/v1/partners?q=A", ALL, gives=PAGE),
    row(
        "createPartner",
        "POST",
        "/v1/partners",
        frozenset({"integration", "owner"}),
        201,
        body={"id": "N", "joined_at": "2025-03-01", "sponsor_id": "C"},
        gives="id sponsor_id name type status joined_at country level frontline",
    ),
    row("getPartner", "GET", "/v1/partners/{p}", ALL, gives="id sponsor_id name type status joined_at country level frontline"),
    row("listUpline", "GET", "/v1/partners/{p}/upline", ALL, gives=PAGE),
    row("listChildren", "GET", "/v1/partners/{p}/children", ALL, gives=PAGE),
    row("listDownline", "GET", "/v1/partners/{p}/downline", ALL, gives=PAGE),
    # No month is closed on the small tree; test_months.py has the answers.
    row("getTeam", "GET", f"/v1/partners/{{p}}/team?{MONTH}", ALL, 409),
    row("listPlaces", "GET", "/v1/partners/{p}/places", ALL, gives="items"),
    row(
        "placePartner",
        "POST",
        "/v1/partners/{p}/places",
        frozenset({"integration", "owner"}),
        404,  # no plan is published on the small tree; test_places.py has the answers
        body={"plan": "none", "tree": "legs"},
    ),
    row("listPartnerEarnings", "GET", f"/v1/partners/{{p}}/earnings?{MONTH}", ALL, 409),
    row("explainEarning", "GET", f"/v1/partners/{{p}}/explanation?{MONTH}", ALL, 409),
    row("explainNoEarning", "GET", f"/v1/partners/{{p}}/why-not?{MONTH}&level=1", ALL, 409),
    row("getPlanPage", "GET", "/v1/plans/none/page", ALL, 404),
    row("listMonths", "GET", "/v1/plans/none/months", ALL, 404),
    row("getMonth", "GET", "/v1/plans/none/months/2025-03", ALL, 404),
    row("closeMonth", "POST", "/v1/plans/none/months/2025-03/close", frozenset({"owner"}), 404, body={}),
    row("approveMonth", "POST", "/v1/plans/none/months/2025-03/approve", frozenset({"owner"}), 404, body={}),
    row("previewMonth", "POST", "/v1/plans/none/months/2025-03/preview", frozenset({"owner"}), 404),
    row("listRuns", "GET", "/v1/runs", STAFF, gives="items"),
    row("getRun", "GET", "/v1/runs/run-none", STAFF, 404),
    row("discardRun", "POST", "/v1/runs/run-none/discard", frozenset({"owner"}), 404),
]
