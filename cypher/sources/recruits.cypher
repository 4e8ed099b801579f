// The partners of a bucket that meet a condition in this period for the first time, each as one, by its type; who did before stands
// in what the earlier period carried under the same part, and all together go on to the next. Only members are recruits.
// types are [condition of the recruit, class], of which the first that holds counts; without any `other`, or none (-1).
// mode: write
// params: run_id STRING, source STRING, tree STRING, bucket INTEGER, condition INTEGER, types LIST<LIST>, other INTEGER,
//   conditions INTEGER, part STRING, earlier STRING
// rows: one
// returns: partners INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE holds[i * $conditions + $condition]] AS i
  RETURN ids[i] AS k, null AS member, null AS level, false AS before,
    coalesce(head([t IN $types WHERE t[0] < 0 OR holds[i * $conditions + t[0]] | t[1]]), $other) AS class
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = 'sponsor'
  WITH t.ids AS ids, t.member AS member
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, member[i] AS member, null AS level, false AS before, null AS class
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.legs AS legs, t.level AS level
  UNWIND [i IN range(0, size(ids) - 1) WHERE legs IS NULL OR legs[i] >= 0 | ids[i]] AS k
  RETURN k, null AS member, level, false AS before, null AS class
  UNION ALL
  MATCH (c:Carried {run_id: $earlier, part: $part, bucket: $bucket})
  UNWIND [i IN range(0, size(c.ids) - 1) WHERE c.values[i] <> 0 | c.ids[i]] AS k
  RETURN k, null AS member, null AS level, true AS before, null AS class
}
WITH k, max(member) AS member, max(level) AS level, max(before) AS before, max(class) AS class
WHERE before OR member AND class IS NOT NULL
ORDER BY k
WITH collect({k: k, level: level, class: class, before: before}) AS rows
CALL (rows) {
  WITH rows WHERE rows <> []
  CREATE (:Carried {run_id: $run_id, part: $part, bucket: $bucket, columns: ['counted'], ids: [r IN rows | r.k],
    values: [r IN rows | 1]})
  RETURN count(*) AS carried
}
CALL (rows) {
  UNWIND [r IN rows WHERE NOT r.before AND r.level IS NOT NULL AND r.class >= 0] AS r
  WITH r.level AS level, collect(r.k) AS ids, collect(r.class) AS classes
  CREATE (:Source {run_id: $run_id, source: $source, level: level, bucket: $bucket, ids: ids, classes: classes,
    amounts: [k IN ids | 1], order_ids: [], lines: []})
  RETURN sum(size(ids)) AS partners
}
RETURN coalesce(partners, 0) AS partners
