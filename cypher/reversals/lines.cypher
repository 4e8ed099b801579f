// What each partner of a bucket loses of the lines of the named bonuses that a closed run (`frozen`) matched, an order a row; these
// lines stand in the runs `homes`: that run, and those that closed the earlier periods of its span. In minor units; types and other
// as in sources/lines.
// mode: write
// params: run_id STRING, frozen STRING, homes LIST<STRING>, source STRING, tree STRING, bucket INTEGER, bonuses LIST<STRING>, types LIST<LIST>,
//   other INTEGER, conditions INTEGER
// rows: one
// returns: partners INTEGER
CALL () {
  MATCH (a:Adjustment {run_id: $run_id})
  WHERE a.home IN $homes AND a.bonus IN $bonuses AND a.seq / 16384 = $bucket
  WITH a.seq AS k, a.name AS name, sum(a.after_minor - a.before_minor) AS amount
  WHERE amount <> 0
  RETURN k, [name, amount] AS part, null AS level, null AS class
  UNION ALL
  MATCH (t:FrozenTree {run_id: $frozen, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.level AS level, t.ids AS ids
  UNWIND ids AS k
  RETURN k, null AS part, level, null AS class
  UNION ALL
  MATCH (s:Standing {run_id: $frozen, bucket: $bucket})
  WHERE $types <> []
  WITH s.ids AS ids, s.holds AS holds
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS part, null AS level,
    coalesce(head([t IN $types WHERE t[0] < 0 OR holds[i * $conditions + t[0]] | t[1]]), $other) AS class
}
WITH k, collect(part) AS parts, max(level) AS level, CASE WHEN $types = [] THEN $other ELSE max(class) END AS class
WHERE size(parts) > 0 AND level IS NOT NULL AND class >= 0
UNWIND parts AS part
WITH level, k, class, part
ORDER BY k, part[0]
WITH level, collect(k) AS ids, collect(class) AS classes, collect(part[1]) AS amounts, collect(part[0]) AS order_ids
CREATE (:Source {run_id: $run_id, source: $source, level: level, bucket: $bucket, ids: ids, classes: classes, amounts: amounts,
  order_ids: order_ids, lines: [k IN ids | '']})
RETURN coalesce(sum(size(ids)), 0) AS partners
