"""Where each new or re-hung partner will stand: its level, and the cycles that the files would make.

The levels come from a walk down from the roots, so a partner that the walk does not reach stands in a cycle or below one.
"""

from __future__ import annotations

from graphsvc.imports import stored
from graphsvc.imports.checks import Checker
from graphsvc.imports.faults import Fault
from graphsvc.query.runner import Database

_SHOWN_IN_CYCLE = 8


def place(database: Database, checker: Checker) -> None:
    """Fill `depth` (partner, level it will have, whether it is re-hung) and report cycles with all their rows."""
    stage = checker.stage
    stage.run("CREATE TABLE depth (partner_id PRIMARY KEY, level INTEGER, moved INTEGER) WITHOUT ROWID")
    if "partners" not in checker.headers:
        return
    stage.run("CREATE TABLE moved (partner_id PRIMARY KEY) WITHOUT ROWID")
    if "sponsor_id" in checker.headers["partners"]:
        stage.run(
            """INSERT INTO moved SELECT p.partner_id FROM partners p JOIN stored_partners s ON s.partner_id = p.partner_id
               WHERE NOT p.bad AND p.sponsor_id IS NOT s.sponsor_id"""
        )
    is_new = "NOT EXISTS (SELECT 1 FROM stored_partners t WHERE t.partner_id = p.partner_id)"
    if stage.value("SELECT count(*) FROM moved"):
        stored.load_ancestors(database, stage)
        stage.run("CREATE TABLE edges (partner_id, sponsor_id)")
        stage.run(
            f"""INSERT INTO edges SELECT p.partner_id, p.sponsor_id FROM partners p WHERE NOT p.bad
                AND ({is_new} OR EXISTS (SELECT 1 FROM moved m WHERE m.partner_id = p.partner_id))"""
        )
        stage.run("INSERT INTO edges SELECT * FROM above WHERE partner_id NOT IN (SELECT partner_id FROM moved)")
        stage.run("CREATE INDEX edges_sponsor ON edges (sponsor_id)")
        stage.run("CREATE INDEX edges_partner ON edges (partner_id)")
    else:
        stage.run(f"CREATE VIEW edges AS SELECT p.partner_id, p.sponsor_id FROM partners p WHERE NOT p.bad AND {is_new}")
    # Who has no sponsor among the edges, or one that is unknown (a fault of its own), starts at its stored or at the top level.
    stage.run(
        """INSERT OR IGNORE INTO depth
           WITH RECURSIVE
             known(id, level) AS (SELECT partner_id, level FROM stored_partners WHERE NOT EXISTS (SELECT 1 FROM moved)),
             walk(id, level) AS (
               SELECT id, level FROM known
               UNION ALL SELECT e.partner_id, 0 FROM edges e WHERE e.sponsor_id IS NULL
                 OR (NOT EXISTS (SELECT 1 FROM edges f WHERE f.partner_id = e.sponsor_id)
                     AND NOT EXISTS (SELECT 1 FROM known k WHERE k.id = e.sponsor_id))
               UNION ALL SELECT e.partner_id, walk.level + 1 FROM walk JOIN edges e ON e.sponsor_id = walk.id)
           SELECT walk.id, walk.level, EXISTS (SELECT 1 FROM moved m WHERE m.partner_id = walk.id) FROM walk"""
    )
    report_cycles(checker, "edges", "depth", "sponsor_id", "sponsors")


def report_cycles(checker: Checker, edges: str, depth: str, column: str, word: str) -> None:
    """Report the cycles among the edges (partner, above) whose partners the walk of `depth` did not reach, all their rows."""
    stage = checker.stage
    lost = stage.run(
        f"""SELECT e.partner_id, e.{column} FROM {edges} e
           WHERE NOT EXISTS (SELECT 1 FROM {depth} d WHERE d.partner_id = e.partner_id)"""
    )
    sponsors: dict[str, str] = dict(lost.fetchall())
    if not sponsors:
        return
    stage.run(f"CREATE TABLE looped_{edges} (n INTEGER PRIMARY KEY, above, cycle INTEGER)")
    texts: list[str] = []
    walked: dict[str, int] = {}
    for walk, start in enumerate(sponsors):
        path: list[str] = []
        at = start
        while at in sponsors and at not in walked:
            walked[at] = walk
            path.append(at)
            at = sponsors[at]
        if walked.get(at) != walk:
            continue
        cycle = path[path.index(at) :]
        lines = dict.fromkeys(cycle)
        for id_ in cycle:
            row = stage.run("SELECT n FROM partners WHERE partner_id = ? AND NOT bad", (id_,)).fetchone()
            if row:
                lines[id_] = row[0]
                stage.run(f"INSERT OR IGNORE INTO looped_{edges} VALUES (?, ?, ?)", (row[0], sponsors[id_], len(texts)))
        texts.append(_told(cycle, lines))
    checker.ask(
        f"cycle {edges}",
        "partners",
        f"SELECT n, above, cycle FROM looped_{edges} ORDER BY n",
        lambda n, above, cycle: Fault(
            n, column, above, f"closes a cycle of {word}: {texts[cycle]}", f"correct one of these {word}"
        ),
    )


def _told(cycle: list[str], lines: dict[str, int | None]) -> str:
    """The cycle as people read it, from the row that stands first: A (line 2) under B (stored) under A."""
    first = min(range(len(cycle)), key=lambda i: lines[cycle[i]] or 1 << 60)
    turned = cycle[first:] + cycle[:first]
    shown = [f"{id_} (line {lines[id_]})" if lines[id_] else f"{id_} (stored)" for id_ in turned[:_SHOWN_IN_CYCLE]]
    more = f" under {len(turned) - _SHOWN_IN_CYCLE} more" if len(turned) > _SHOWN_IN_CYCLE else ""
    return " under ".join(shown) + more + f" under {turned[0]}"
