// Who sold what one payee was paid for at one step of a bonus; where each order makes a line of its own, by order.
// mode: read
// params: run_id STRING, bonus STRING, payee INTEGER, level INTEGER, step INTEGER, steps INTEGER, base STRING, kinds LIST<STRING>,
//   categories LIST<STRING>?, per_order BOOLEAN
// rows: packed
// returns: seq INTEGER, level INTEGER, partner_id STRING, source_id STRING, base INTEGER
MATCH (b:Payees {run_id: $run_id, bonus: $bonus})
WHERE b.level >= $level
WITH b.level AS d, b.bucket AS bucket, b.ids AS ids, b.payees AS payees
WITH d, bucket, [i IN range(0, size(ids) - 1) WHERE payees[i * $steps + $step] = $payee | ids[i]] AS sellers
WHERE size(sellers) > 0
CALL (d, bucket, sellers) {
  CALL (d, bucket, sellers) {
    UNWIND sellers AS k
    RETURN k, true AS sells, null AS sale, null AS partner_id
    UNION ALL
    MATCH (f:FrozenVolume {run_id: $run_id, level: d})
    WHERE f.bucket = bucket AND f.window = 0 AND f.kind IN $kinds AND ($categories IS NULL OR f.category IN $categories)
    WITH f.ids AS ids, f.order_ids AS order_ids, f.lines AS lines,
      CASE $base WHEN 'cv' THEN f.cv WHEN 'qv' THEN f.qv ELSE f.money_minor END AS own
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, false AS sells,
      [CASE WHEN NOT $per_order THEN '' ELSE order_ids[i] + '/' + lines[i] END, own[i]] AS sale, null AS partner_id
    UNION ALL
    MATCH (t:FrozenTree {run_id: $run_id, level: d})
    WHERE t.bucket = bucket AND t.tree = 'sponsor'
    WITH t.ids AS ids, t.partner_ids AS partner_ids
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, false AS sells, null AS sale, partner_ids[i] AS partner_id
  }
  WITH k, max(sells) AS sells, collect(sale) AS sales, head(collect(partner_id)) AS partner_id
  WHERE sells
  UNWIND sales AS sale
  RETURN k, partner_id, sale[0] AS source_id, sum(sale[1]) AS base
}
WITH k, d, partner_id, source_id, base
WHERE base <> 0
ORDER BY abs(base) DESC, partner_id, source_id
RETURN k AS seq, d AS level, partner_id, source_id, base
