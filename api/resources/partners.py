"""Partners: one, a new one, a search, and the tree around one."""

from __future__ import annotations

from typing import Any

from flask import g, url_for

from api import pagination
from api.noun import Noun
from api.schemas import pages, partners
from api.state import database
from graphsvc import network, team

noun = Noun("partners", "Partners and the tree they stand in. Trees are flat rows: `id`, `sponsor_id`, `depth`.")

_ROW = {"id": "P-17", "sponsor_id": "P-2", "level": 2, "name": "Ann Example", "type": "affiliate", "status": "active"}
_PARTNER = _ROW | {"joined_at": "2025-03-01", "country": "DE", "frontline": 3}
_NEW = {"id": "P-17", "sponsor_id": "P-2", "joined_at": "2025-03-01", "name": "Ann Example", "type": "affiliate", "country": "DE"}
_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where the new one is."}}


@noun.operation(
    "GET",
    "/partners",
    "searchPartners",
    query=partners.SearchQuery,
    returns=partners.FoundPage,
    example={"items": [_ROW], "next": None},
)
def search(question: dict[str, Any]) -> dict[str, Any]:
    """Search partners by id or name.

    Finds ids that start with `q`, and partners in whose id and name each word of `q` starts a word.
    """
    after = pagination.position(question, str) or ("",)
    rows = network.search(database(), question["q"], after_id=after[0], count=pagination.limit(question) + 1, scope_id=g.scope_id)
    return pagination.page(question, rows, lambda row: [row["id"]])


@noun.operation(
    "POST",
    "/partners",
    "createPartner",
    body=partners.NewPartner,
    body_example=_NEW,
    returns=partners.Partner,
    example=_PARTNER,
    status=201,
    headers=_LOCATION,
    refuses=(409,),
)
def create(_: dict[str, Any], body: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    """Add a partner under an id of your choice.

    The same partner again gets the same answer, so a request whose answer was lost is just sent again; another partner under
    that id is refused.
    """
    made = network.create(database(), network.NewPartner(**body))
    return made, {"Location": url_for("partners.getPartner", partner_id=made["id"])}


@noun.operation("GET", "/partners/<partner:partner_id>", "getPartner", returns=partners.Partner, example=_PARTNER)
def get(_: dict[str, Any], partner_id: str) -> Any:  # noqa: ARG001 - the guard looked the partner up
    """One partner."""
    return g.partner


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/upline",
    "listUpline",
    query=pages.PageQuery,
    returns=partners.TreePage,
    example={"items": [_ROW | {"id": "P-2", "sponsor_id": "P-1", "level": 1, "depth": 1}], "next": None},
)
def upline(question: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """The sponsors above a partner, nearest first, up to the root, or to the partner of a cabinet key."""
    below = pagination.position(question, int) or (None,)
    rows = network.upline(database(), partner_id, below_level=below[0], count=pagination.limit(question) + 1, scope_id=g.scope_id)
    return pagination.page(question, rows, lambda row: [row["level"]])


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/children",
    "listChildren",
    query=pages.PageQuery,
    returns=partners.ChildPage,
    example={"items": [_ROW | {"depth": 1, "frontline": 3}], "next": None},
)
def children(question: dict[str, Any], partner_id: str) -> dict[str, Any]:
    """The partners whom a partner sponsors directly, by id."""
    after = pagination.position(question, str) or ("",)
    rows = network.children(database(), partner_id, after_id=after[0], count=pagination.limit(question) + 1)
    return pagination.page(question, rows, lambda row: [row["id"]])


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/downline",
    "listDownline",
    query=partners.DownlineQuery,
    returns=partners.TreePage,
    example={"items": [_ROW | {"depth": 1}], "next": None},
)
def downline(question: dict[str, Any], partner_id: str) -> dict[str, Any]:  # noqa: ARG001 - the guard looked the partner up
    """Everybody below a partner, nearest first, then by id."""
    after = pagination.position(question, int, str)
    rows = network.downline(
        database(),
        g.partner,
        depth_max=question.get("depth"),
        after=network.Position(*after) if after else None,
        count=pagination.limit(question) + 1,
    )
    return pagination.page(question, rows, lambda row: [row["level"], row["id"]])


@noun.operation(
    "GET",
    "/partners/<partner:partner_id>/team",
    "getTeam",
    query=partners.TeamQuery,
    returns=partners.Team,
    refuses=(409,),
    example={
        "partner_id": "P-2",
        "month": "2025-03",
        "plan": "three-level",
        "plan_version": 1,
        "run_id": "run-4f6c8e2a9b1d3c57",
        "active": True,
        "own_volume": 120_000,
        "team_volume": 940_500,
        "partners": 14,
        "active_partners": 9,
        "levels": [{"depth": 1, "partners": 5, "active": 4}, {"depth": 2, "partners": 9, "active": 5}],
    },
)
def team_of(question: dict[str, Any], partner_id: str) -> Any:  # noqa: ARG001 - the guard looked the partner up
    """A partner's team in a closed month: heads and activity by depth, own and team volume."""
    return team.summary(database(), g.partner, question["month"], question.get("plan"))
