// How many partners stand in each branch of a placement tree, head included, stratum by stratum from the deepest up, and rung by
// rung in one that holds several levels; first half of a depth-first walk, after which to stand below somebody is to lie in an
// interval.
// mode: write
// params: run_id STRING, tree STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: partners INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: d})
    WITH t.ids AS ids, t.sponsors AS parents, t.legs AS legs
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, parents[i] AS parent, legs[i] AS leg, 1 AS heads, null AS seat
    UNION ALL
    MATCH (g:Rungs {run_id: $run_id, tree: $tree, level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups, g.kids_at AS at, g.kids AS kids
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS parent, null AS leg, 0 AS heads,
      [rungs[i], i, ups[i], [c IN range(at[i], at[i + 1] - 1) | kids[c]]] AS seat
    UNION ALL
    MATCH (v:Visit {run_id: $run_id, tree: $tree, feeds: d})
    WITH v.parents AS parents, v.sizes AS sizes
    UNWIND range(0, size(parents) - 1) AS i
    RETURN parents[i] AS k, null AS parent, null AS leg, sizes[i] AS heads, null AS seat
  }
  WITH k, max(parent) AS parent, max(leg) AS leg, sum(heads) AS heads, head(collect(seat)) AS seat
  WHERE k >= 0
  ORDER BY coalesce(seat[1], k)
  WITH CASE WHEN seat IS NULL THEN k / 16384 ELSE -1 END AS part, coalesce(seat[0], 0) AS rung,
    collect([k, parent, leg, heads, coalesce(seat[3], []), coalesce(seat[2], -1) >= 0]) AS rows
  ORDER BY rung
  WITH part, collect(rows) AS rungs
  WITH reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung |
      [r[0], r[1], r[2], reduce(t = r[3], c IN r[4] | t + done[0][c][3]), r[5]]]] | [level, done[1] + [level]]]))[1] AS levels
  UNWIND levels AS level
  UNWIND level AS row
  WITH row
  ORDER BY row[0]
  WITH row[0] / 16384 AS bucket, row[4] AS inside, collect(row) AS rows
  CREATE (:Visit {run_id: $run_id, tree: $tree, level: d, feeds: CASE WHEN inside THEN d ELSE d - 1 END, bucket: bucket,
    ids: [r IN rows | r[0]], parents: [r IN rows | r[1]], legs: [r IN rows | r[2]], sizes: [r IN rows | r[3]]})
  RETURN sum(size(rows)) AS walked
}
RETURN coalesce(sum(walked), 0) AS partners
