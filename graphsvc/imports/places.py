"""Where partners will stand in a placement tree: places taken twice, cycles, and the level of each.

A row with `placement_id` and `leg` is a place; a file without the column `leg` numbers them by its rows. Whoever is named as a
parent and has no place, neither in the file nor stored, is a root of the tree; whoever is neither placed nor named stays
without a place (the holding tank).
"""

from __future__ import annotations

from graphsvc.imports.checks import Checker
from graphsvc.imports.faults import Fault
from graphsvc.imports.staging import Stage
from graphsvc.imports.stored import BATCH_KEYS
from graphsvc.imports.tree import report_cycles
from graphsvc.query.runner import Database


def check(database: Database, checker: Checker, tree: str) -> None:
    """Fill `places` (partner, parent, leg, whether it had another place), `new_roots` and `place_depth` (partner, level)."""
    stage = checker.stage
    stage.run("CREATE TABLE places (partner_id PRIMARY KEY, parent_id, leg INTEGER, n INTEGER, had INTEGER) WITHOUT ROWID")
    stage.run("CREATE TABLE new_roots (partner_id PRIMARY KEY) WITHOUT ROWID")
    stage.run("CREATE TABLE place_depth (partner_id PRIMARY KEY, level INTEGER) WITHOUT ROWID")
    if "placement_id" not in checker.headers.get("partners", ()):
        return
    _incomplete(checker, "leg" in checker.headers["partners"])
    stage.run(
        """INSERT OR IGNORE INTO places SELECT p.partner_id, p.placement_id, p.leg, p.n, s.place_level IS NOT NULL
           FROM partners p LEFT JOIN stored_partners s ON s.partner_id = p.partner_id
           WHERE NOT p.bad AND p.placement_id IS NOT NULL
           AND (p.placement_id IS NOT s.placement_id OR (p.leg IS NOT NULL AND p.leg IS NOT s.leg))"""
    )
    if not stage.value("SELECT count(*) FROM places"):
        return
    _twice(database, checker, tree)
    stage.run(
        """INSERT INTO new_roots SELECT DISTINCT r.parent_id FROM places r
           WHERE NOT EXISTS (SELECT 1 FROM places q WHERE q.partner_id = r.parent_id)
             AND NOT EXISTS (SELECT 1 FROM stored_partners s WHERE s.partner_id = r.parent_id AND s.place_level IS NOT NULL)"""
    )
    _levels(database, stage, tree)
    report_cycles(checker, "place_edges", "place_depth", "placement_id", "places")


def _incomplete(checker: Checker, with_legs: bool) -> None:
    for column, other, fix in (
        ("leg", "placement_id", "write left, right, or the number of the leg"),
        ("placement_id", "leg", "name whom the partner stands under"),
    )[: 2 if with_legs else 0]:
        checker.ask(
            f"place {column}",
            "partners",
            f"""SELECT n FROM partners WHERE {column} IS NULL AND {other} IS NOT NULL AND NOT bad ORDER BY n""",
            lambda n, column=column, other=other, fix=fix: Fault(n, column, "", f"is empty, but {other} is filled in", fix),
        )
    checker.ask(
        "place self",
        "partners",
        "SELECT n, partner_id FROM partners WHERE partner_id = placement_id AND NOT bad ORDER BY n",
        lambda n, id_: Fault(n, "placement_id", id_, "is the partner's own id", "name whom the partner stands under"),
    )


