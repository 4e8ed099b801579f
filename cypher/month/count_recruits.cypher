// How many active personal recruits each partner of a bucket has in that leg of a placement tree that has the fewest of them, by
// levels of the tree that standings are folded over. number is the tree's index in the compiled plan.
// mode: write
// params: run_id STRING, tree STRING, number INTEGER, legs INTEGER, standings_tree STRING, bucket INTEGER
// rows: one
// returns: partners INTEGER
CALL () {
  MATCH (e:Enrolled {run_id: $run_id, bucket: $bucket})
  WHERE e.tree = $tree
  WITH e.ids AS ids, e.legs AS legs, e.firsts AS firsts, e.sizes AS sizes
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [legs[i], firsts[i], sizes[i]] AS row, null AS level
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $standings_tree
  WITH t.ids AS ids, t.level AS level
  UNWIND ids AS k
  RETURN k, null AS row, level
}
WITH k, max(level) AS level, collect(row) AS rows
WITH k, level, [r IN rows WHERE r[0] = 0 | r[1]] AS recruits, [r IN rows WHERE r[0] > 0] AS branches
WHERE size(branches) = $legs AND size(recruits) >= $legs
WITH k, level, coll.min([b IN branches | size([n IN recruits WHERE n >= b[1] AND n < b[1] + b[2]])]) AS fewest
WHERE fewest > 0
ORDER BY k
WITH level, collect(k) AS ids, collect(fewest) AS counts
CREATE (:Recruits {run_id: $run_id, level: level, bucket: $bucket, tree: $number, ids: ids, counts: counts})
RETURN coalesce(sum(size(ids)), 0) AS partners
