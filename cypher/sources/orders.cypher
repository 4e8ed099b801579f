// What each partner of a bucket brings to the bonuses that take these orders: the base of its PV of a window, by class of order
// (its category or kind) or of seller, by levels of the bonus's tree. A seller without a place in that tree brings nothing.
// classes names what a class is told by, by position; what is not named falls to the class `other`, or to none (-1).
// types are [condition of the seller, class], the first that holds. marks are [mark of an order, what it must be].
// window is 0 for the period, or that of a span of periods; below 0 (-1 for the period) where volumes were given up for another
// tree than this one.
// Trees and standings are those of the run `frozen`. What is taken back from closed lines instead counts only where `net`.
// mode: write
// params: run_id STRING, frozen STRING, source STRING, tree STRING, bucket INTEGER, window INTEGER, base STRING, kinds LIST<STRING>,
//   categories LIST<STRING>?, net BOOLEAN, marks LIST<LIST>, by STRING, classes LIST<STRING>, other INTEGER, types LIST<LIST>,
//   conditions INTEGER, per_order BOOLEAN
// rows: one
// returns: partners INTEGER
CALL () {
  MATCH (f:FrozenVolume {run_id: $run_id, bucket: $bucket})
  WHERE f.window = $window AND f.kind IN $kinds AND ($net OR NOT coalesce(f.reversed, false))
    AND ($categories IS NULL OR f.category IN $categories)
    AND all(m IN $marks WHERE coalesce(f.marks[m[0]], false) = m[1])
  WITH f.ids AS ids, f.order_ids AS order_ids, f.lines AS lines,
    CASE $base WHEN 'cv' THEN f.cv WHEN 'qv' THEN f.qv ELSE f.money_minor END AS amounts,
    CASE WHEN NOT $by IN ['category', 'kind'] THEN 0 ELSE coalesce(
      head([c IN range(0, size($classes) - 1) WHERE $classes[c] = CASE $by WHEN 'kind' THEN f.kind ELSE f.category END]),
      $other) END AS class
  WHERE class >= 0
  UNWIND [i IN range(0, size(ids) - 1) WHERE amounts[i] <> 0] AS i
  RETURN ids[i] AS k, null AS level, null AS kind,
    CASE WHEN $per_order THEN [class, amounts[i], order_ids[i], lines[i]] ELSE [class, amounts[i], '', ''] END AS sale
  UNION ALL
  MATCH (t:FrozenTree {run_id: $frozen, bucket: $bucket})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.legs AS legs, t.level AS level
  UNWIND [i IN range(0, size(ids) - 1) WHERE legs IS NULL OR legs[i] >= 0 | ids[i]] AS k
  RETURN k, level, null AS kind, null AS sale
  UNION ALL
  MATCH (s:Standing {run_id: $frozen, bucket: $bucket})
  WHERE $by = 'source_type'
  WITH s.ids AS ids, s.holds AS holds
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS level,
    coalesce(head([t IN $types WHERE t[0] < 0 OR holds[i * $conditions + t[0]] | t[1]]), $other) AS kind, null AS sale
}
WITH k, max(level) AS level, max(kind) AS kind, collect(sale) AS sales
WHERE level IS NOT NULL AND size(sales) > 0
UNWIND sales AS sale
WITH k, level, CASE WHEN $by = 'source_type' THEN coalesce(kind, $other) ELSE sale[0] END AS class, sale
WHERE class >= 0
WITH k, level, class, sale[2] AS order_id, sale[3] AS line, sum(sale[1]) AS amount
WHERE amount <> 0
ORDER BY k, class, order_id, line
WITH level, collect(k) AS ids, collect(class) AS classes, collect(amount) AS amounts, collect(order_id) AS order_ids,
  collect(line) AS lines
CREATE (:Source {run_id: $run_id, source: $source, level: level, bucket: $bucket, ids: ids, classes: classes, amounts: amounts,
  order_ids: CASE WHEN $per_order THEN order_ids ELSE [] END, lines: CASE WHEN $per_order THEN lines ELSE [] END})
RETURN coalesce(sum(size(ids)), 0) AS partners
