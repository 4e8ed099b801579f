// Lays what a bucket of partners sold by the strata of the tree that standings are folded over. Volumes as they were sold stand
// in windows below 0 (-1 is the period), and are laid into those from 0 on. Who gives its volume up hands QV and CV to its host,
// or, where nobody takes them, they are lost; the money stays.
// mode: write
// params: run_id STRING, tree STRING, bucket INTEGER, strata LIST<INTEGER>
// rows: one
// returns: rows INTEGER
CALL () {
  MATCH (v:FrozenVolume {run_id: $run_id, bucket: $bucket})
  WHERE v.window < 0
  WITH [v.window, v.kind, v.category, v.marks, coalesce(v.reversed, false)] AS block, v.ids AS ids, v.qv AS qv, v.cv AS cv, v.money_minor AS money,
    v.customer_qv AS customer_qv, v.order_ids AS order_ids, v.lines AS lines
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [block, coalesce(order_ids[i], ''), coalesce(lines[i], ''), qv[i], cv[i], money[i], customer_qv[i]] AS sale,
    null AS level, null AS depth, null AS host
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.depths AS depths, t.level AS level
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS sale, level, depths[i] AS depth, null AS host
  UNION ALL
  MATCH (h:Host {run_id: $run_id, bucket: $bucket})
  WITH h.ids AS ids, h.hosts AS hosts, h.passes AS passes
  UNWIND [i IN range(0, size(ids) - 1) WHERE NOT passes[i]] AS i
  RETURN ids[i] AS k, null AS sale, null AS level, null AS depth, hosts[i] AS host
}
WITH k, collect(sale) AS sales, max(level) AS level, max(depth) AS depth, max(host) AS host
UNWIND sales AS sale
WITH sale, CASE
  WHEN host IS NULL THEN [[k, level, sale[3], sale[4], sale[5], sale[6]]]
  WHEN host < 0 THEN [[k, level, 0, 0, sale[5], 0]]
  ELSE [[k, level, 0, 0, sale[5], 0], [host, $strata[depth - 1], sale[3], sale[4], 0, sale[6]]] END AS parts
UNWIND parts AS part
WITH sale[0] AS block, part[1] AS level, part[0] AS k, sale[1] AS order_id, sale[2] AS line, sum(part[2]) AS qv, sum(part[3]) AS cv,
  sum(part[4]) AS money, sum(part[5]) AS customer_qv
WHERE qv <> 0 OR cv <> 0 OR money <> 0 OR customer_qv <> 0
ORDER BY k, order_id, line
WITH block, level, k / 16384 AS bucket, collect(k) AS ids, collect(qv) AS qv, collect(cv) AS cv, collect(money) AS money,
  collect(customer_qv) AS customer_qv, collect(order_id) AS order_ids, collect(line) AS lines
CREATE (:FrozenVolume {run_id: $run_id, level: level, bucket: bucket, window: -1 - block[0], kind: block[1], category: block[2],
  marks: block[3], reversed: CASE WHEN block[4] THEN true END, ids: ids, sources: 0, qv: qv, cv: cv, money_minor: money, customer_qv: customer_qv,
  order_ids: CASE WHEN any(x IN order_ids WHERE x <> '') THEN order_ids ELSE [] END,
  lines: CASE WHEN any(x IN order_ids WHERE x <> '') THEN lines ELSE [] END})
RETURN coalesce(sum(size(ids)), 0) AS rows
