// The volume of the period in both legs of everybody in a binary tree, level by level from the deepest up: what stands below hands
// up one number, its own and both its legs. Who has nothing at all, own or below, has no row.
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
    RETURN ids[i] AS k, [parents[i], legs[i]] AS place, 0 AS own, 0 AS left, 0 AS right
    UNION ALL
    MATCH (s:Source {run_id: $run_id, source: $source, level: d})
    WITH s.ids AS ids, s.amounts AS amounts
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS place, amounts[i] AS own, 0 AS left, 0 AS right
    UNION ALL
    MATCH (b:Legs {run_id: $run_id, bonus: $bonus, level: d + 1})
    WITH b.parents AS parents, b.legs AS legs, b.own AS own, b.left AS left, b.right AS right
    UNWIND range(0, size(parents) - 1) AS i
    WITH parents[i] AS k, legs[i] AS leg, own[i] + left[i] + right[i] AS up
    RETURN k, null AS place, 0 AS own, CASE leg WHEN 1 THEN up ELSE 0 END AS left, CASE leg WHEN 2 THEN up ELSE 0 END AS right
  }
  WITH k, head(collect(place)) AS place, sum(own) AS own, sum(left) AS left, sum(right) AS right
  WHERE place IS NOT NULL AND (own <> 0 OR left <> 0 OR right <> 0)
  ORDER BY k
  WITH k / 16384 AS bucket, collect(k) AS ids, collect(place[0]) AS parents, collect(place[1]) AS legs, collect(own) AS own,
    collect(left) AS left, collect(right) AS right
  CREATE (:Legs {run_id: $run_id, bonus: $bonus, level: d, bucket: bucket, ids: ids, parents: parents, legs: legs, own: own,
    left: left, right: right})
  RETURN sum(size(ids)) AS partners
}
RETURN coalesce(sum(partners), 0) AS partners
