// The team of a partner, from its own stratum downwards: whoever hangs under somebody of the team in a frozen tree.
// mode: write
// params: run_id STRING, bonus STRING, tree STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: members INTEGER
UNWIND range($level_from, $level_to) AS d
CALL (d) {
  CALL (d) {
    CALL (d) {
      MATCH (m:TeamMembers {run_id: $run_id, bonus: $bonus, level: d - 1})
      UNWIND m.ids AS k
      RETURN k, true AS inside, null AS child
      UNION ALL
      MATCH (t:FrozenTree {run_id: $run_id, tree: $tree, level: d})
      WITH t.ids AS ids, t.sponsors AS sponsors
      UNWIND range(0, size(ids) - 1) AS i
      RETURN sponsors[i] AS k, null AS inside, ids[i] AS child
    }
    WITH k, coalesce(max(inside), false) AS inside, collect(child) AS children
    UNWIND children AS child
    RETURN child AS k, inside, false AS leads, null AS seat
    UNION ALL
    // who leads the team stands in its first stratum already
    MATCH (m:TeamMembers {run_id: $run_id, bonus: $bonus, level: d})
    UNWIND m.ids AS k
    RETURN k, true AS inside, true AS leads, null AS seat
    UNION ALL
    MATCH (g:Rungs {run_id: $run_id, tree: $tree, level: d})
    WITH g.ids AS ids, g.rungs AS rungs, g.ups AS ups
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, false AS inside, false AS leads, [rungs[i], i, ups[i]] AS seat
  }
  WITH k, max(inside) AS inside, max(leads) AS leads, head(collect(seat)) AS seat
  ORDER BY coalesce(seat[1], k)
  WITH CASE WHEN seat IS NULL THEN k / 16384 ELSE -1 END AS part, coalesce(seat[0], 0) AS rung,
    collect([k, inside, leads, coalesce(seat[2], -1)]) AS rows
  ORDER BY rung DESC
  WITH part, collect(rows) AS rungs
  WITH reduce(done = [[], []], rung IN rungs | head([level IN [[r IN rung |
      [r[0], r[1] OR r[3] >= 0 AND done[0][r[3]][1], r[2]]]] | [level, done[1] + [level]]]))[1] AS levels
  UNWIND levels AS level
  UNWIND level AS row
  WITH row[0] AS k, row[1] AS inside, row[2] AS leads
  WHERE inside AND NOT leads
  ORDER BY k
  WITH k / 16384 AS bucket, collect(k) AS ids
  CREATE (:TeamMembers {run_id: $run_id, bonus: $bonus, level: d, bucket: bucket, ids: ids})
  RETURN sum(size(ids)) AS found
}
RETURN coalesce(sum(found), 0) AS members
