// Lays the orders, paying customers and events of a bucket of partners by the levels of the tree that standings are folded over;
// they stay with whoever sold, or did something.
// mode: write
// params: run_id STRING, tree STRING, bucket INTEGER
// rows: one
// returns: rows INTEGER
CALL () {
  MATCH (c:FrozenCount {run_id: $run_id, bucket: $bucket})
  WHERE c.window < 0
  WITH c.window AS window, c.ids AS ids, c.orders AS orders, c.paying_customers AS paying
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [window, -1, orders[i], paying[i]] AS found, null AS level
  UNION ALL
  MATCH (e:FrozenEvent {run_id: $run_id, bucket: $bucket})
  WHERE e.window < 0
  WITH e.window AS window, e.kind AS kind, e.ids AS ids, e.counts AS counts
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [window, kind, counts[i], 0] AS found, null AS level
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.level AS level
  UNWIND ids AS k
  RETURN k, null AS found, level
}
WITH k, collect(found) AS counts, max(level) AS level
UNWIND counts AS n
WITH k, level, n
ORDER BY k
WITH level, n[0] AS window, n[1] AS kind, collect(k) AS ids, collect(n[2]) AS counts, collect(n[3]) AS paying
FOREACH (_ IN CASE WHEN kind < 0 THEN [1] ELSE [] END |
  CREATE (:FrozenCount {run_id: $run_id, level: level, bucket: $bucket, window: -1 - window, ids: ids, orders: counts,
    paying_customers: paying}))
FOREACH (_ IN CASE WHEN kind < 0 THEN [] ELSE [1] END |
  CREATE (:FrozenEvent {run_id: $run_id, level: level, bucket: $bucket, window: -1 - window, kind: kind, ids: ids, counts: counts}))
RETURN coalesce(sum(size(ids)), 0) AS rows
