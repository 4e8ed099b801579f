// What each partner of a bucket earned by the named bonuses, after caps: what those above match. In minor units.
// mode: write
// params: run_id STRING, source STRING, tree STRING, bucket INTEGER, bonuses LIST<STRING>
// rows: one
// returns: partners INTEGER
MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
WHERE t.tree = $tree
WITH t.level AS level, t.ids AS ids, t.partner_ids AS partner_ids
UNWIND range(0, size(ids) - 1) AS i
WITH level, ids[i] AS k, partner_ids[i] AS partner_id
MATCH (e:Earning {run_id: $run_id, partner_id: partner_id})
WHERE e.bonus IN $bonuses
WITH level, k, sum(e.amount_minor) AS amount
WHERE amount <> 0
ORDER BY k
WITH level, collect(k) AS ids, collect(amount) AS amounts
CREATE (:Source {run_id: $run_id, source: $source, level: level, bucket: $bucket, ids: ids, classes: [k IN ids | 0],
  amounts: amounts, order_ids: [], lines: []})
RETURN coalesce(sum(size(ids)), 0) AS partners
