"""Who may do what: one table, one row an operation. What has no row is refused, so a new endpoint starts out closed.

The reach says whose partners a role may ask about: ALL, or, of a cabinet key, SUBTREE: its partner and everybody below, or OWN:
its partner alone, as of money.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from graphsvc.keys import Role


class Reach(Enum):
    """Whose partners an allowed role may ask about."""

    ALL = "all"
    SUBTREE = "subtree"
    OWN = "own"


_EVERYBODY = MappingProxyType(
    {Role.CABINET: Reach.SUBTREE, Role.COMPLIANCE: Reach.ALL, Role.INTEGRATION: Reach.ALL, Role.OWNER: Reach.ALL}
)
_MONEY = MappingProxyType(
    {Role.CABINET: Reach.OWN, Role.COMPLIANCE: Reach.ALL, Role.INTEGRATION: Reach.ALL, Role.OWNER: Reach.ALL}
)
_COMPLIANCE = MappingProxyType({Role.COMPLIANCE: Reach.ALL, Role.OWNER: Reach.ALL})
_STAFF = MappingProxyType({Role.COMPLIANCE: Reach.ALL, Role.INTEGRATION: Reach.ALL, Role.OWNER: Reach.ALL})
_INTAKE = MappingProxyType({Role.INTEGRATION: Reach.ALL, Role.OWNER: Reach.ALL})
_OWNER = MappingProxyType({Role.OWNER: Reach.ALL})

ACCESS: Mapping[str, Mapping[Role, Reach]] = MappingProxyType(
    {
        "searchPartners": _EVERYBODY,
        "createPartner": _INTAKE,
        "getPartner": _EVERYBODY,
        "listUpline": _EVERYBODY,
        "listChildren": _EVERYBODY,
        "listDownline": _EVERYBODY,
        "getTeam": _EVERYBODY,
        "listPlaces": _EVERYBODY,
        "placePartner": _INTAKE,
        "listPartnerEarnings": _EVERYBODY,
        "explainEarning": _EVERYBODY,
        "explainNoEarning": _EVERYBODY,
        "getPlanPage": _EVERYBODY,
        "listMonths": _EVERYBODY,
        "getMonth": _EVERYBODY,
        "closeMonth": _OWNER,
        "approveMonth": _OWNER,
        "previewMonth": _OWNER,
        "getBalance": _MONEY,
        "getStatement": _MONEY,
        "listPartnerPayouts": _MONEY,
        "listDestinations": _MONEY,
        "setDestination": _INTAKE,
        "traceEarnings": _MONEY,
        "traceOrder": _STAFF,
        "listHolds": _MONEY,
        "placeHold": _COMPLIANCE,
        "releaseHold": _COMPLIANCE,
        "makePayoutBatch": _OWNER,
        "listPayoutBatches": _STAFF,
        "getPayoutBatch": _STAFF,
        "listPayouts": _STAFF,
        "approvePayoutBatch": _OWNER,
        "discardPayoutBatch": _OWNER,
        "sendPayoutBatch": _INTAKE,
        "settlePayoutBatch": _INTAKE,
        "failPayout": _INTAKE,
        "returnPayout": _INTAKE,
        "recalculateMonth": _OWNER,
        "getDifference": _STAFF,
        "lookAtRefund": _STAFF,
        "getImpact": _STAFF,
        "proposeCorrection": _OWNER,
        "listCorrections": _STAFF,
        "getCorrection": _STAFF,
        "listCorrectionLines": _STAFF,
        "approveCorrection": _OWNER,
        "withdrawCorrection": _OWNER,
        "listPartnerCorrections": _MONEY,
        "listRuns": _STAFF,
        "getRun": _STAFF,
        "discardRun": _OWNER,
    }
)

# Endpoints that need no key: they tell nothing of anybody.
OPEN = frozenset({"livez", "readyz", "openapi", "docs", "docs_asset"})
