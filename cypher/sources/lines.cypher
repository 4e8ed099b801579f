// What each partner of a bucket earned by the named bonuses, after caps: what those above match. In minor units. reads: run_id and
// bonuses, of this run, of those that closed earlier periods of the bonus's span, and of those of other plans; and the runs of whose
// lines the parts count that were taken there (`parts`, null: of all).
// types are [condition of the earner, class], of which the first that holds counts; without any `other`, or none (-1).
// mode: write
// params: run_id STRING, source STRING, tree STRING, bucket INTEGER, reads LIST<MAP>, types LIST<LIST>, other INTEGER,
//   conditions INTEGER
// rows: one
// returns: partners INTEGER
MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
WHERE t.tree = $tree
WITH t.level AS level, t.ids AS ids, t.partner_ids AS partner_ids
UNWIND range(0, size(ids) - 1) AS i
WITH level, ids[i] AS k, partner_ids[i] AS partner_id
UNWIND $reads AS read
MATCH (e:Earning {run_id: read.run_id, partner_id: partner_id})
WHERE e.bonus IN read.bonuses AND (e.adjusts IS NULL OR read.parts IS NULL OR e.adjusts IN read.parts)
WITH level, k, sum(e.amount_minor) AS amount
WHERE amount <> 0
WITH collect([level, k, amount]) AS earned
CALL (earned) {
  WITH earned WHERE $types = []
  UNWIND earned AS e
  RETURN e[0] AS level, e[1] AS k, e[2] AS amount, $other AS class
  UNION ALL
  WITH earned WHERE $types <> []
  CALL (earned) {
    UNWIND earned AS e
    RETURN e[1] AS k, e AS line, null AS class
    UNION ALL
    MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
    WITH s.ids AS ids, s.holds AS holds
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS line, coalesce(head([t IN $types WHERE t[0] < 0 OR holds[i * $conditions + t[0]] | t[1]]), $other) AS class
  }
  WITH k, head(collect(line)) AS line, max(class) AS class
  WHERE line IS NOT NULL AND class >= 0
  RETURN line[0] AS level, k, line[2] AS amount, class
}
WITH level, k, amount, class ORDER BY k
WITH level, collect(k) AS ids, collect(amount) AS amounts, collect(class) AS classes
CREATE (:Source {run_id: $run_id, source: $source, level: level, bucket: $bucket, ids: ids, classes: classes,
  amounts: amounts, order_ids: [], lines: []})
RETURN coalesce(sum(size(ids)), 0) AS partners
