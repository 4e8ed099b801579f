// The base of every line of a bonus once more, from the walk from above and the frozen sales; what verification compares.
// mode: read
// params: run_id STRING, bonus STRING, base STRING, kinds LIST<STRING>, categories LIST<STRING>?, steps INTEGER, deepest INTEGER,
//   per_order BOOLEAN
// rows: packed
// returns: partner_id STRING, level INTEGER, source_id STRING, base INTEGER
UNWIND range(0, $deepest) AS d
CALL (d) {
  CALL (d) {
    MATCH (b:Payees {run_id: $run_id, bonus: $bonus, level: d})
    WITH b.ids AS ids, b.payees AS payees
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, [j IN range(0, $steps - 1) | payees[i * $steps + j]] AS payees, null AS sale
    UNION ALL
    MATCH (f:FrozenVolume {run_id: $run_id, level: d})
    WHERE f.window = 0 AND f.kind IN $kinds AND ($categories IS NULL OR f.category IN $categories)
    WITH f.ids AS ids, f.order_ids AS order_ids, f.lines AS lines,
      CASE $base WHEN 'cv' THEN f.cv WHEN 'qv' THEN f.qv ELSE f.money_minor END AS own
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS payees, [CASE WHEN $per_order THEN order_ids[i] + '/' + lines[i] ELSE '' END, own[i]] AS sale
  }
  WITH k, head(collect(payees)) AS payees, collect(sale) AS sales
  UNWIND sales AS sale
  UNWIND range(0, size(payees) - 1) AS j
  WITH payees[j] AS payee, j, sale[0] AS source_id, sale[1] AS base
  WHERE payee >= 0
  RETURN payee, j, source_id, sum(base) AS base
}
WITH payee, j, source_id, sum(base) AS base
WHERE base <> 0
MATCH (p:Partner {seq: payee})
RETURN p.id AS partner_id, j + 1 AS level, source_id, base
