// The order number of each partner in a depth-first walk of a placement tree, from the top down: who stands in the branch of x has
// a number from x's own up to, but not with, x's own plus the size of the branch. Each root begins far from all others.
// mode: write
// params: run_id STRING, tree STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: partners INTEGER
UNWIND range($level_from, $level_to) AS d
CALL (d) {
  CALL (d) {
    CALL (d) {
      MATCH (v:Visit {run_id: $run_id, tree: $tree, level: d - 1})
      WITH v.ids AS ids, v.firsts AS firsts
      UNWIND range(0, size(ids) - 1) AS i
      RETURN ids[i] AS parent, firsts[i] AS first, null AS child
      UNION ALL
      MATCH (v:Visit {run_id: $run_id, tree: $tree, level: d})
      WITH v.ids AS ids, v.parents AS parents, v.legs AS legs, v.sizes AS sizes
      UNWIND range(0, size(ids) - 1) AS i
      RETURN parents[i] AS parent, null AS first, [ids[i], legs[i], sizes[i]] AS child
    }
    WITH max(first) AS first, parent, collect(child) AS children
    UNWIND children AS child
    // where its parent stands in another stratum, its number; where in this one, how far after its parent's it is
    RETURN child[0] AS k, null AS seat, CASE WHEN parent < 0 THEN child[0] * 4294967296 ELSE coalesce(first, 0) + 1
      + reduce(t = 0, other IN children | t + CASE WHEN other[1] < child[1] THEN other[2] ELSE 0 END) END AS number
    UNION ALL
    MATCH (g:Rungs {run_id: $run_id, tree: $tree, level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, [rungs[i], i, ups[i]] AS seat, null AS number
  }
  WITH k, max(number) AS number, head(collect(seat)) AS seat
  ORDER BY coalesce(seat[1], k)
  WITH CASE WHEN seat IS NULL THEN k / 16384 ELSE -1 END AS part, coalesce(seat[0], 0) AS rung,
    collect([k, number, coalesce(seat[2], -1)]) AS rows
  ORDER BY rung DESC
  WITH part, collect(rows) AS rungs
  WITH reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung |
      [r[0], r[1] + CASE WHEN r[2] < 0 THEN 0 ELSE done[0][r[2]][1] END, r[2] >= 0]]] | [level, done[1] + [level]]]))[1] AS levels
  UNWIND levels AS level
  UNWIND level AS row
  WITH row
  ORDER BY row[0]
  WITH row[0] / 16384 AS bucket, CASE WHEN row[2] THEN d ELSE d - 1 END AS feeds, collect(row[1]) AS firsts
  MATCH (v:Visit {run_id: $run_id, tree: $tree, level: d})
  WHERE v.bucket = bucket AND v.feeds = feeds
  SET v.firsts = firsts
  RETURN sum(size(firsts)) AS walked
}
RETURN coalesce(sum(walked), 0) AS partners
