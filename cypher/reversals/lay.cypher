// Lays what a run takes of orders of a closed run (`frozen`), as it was sold there (in `window`), by whose volume it was in that
// run, into the window `laid`, a bucket of sellers at a time. As in month/lay_volumes who gave its volume up there hands QV and CV
// to the host that it had, or, where it had none, they are nobody's; the money stays, as does all of who was not known there.
// mode: write
// params: run_id STRING, frozen STRING, bucket INTEGER, window INTEGER, laid INTEGER
// rows: one
// returns: lines INTEGER
CALL () {
  MATCH (v:FrozenVolume {run_id: $run_id, bucket: $bucket})
  WHERE v.window = $window
  WITH [v.kind, v.category, v.marks] AS block, v.ids AS ids, v.order_ids AS order_ids, v.lines AS lines, v.qv AS qv, v.cv AS cv,
    v.money_minor AS money
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [block, order_ids[i], lines[i], qv[i], cv[i], money[i]] AS sale, null AS host
  UNION ALL
  MATCH (h:Host {run_id: $frozen, bucket: $bucket})
  WITH h.ids AS ids, h.hosts AS hosts, h.passes AS passes
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS sale, CASE WHEN passes[i] THEN ids[i] ELSE hosts[i] END AS host
}
WITH k, collect(sale) AS sales, coalesce(max(host), k) AS host
UNWIND sales AS sale
UNWIND CASE host WHEN k THEN [[k, sale[3], sale[4], sale[5]]] ELSE [[k, 0, 0, sale[5]], [host, sale[3], sale[4], 0]] END AS part
WITH part[0] AS k, sale[0] AS block, sale[1] AS order_id, sale[2] AS line, part[1] AS qv, part[2] AS cv, part[3] AS money
WHERE k >= 0 AND (qv <> 0 OR cv <> 0 OR money <> 0)
ORDER BY k, order_id, line
WITH block, k / 16384 AS bucket, collect(k) AS ids, collect(qv) AS qv, collect(cv) AS cv, collect(money) AS money,
  collect(order_id) AS order_ids, collect(line) AS lines
CREATE (:FrozenVolume {run_id: $run_id, level: 0, bucket: bucket, window: $laid, kind: block[0], category: block[1],
  marks: block[2], ids: ids, sources: 0, qv: qv, cv: cv, money_minor: money, customer_qv: [k IN ids | 0], order_ids: order_ids,
  lines: lines})
RETURN coalesce(sum(size(ids)), 0) AS lines
