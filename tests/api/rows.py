"""One row for every operation of the API: how it is called, and which roles may. A test fails when an operation has no row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ALL = frozenset({"cabinet", "compliance", "integration", "owner"})
STAFF = ALL - {"cabinet"}
OWNER = frozenset({"owner"})
INTAKE = frozenset({"integration", "owner"})
COMPLIANCE = frozenset({"compliance", "owner"})


@dataclass(frozen=True)
class Row:
    """An operation: `{p}` in its path is a partner. `status` is what an allowed caller gets on the small tree."""

    operation: str
    method: str
    path: str
    roles: frozenset[str]
    status: int = 200
    body: Any = None
    own: bool = False  # whether a cabinet sees its own partner alone
    keys: frozenset[str] = field(default_factory=frozenset)


def row(
    operation: str,
    method: str,
    path: str,
    roles: frozenset[str],
    status: int = 200,
    *,
    body: Any = None,
    own: bool = False,
    gives: str = "",
) -> Row:
    return Row(operation, method, path, roles, status, body, own, frozenset(gives.split()))


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
    row("traceEarnings", "GET", f"/v1/partners/{{p}}/earnings/payouts?{MONTH}", ALL, 409, own=True),
    row("traceOrder", "GET", "/v1/orders/none/trace", STAFF, 404),
    row("getPlanPage", "GET", "/v1/plans/none/page", ALL, 404),
    row("listMonths", "GET", "/v1/plans/none/months", ALL, 404),
    row("getMonth", "GET", "/v1/plans/none/months/2025-03", ALL, 404),
    row("closeMonth", "POST", "/v1/plans/none/months/2025-03/close", frozenset({"owner"}), 404, body={}),
    row("approveMonth", "POST", "/v1/plans/none/months/2025-03/approve", frozenset({"owner"}), 404, body={}),
    row("previewMonth", "POST", "/v1/plans/none/months/2025-03/preview", frozenset({"owner"}), 404),
    row("getBalance", "GET", "/v1/partners/{p}/balance", ALL, own=True, gives="items"),
    row("getStatement", "GET", "/v1/partners/{p}/statement", ALL, own=True, gives=PAGE),
    row("listPartnerPayouts", "GET", "/v1/partners/{p}/payouts", ALL, own=True, gives="items"),
    row("listDestinations", "GET", "/v1/partners/{p}/destinations", ALL, own=True, gives="items"),
    row(
        "setDestination",
        "POST",
        "/v1/partners/{p}/destinations",
        INTAKE,
        201,
        body={"kind": "card", "value": "4111 1111 1111 1111", "token": "tok"},
        gives="number kind destination set_at",
    ),
    row("listHolds", "GET", "/v1/partners/{p}/holds", ALL, own=True, gives="items"),
    row(
        "placeHold",
        "POST",
        "/v1/partners/{p}/holds",
        COMPLIANCE,
        409,
        body={"id": "h", "month": "2025-03", "bonus": "team", "level": 1, "reason": "a", "public_reason": "b"},
    ),
    row("releaseHold", "POST", "/v1/partners/{p}/holds/none/release", COMPLIANCE, 404),
    # The keys of the small tree are nobody's, so none of them may make or approve a batch; test_payouts.py has the answers.
    row("makePayoutBatch", "POST", "/v1/payout-batches", OWNER, 403, body={"id": "b", "currency": "USD"}),
    row("listPayoutBatches", "GET", "/v1/payout-batches", STAFF, gives="items"),
    row("getPayoutBatch", "GET", "/v1/payout-batches/none", STAFF, 404),
    row("listPayouts", "GET", "/v1/payout-batches/none/payouts", STAFF, 404),
    row("approvePayoutBatch", "POST", "/v1/payout-batches/none/approve", OWNER, 403),
    row("discardPayoutBatch", "POST", "/v1/payout-batches/none/discard", OWNER, 404),
    row("sendPayoutBatch", "POST", "/v1/payout-batches/none/sent", INTAKE, 404),
    row("settlePayoutBatch", "POST", "/v1/payout-batches/none/settled", INTAKE, 404),
    row("failPayout", "POST", "/v1/payout-batches/none/failed", INTAKE, 404, body={"partner_id": "A", "reason": "a"}),
    row("returnPayout", "POST", "/v1/payout-batches/none/returned", INTAKE, 404, body={"partner_id": "A", "reason": "a"}),
    row("recalculateMonth", "POST", "/v1/plans/none/months/2025-03/recalculate", OWNER, 409, body={}),
    row("getDifference", "GET", "/v1/runs/run-none/difference", STAFF, 404),
    row("lookAtRefund", "POST", "/v1/orders/none/impact", STAFF, 404, body={"plan": "none"}),
    row("getImpact", "GET", "/v1/runs/run-none/impact", STAFF, 404),
    row(
        "proposeCorrection",
        "POST",
        "/v1/corrections",
        OWNER,
        403,  # as of a batch
        body={"id": "c", "plan": "none", "month": "2025-03", "reason": "a"},
    ),
    row("listCorrections", "GET", "/v1/corrections", STAFF, gives="items"),
    row("getCorrection", "GET", "/v1/corrections/none", STAFF, 404),
    row("listCorrectionLines", "GET", "/v1/corrections/none/lines", STAFF, 404),
    row("approveCorrection", "POST", "/v1/corrections/none/approve", OWNER, 403),
    row("withdrawCorrection", "POST", "/v1/corrections/none/withdraw", OWNER, 403, body={"reason": "a"}),
    row("listPartnerCorrections", "GET", "/v1/partners/{p}/corrections", ALL, own=True, gives="items"),
    row("listRuns", "GET", "/v1/runs", STAFF, gives="items"),
    row("getRun", "GET", "/v1/runs/run-none", STAFF, 404),
    row("discardRun", "POST", "/v1/runs/run-none/discard", frozenset({"owner"}), 404),
]
