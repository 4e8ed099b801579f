// The lines of a bonus paid after so many periods with a condition met, a bucket of partners at a time: in the period in which
// the count reaches the step. Counted in a row, it starts again after a period without; counted in all, it goes on.
// mode: write
// params: run_id STRING, earlier STRING, bonus STRING, bucket INTEGER, conditions INTEGER, qualified INTEGER, condition INTEGER,
//   in_row BOOLEAN, steps LIST<MAP>, columns LIST<STRING>, currency STRING
// rows: one
// returns: lines INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE CASE WHEN $condition < 0 THEN active[i] ELSE holds[i * $conditions + $condition] END] AS i
  RETURN ids[i] AS k, null AS before,
    [active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified]),
      [j IN range(0, $conditions - 1) | holds[i * $conditions + j]]] AS who
  UNION ALL
  MATCH (c:Carried {run_id: $earlier, part: $bonus, bucket: $bucket})
  WITH c.ids AS ids, c.values AS values, size(c.columns) AS width, coll.indexOf(c.columns, $columns[0]) AS at
  WHERE at >= 0
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, values[i * width + at] AS before, null AS who
}
WITH k, coalesce(max(before), 0) AS before, head(collect(who)) AS who
WITH k, who, CASE WHEN who IS NOT NULL THEN before + 1 WHEN $in_row THEN 0 ELSE before END AS periods
WHERE periods > 0
ORDER BY k
WITH collect({k: k, periods: periods, due: [j IN range(0, size($steps) - 1) WHERE who[0] AND $steps[j].periods = periods |
  {step: $steps[j].periods, amount: coalesce(head([p IN $steps[j].picks WHERE p[0] < 0 OR who[1][p[0]]])[1], 0)}]}) AS rows
CALL (rows) {
  WITH rows WHERE rows <> []
  CREATE (:Carried {run_id: $run_id, part: $bonus, bucket: $bucket, columns: $columns, ids: [r IN rows | r.k],
    values: [r IN rows | r.periods]})
  RETURN count(*) AS carried
}
CALL (rows) {
  UNWIND rows AS r
  UNWIND r.due AS d
  WITH r, d WHERE d.amount <> 0
  MATCH (p:Partner {seq: r.k})
  CREATE (:Earning {run_id: $run_id, partner_id: p.id, bonus: $bonus, level: d.step, class: '', source_id: '',
    base: r.periods, base_minor: 0, rate_ppm: null, amount_minor: d.amount, earned_minor: d.amount, currency: $currency})
  RETURN count(*) AS lines
}
RETURN lines
