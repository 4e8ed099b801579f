// What a binary bonus could pair, a bucket of partners at a time: of everybody active with a place in its tree, the legs of the
// period, what an earlier run left of them by column, and which conditions held.
// mode: read
// params: run_id STRING, earlier STRING, bonus STRING, bucket INTEGER, tree STRING, rules INTEGER
// rows: packed
// returns: seq INTEGER, partner_id STRING, holds LIST<BOOLEAN>, legs LIST<INTEGER>, columns LIST<STRING>, carried LIST<INTEGER>
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i]] AS i
  RETURN ids[i] AS k, [j IN range(0, $rules - 1) | holds[i * $rules + j]] AS holds, null AS legs, null AS carried,
    null AS partner_id
  UNION ALL
  MATCH (b:Legs {run_id: $run_id, bonus: $bonus, bucket: $bucket})
  WITH b.ids AS ids, b.own AS own, b.left AS left, b.right AS right
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS holds, [own[i], left[i], right[i]] AS legs, null AS carried, null AS partner_id
  UNION ALL
  MATCH (c:Carried {run_id: $earlier, part: $bonus, bucket: $bucket})
  WITH c.ids AS ids, c.values AS values, c.columns AS columns
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS holds, null AS legs, {columns: columns, values: [j IN range(0, size(columns) - 1) |
    values[i * size(columns) + j]]} AS carried, null AS partner_id
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.legs AS legs, t.partner_ids AS partner_ids
  UNWIND [i IN range(0, size(ids) - 1) WHERE legs[i] >= 0] AS i
  RETURN ids[i] AS k, null AS holds, null AS legs, null AS carried, partner_ids[i] AS partner_id
}
WITH k, head(collect(holds)) AS holds, head(collect(legs)) AS legs, head(collect(carried)) AS carried,
  head(collect(partner_id)) AS partner_id
WHERE holds IS NOT NULL AND partner_id IS NOT NULL AND (legs IS NOT NULL OR carried IS NOT NULL)
RETURN k AS seq, partner_id, holds, coalesce(legs, [0, 0, 0]) AS legs, coalesce(carried.columns, []) AS columns,
  coalesce(carried.values, []) AS carried
