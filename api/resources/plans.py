"""Published plans as pages that partners read."""

from __future__ import annotations

from typing import Any

from api.noun import Noun
from api.schemas import plans as schemas
from api.state import database
from graphsvc.plan import describe, store
from graphsvc.plan.phrases import LANGUAGES

noun = Noun("plans", "Plans in words.")

_PAGE = {
    "plan": "three-level",
    "version": 1,
    "valid_from": "2025-01-01",
    "title": "Three levels",
    "lang": "en",
    "page": "# Three levels\n\nPlan `three-level`, version 1. …\n",
}


@noun.operation(
    "GET",
    "/plans/<text:plan>/page",
    "getPlanPage",
    query=schemas.PlanPageQuery,
    returns=schemas.PlanPage,
    example=_PAGE,
    refuses=(404,),
)
def page(query: dict[str, Any], plan: str) -> dict[str, Any]:
    """What a plan pays, to whom and for what, in English or Russian, with worked examples: as `graphsvc plan show` prints it."""
    lang = query.get("lang", LANGUAGES[0])
    document = store.document(database(), plan, query.get("version"))
    return {
        "plan": document["plan"],
        "version": document["version"],
        "valid_from": document["valid_from"],
        "title": document["title"][lang],
        "lang": lang,
        "page": describe.page(document, lang),
    }
