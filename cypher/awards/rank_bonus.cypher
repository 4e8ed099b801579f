// The lines of a bonus paid once for each rank, a bucket of partners at a time: when the rank was held, or one above it, for
// after_periods in a row, this one included. Where several fall due together, the highest is paid or every one; then all of
// them are marked. ranks are {rank, picks}, lowest first; columns name what is carried of each: periods in a row, then marks.
// mode: write
// params: run_id STRING, earlier STRING, bonus STRING, bucket INTEGER, numbers INTEGER, conditions INTEGER, qualified INTEGER,
//   metric INTEGER, ranks LIST<MAP>, after_periods INTEGER, every BOOLEAN, columns LIST<STRING>, currency STRING
// rows: one
// returns: lines INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE metrics[i * $numbers + $metric] >= $ranks[0].rank] AS i
  RETURN ids[i] AS k, null AS before, [metrics[i * $numbers + $metric],
    active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified]),
    [j IN range(0, $conditions - 1) | holds[i * $conditions + j]]] AS who
  UNION ALL
  MATCH (c:Carried {run_id: $earlier, part: $bonus, bucket: $bucket})
  WITH c.ids AS ids, c.values AS values, size(c.columns) AS width, [n IN $columns | coll.indexOf(c.columns, n)] AS at
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, [a IN at | CASE WHEN a < 0 THEN 0 ELSE values[i * width + a] END] AS before, null AS who
}
WITH k, coalesce(head(collect(before)), [c IN $columns | 0]) AS before, coalesce(head(collect(who)), [0, false, []]) AS who,
  size($ranks) AS n
WITH k, before, who, n,
  [j IN range(0, n - 1) | CASE WHEN who[0] >= $ranks[j].rank THEN before[j] + 1 ELSE 0 END] AS held
WITH k, before, held, who, n, CASE WHEN NOT who[1] THEN [] ELSE
  [j IN range(0, n - 1) WHERE held[j] >= $after_periods AND before[n + j] = 0] END AS ripe
WITH k, before, held, n, ripe, [j IN CASE WHEN $every THEN ripe ELSE ripe[-1..] END | {step: $ranks[j].rank, base: held[j],
  amount: coalesce(head([p IN $ranks[j].picks WHERE p[0] < 0 OR who[2][p[0]]])[1], 0)}] AS due
ORDER BY k
WITH collect({k: k, due: [d IN due WHERE d.amount <> 0], state: held + [j IN range(0, n - 1) |
  CASE WHEN before[n + j] <> 0 OR j IN ripe THEN 1 ELSE 0 END]}) AS rows
WITH rows, size($columns) AS width
CALL (rows, width) {
  WITH [r IN rows WHERE any(x IN r.state WHERE x <> 0)] AS kept, width
  WHERE kept <> []
  CREATE (:Carried {run_id: $run_id, part: $bonus, bucket: $bucket, columns: $columns, ids: [r IN kept | r.k],
    values: [i IN range(0, size(kept) * width - 1) | kept[i / width].state[i % width]]})
  RETURN count(*) AS carried
}
CALL (rows) {
  UNWIND rows AS r
  UNWIND r.due AS d
  MATCH (p:Partner {seq: r.k})
  CREATE (:Earning {run_id: $run_id, partner_id: p.id, bonus: $bonus, level: d.step, class: '', source_id: '', base: d.base,
    base_minor: 0, rate_ppm: null, amount_minor: d.amount, earned_minor: d.amount, currency: $currency})
  RETURN count(*) AS lines
}
RETURN lines
