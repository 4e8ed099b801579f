// The rungs of strata that hold several levels of a tree, the deepest rung first: on which each partner stands, at which place its
// parent stands on the rung above (-1: in another stratum), and at which places its children stand on the rung below.
// mode: write
// params: run_id STRING, tree STRING, strata LIST<INTEGER>
// rows: one
// returns: partners INTEGER
UNWIND $strata AS d
CALL (d) {
  MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: d})
  WITH t.ids AS ids, t.sponsors AS parents, t.depths AS depths
  UNWIND range(0, size(ids) - 1) AS i
  WITH ids[i] AS k, parents[i] AS parent, depths[i] AS depth
  ORDER BY k
  WITH depth, collect([k, parent]) AS row
  ORDER BY depth DESC
  WITH collect(row) AS rungs
  CALL (rungs) {
    UNWIND range(0, size(rungs) - 1) AS n
    WITH n, rungs[n] AS row
    UNWIND range(0, size(row) - 1) AS place
    RETURN row[place][0] AS k, [n, place] AS seat, null AS child
    UNION ALL
    UNWIND range(0, size(rungs) - 1) AS n
    WITH n, rungs[n] AS row
    UNWIND range(0, size(row) - 1) AS place
    RETURN row[place][1] AS k, null AS seat, [n, place, row[place][0]] AS child
  }
  WITH k, head(collect(seat)) AS seat, collect(child) AS children
  WITH k, seat, [c IN children | c[1]] AS kids, children
  CALL (k, seat, kids, children) {
    WITH k, seat, kids WHERE seat IS NOT NULL
    RETURN k AS who, seat[0] AS rung, seat[1] AS place, kids AS below, null AS up
    UNION ALL
    UNWIND children AS c
    RETURN c[2] AS who, c[0] AS rung, c[1] AS place, null AS below, coalesce(seat[1], -1) AS up
  }
  WITH who, rung, place, head(collect(below)) AS below, max(up) AS up
  ORDER BY rung, place
  WITH collect(who) AS ids, collect(rung) AS rungs, collect(up) AS ups, collect(below) AS below
  CREATE (:Rungs {run_id: $run_id, tree: $tree, level: d, ids: ids, rungs: rungs, ups: ups, kids: coll.flatten(below),
    kids_at: reduce(at = [0], b IN below | at + (at[-1] + size(b)))})
  RETURN size(ids) AS partners
}
RETURN coalesce(sum(partners), 0) AS partners
