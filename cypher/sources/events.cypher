// How many accepted events of a kind each partner of a bucket has in the period.
// mode: write
// params: run_id STRING, source STRING, tree STRING, bucket INTEGER, kind INTEGER
// rows: one
// returns: partners INTEGER
CALL () {
  MATCH (e:FrozenEvent {run_id: $run_id, bucket: $bucket})
  WHERE e.window = 0 AND e.kind = $kind
  WITH e.ids AS ids, e.counts AS counts
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, counts[i] AS events, null AS level
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.legs AS legs, t.level AS level
  UNWIND [i IN range(0, size(ids) - 1) WHERE legs IS NULL OR legs[i] >= 0 | ids[i]] AS k
  RETURN k, null AS events, level
}
WITH k, max(level) AS level, sum(events) AS events
WHERE level IS NOT NULL AND events > 0
ORDER BY k
WITH level, collect(k) AS ids, collect(events) AS events
CREATE (:Source {run_id: $run_id, source: $source, level: level, bucket: $bucket, ids: ids, classes: [k IN ids | 0],
  amounts: events, order_ids: [], lines: []})
RETURN coalesce(sum(size(ids)), 0) AS partners
