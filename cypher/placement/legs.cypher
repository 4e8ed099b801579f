// The volume of the period in both legs of everybody in a binary tree, stratum by stratum from the deepest up, and rung by rung in
// one that holds several levels: what stands below hands up one number, its own and both its legs. Who has nothing at all, own or
// below, has no row.
// mode: write
// params: run_id STRING, bonus STRING, tree STRING, source STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: partners INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: d})
    WITH t.ids AS ids, t.sponsors AS parents, t.legs AS legs
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, [parents[i], legs[i]] AS place, 0 AS own, 0 AS left, 0 AS right, null AS seat
    UNION ALL
    MATCH (g:Rungs {run_id: $run_id, tree: $tree, level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups, g.kids_at AS at, g.kids AS kids
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS place, 0 AS own, 0 AS left, 0 AS right,
      [rungs[i], i, ups[i], [c IN range(at[i], at[i + 1] - 1) | kids[c]]] AS seat
    UNION ALL
    MATCH (s:Source {run_id: $run_id, source: $source, level: d})
    WITH s.ids AS ids, s.amounts AS amounts
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS place, amounts[i] AS own, 0 AS left, 0 AS right, null AS seat
    UNION ALL
    MATCH (b:Legs {run_id: $run_id, bonus: $bonus, feeds: d})
    WITH b.parents AS parents, b.legs AS legs, b.own AS own, b.left AS left, b.right AS right
    UNWIND range(0, size(parents) - 1) AS i
    WITH parents[i] AS k, legs[i] AS leg, own[i] + left[i] + right[i] AS up
    RETURN k, null AS place, 0 AS own, CASE leg WHEN 1 THEN up ELSE 0 END AS left, CASE leg WHEN 2 THEN up ELSE 0 END AS right,
      null AS seat
  }
  WITH k, head(collect(place)) AS place, sum(own) AS own, sum(left) AS left, sum(right) AS right, head(collect(seat)) AS seat
  WHERE place IS NOT NULL
  ORDER BY coalesce(seat[1], k)
  WITH CASE WHEN seat IS NULL THEN k / 16384 ELSE -1 END AS part, coalesce(seat[0], 0) AS rung,
    collect([k, place[0], place[1], own, left, right, coalesce(seat[3], []), coalesce(seat[2], -1) >= 0]) AS rows
  ORDER BY rung
  WITH part, collect(rows) AS rungs
  // a row done: partner, parent, leg, own, left, right, whether its parent stands in the stratum
  WITH reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung | [r[0], r[1], r[2], r[3],
      reduce(t = r[4], c IN r[6] | t + CASE done[0][c][2] WHEN 1 THEN done[0][c][3] + done[0][c][4] + done[0][c][5] ELSE 0 END),
      reduce(t = r[5], c IN r[6] | t + CASE done[0][c][2] WHEN 2 THEN done[0][c][3] + done[0][c][4] + done[0][c][5] ELSE 0 END),
      r[7]]]] | [level, done[1] + [level]]]))[1] AS levels
  UNWIND levels AS level
  UNWIND level AS row
  WITH row WHERE row[3] <> 0 OR row[4] <> 0 OR row[5] <> 0
  ORDER BY row[0]
  WITH row[0] / 16384 AS bucket, row[6] AS inside, collect(row) AS rows
  CREATE (:Legs {run_id: $run_id, bonus: $bonus, level: d, feeds: CASE WHEN inside THEN d ELSE d - 1 END, bucket: bucket,
    ids: [r IN rows | r[0]], parents: [r IN rows | r[1]], legs: [r IN rows | r[2]], own: [r IN rows | r[3]],
    left: [r IN rows | r[4]], right: [r IN rows | r[5]]})
  RETURN sum(size(rows)) AS partners
}
RETURN coalesce(sum(partners), 0) AS partners
