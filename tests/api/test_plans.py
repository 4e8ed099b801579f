"""A published plan as a page, in both languages, by version, for every role."""

from __future__ import annotations

from graphsvc.plan import describe, store
from graphsvc.query.runner import Database
from tests.api.conftest import Call
from tests.plan.sample import plan


def test_a_plan_is_read_as_a_page(call: Call, database: Database) -> None:
    store.publish(database, plan())
    store.publish(database, plan(("version: 1", "version: 2"), ("2025-01-01", "2025-02-01"), ("rate: 5%", "rate: 6%")))
    newest = call("cabinet", "GET", "/v1/plans/sample/page").json
    assert (newest["version"], newest["lang"], newest["title"], newest["valid_from"]) == (2, "en", "Sample", "2025-02-01")
    assert "| 1 | 6 % | every active partner |" in newest["page"]
    first = call("owner", "GET", "/v1/plans/sample/page?version=1&lang=ru").json
    assert first["page"] == describe.page(plan(), "ru")
    assert first["title"] == "Образец"


def test_what_there_is_not_is_told(call: Call, database: Database) -> None:
    store.publish(database, plan())
    missing = call("owner", "GET", "/v1/plans/sample/page?version=7")
    assert (missing.status_code, missing.json["code"]) == (404, "plan-unknown")
    for query in ("lang=de", "version=0", "version=x", "language=en"):
        assert call("owner", "GET", f"/v1/plans/sample/page?{query}").status_code == 422, query
