// How many accepted events of each kind that the plan reads each partner has in one window, as list columns in blocks.
// mode: write
// params: run_id STRING, window INTEGER, kinds LIST<STRING>, starts_at DATETIME, ends_at DATETIME, starts_on DATE, ends_on DATE,
//   known_at DATETIME, strata LIST<INTEGER>
// rows: one
// returns: events INTEGER
CALL () {
  MATCH (e:Event) WHERE e.happened_at >= $starts_at AND e.happened_at < $ends_at
  RETURN e
  UNION ALL
  MATCH (e:Event) WHERE e.happened_at >= $starts_on AND e.happened_at < $ends_on
  RETURN e
}
WITH e, coll.indexOf($kinds, e.kind) AS kind
WHERE e.accepted AND e.recorded_at <= $known_at AND kind >= 0
MATCH (e)-[:EVENT_OF]->(p:Partner)
WITH coalesce($strata[p.level], -1) AS level, p.seq AS k, kind, count(*) AS events
ORDER BY k
WITH level, k / 16384 AS bucket, kind, collect(k) AS ids, collect(events) AS counts
CREATE (:FrozenEvent {run_id: $run_id, level: level, bucket: bucket, window: $window, kind: kind, ids: ids, counts: counts})
RETURN coalesce(sum(reduce(t = 0, n IN counts | t + n)), 0) AS events
