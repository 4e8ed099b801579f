// The team of a partner, level by level from below it downwards: whoever hangs under somebody of the team in a frozen tree.
// mode: write
// params: run_id STRING, bonus STRING, tree STRING, level_from INTEGER, level_to INTEGER
// rows: one
// returns: members INTEGER
UNWIND range($level_from, $level_to) AS d
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
  WITH k, max(inside) AS inside, collect(child) AS children
  WHERE inside
  UNWIND children AS child
  WITH child ORDER BY child
  WITH child / 16384 AS bucket, collect(child) AS ids
  CREATE (:TeamMembers {run_id: $run_id, bonus: $bonus, level: d, bucket: bucket, ids: ids})
  RETURN sum(size(ids)) AS found
}
RETURN coalesce(sum(found), 0) AS members