def _twice(database: Database, checker: Checker, tree: str) -> None:
    """No place is given to two: neither by the file, nor to one where another stands and stays."""
    stage = checker.stage
    checker.ask(
        "place given twice",
        "partners",
        """SELECT n, parent_id, leg, first FROM
             (SELECT n, parent_id, leg, min(n) OVER (PARTITION BY parent_id, leg) AS first FROM places WHERE leg IS NOT NULL)
           WHERE n > first ORDER BY n""",
        lambda n, parent, leg, first: Fault(
            n, "leg", str(leg), f"of {parent} is given to line {first} already", "give each partner a place of its own"
        ),
    )
    stage.run("CREATE TABLE taken (parent_id, leg INTEGER, partner_id, PRIMARY KEY (parent_id, leg)) WITHOUT ROWID")
    parents = """SELECT DISTINCT r.parent_id FROM places r
                 JOIN stored_partners s ON s.partner_id = r.parent_id WHERE s.place_level IS NOT NULL"""
    for batch in list(stage.batches(parents, BATCH_KEYS)):
        rows = database.run("imports.places_taken", ids=[id_ for (id_,) in batch], tree=tree)
        stage.many("INSERT INTO taken VALUES (?, ?, ?)", ((r["parent_id"], r["leg"], r["partner_id"]) for r in rows))
    # Who is placed without a leg stands to the right of those who have one, in the order of the rows.
    stage.run("CREATE TABLE rightmost (parent_id PRIMARY KEY, leg INTEGER) WITHOUT ROWID")
    stage.run(
        """INSERT INTO rightmost SELECT parent_id, max(leg) FROM
             (SELECT parent_id, leg FROM taken UNION ALL SELECT parent_id, leg FROM places WHERE leg IS NOT NULL) GROUP BY 1"""
    )
    stage.run(
        """INSERT OR REPLACE INTO places
           SELECT p.partner_id, p.parent_id,
             coalesce(r.leg, 0) + row_number() OVER (PARTITION BY p.parent_id ORDER BY p.n), p.n, p.had
           FROM places p LEFT JOIN rightmost r ON r.parent_id = p.parent_id WHERE p.leg IS NULL"""
    )
    checker.ask(
        "place taken",
        "partners",
        """SELECT r.n, r.parent_id, r.leg, t.partner_id FROM places r
           JOIN taken t ON t.parent_id = r.parent_id AND t.leg = r.leg
           WHERE NOT EXISTS (SELECT 1 FROM places q WHERE q.partner_id = t.partner_id) ORDER BY r.n""",
        lambda n, parent, leg, other: Fault(
            n, "leg", str(leg), f"of {parent} is taken by {other}, who is stored there", "give another place, or move both"
        ),
    )


def _levels(database: Database, stage: Stage, tree: str) -> None:
    """Walk down from whoever's level is known; where stored partners move, what is stored of levels says nothing."""
    stage.run("CREATE TABLE place_edges (partner_id, placement_id)")
    stage.run("INSERT INTO place_edges SELECT partner_id, parent_id FROM places")
    known = "SELECT partner_id, place_level FROM stored_partners WHERE place_level IS NOT NULL"
    if stage.value("SELECT EXISTS (SELECT 1 FROM places WHERE had)"):
        known = "SELECT partner_id, 0 FROM new_roots"
        stage.run("CREATE TABLE placed_above (partner_id PRIMARY KEY, parent_id) WITHOUT ROWID")
        starts = "SELECT DISTINCT r.parent_id FROM places r JOIN stored_partners s ON s.partner_id = r.parent_id"
        for batch in list(stage.batches(starts, BATCH_KEYS)):
            rows = database.run("imports.placement_ancestors", ids=[id_ for (id_,) in batch], tree=tree)
            stage.many("INSERT OR IGNORE INTO placed_above VALUES (?, ?)", ((r["partner_id"], r["parent_id"]) for r in rows))
        stage.run("INSERT INTO place_edges SELECT * FROM placed_above WHERE partner_id NOT IN (SELECT partner_id FROM places)")
    stage.run("CREATE INDEX place_edges_parent ON place_edges (placement_id)")
    stage.run("CREATE INDEX place_edges_partner ON place_edges (partner_id)")
    # Whoever stands under nobody that the walk can come from is a root, or has a fault of its own; both start at the top.
    stage.run(
        f"""INSERT OR IGNORE INTO place_depth
           WITH RECURSIVE
             known(id, level) AS ({known}),
             walk(id, level) AS (
               SELECT id, level FROM known
               UNION ALL SELECT partner_id, 0 FROM new_roots WHERE partner_id NOT IN (SELECT id FROM known)
               UNION ALL SELECT e.partner_id, 0 FROM place_edges e WHERE e.placement_id IS NULL
                 AND e.partner_id NOT IN (SELECT partner_id FROM new_roots)
               UNION ALL SELECT e.partner_id, walk.level + 1 FROM walk JOIN place_edges e ON e.placement_id = walk.id)
           SELECT id, level FROM walk"""
    )
