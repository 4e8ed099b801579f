"""The demo as a user of this service would do it: import, publish, close two months; a second time nothing changes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from graphsvc import earnings, explain, keys, month
from graphsvc.config import Settings
from graphsvc.demo.files import write
from graphsvc.demo.planted import plant
from graphsvc.demo.world import MONTHS, build
from graphsvc.errors import Code, Refused
from graphsvc.explain import Explanation, WhyNot
from graphsvc.imports import import_files, load_key
from graphsvc.ledger import heads
from graphsvc.month import RunReport
from graphsvc.plan import document, store
from graphsvc.progress import Progress
from graphsvc.query.runner import Database
from graphsvc.query.values import Row

PLAN = "three-level"
# Partner ids of the demo: D and five digits.
PREFIX = "D"
SOURCES_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Findings:
    """What the demo shows of a closed month: its report, top earners, one line explained, one answered why-not."""

    report: RunReport
    top: list[Row]
    explained: Explanation
    why_not: WhyNot


def load(database: Database, settings: Settings, progress: Progress) -> None:
    """Import the demo network, publish its plan, close its two months; whatever stands already is left as it is."""
    stranger = database.one("network.strangers", prefix=PREFIX)
    if stranger is not None:
        raise Refused(
            Code.DEMO_ELSEWHERE,
            f"This database holds partners that are not the demo's ({stranger['id']} is one); "
            "set GRAPHSVC_HOME to an empty folder, and the demo starts a Neo4j of its own there.",
        )
    closed = {row["month"] for row in database.run("month.periods", plan=PLAN) if row["status"] in ("closed", "paid")}
    if closed >= set(MONTHS):
        return  # the months were closed after everything was imported
    with progress.step("Drawing the network"):
        world = build()
        planted = plant(world)
        paths = write(world, planted, settings.home / "demo")
    import_files(database, paths, identifier_key=load_key(settings), progress=progress)
    store.publish(database, document.load(plan_file()))
    for name in MONTHS:
        if name not in closed:
            month.close(database, name, PLAN, actor="demo", progress=progress)
            heads.note(database, settings.ledger_heads)


def plan_file() -> Path:
    """The example plan that the demo publishes; it stands in the project's folder, beside the package."""
    path = Path(__file__).parents[2] / "examples" / "plans" / f"{PLAN}.yaml"
    if not path.is_file():
        raise Refused(Code.CONFIGURATION, f"The demo runs from a checkout of the project: {path} is not there.")
    return path


def findings(database: Database) -> Findings:
    """The first closed month: totals, who earned most, why one line is what it is, and why one was not paid."""
    name = MONTHS[0]
    period = earnings.closed_run(database, name, PLAN)
    top = earnings.top(database, name, PLAN, count=8)
    paid = earnings.of_partner(database, name, top[1]["partner_id"], PLAN)  # the first is the company's own position
    deepest = max(paid, key=lambda line: line["level"])
    explained = explain.lines(database, name, deepest["partner_id"], plan_name=PLAN, level=deepest["level"], shown=SOURCES_SHOWN)[
        0
    ]
    return Findings(month.run(database, period["run_id"]), top, explained, _unpaid(database, name, explained))


def _unpaid(database: Database, name: str, explained: Explanation) -> WhyNot:
    """A why-not worth reading: an active partner of the month whose second level was not open."""
    for line in earnings.lines(database, name, PLAN):
        if line["level"] == 1 and line["partner_id"] != explained.partner_id:
            answer = explain.why_not(database, name, line["partner_id"], level=2, plan_name=PLAN)
            if answer.reason == "not_open":
                return answer
    return explain.why_not(database, name, explained.partner_id, level=1, plan_name=PLAN)


def demo_keys(database: Database, settings: Settings, cabinet_of: str) -> dict[str, str]:
    """A key of every role, by role; kept in a file that only its owner reads, so that a second demo shows the same."""
    path = settings.home / "demo" / "keys.json"
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for role in keys.Role:
        if keys.authenticate(database, kept.get(role, "")) is None:
            kept[role] = keys.create(database, role, cabinet_of if role == keys.Role.CABINET else None).text
    path.touch(mode=0o600)
    path.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    return kept
