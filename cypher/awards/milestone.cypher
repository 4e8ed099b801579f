// The lines of a milestone bonus, a bucket of partners at a time: who reached which of the steps (ascending bounds of one metric)
// gets the highest of them, or every one, in each period or once ever. What a step pays is the first of its picks whose
// condition holds: [condition, amount], or [condition, pay code] of own PV in own_window. Paid once ever, a step is marked in what
// is carried, with the steps below it where only the highest pays.
// mode: write
// params: run_id STRING, earlier STRING, bonus STRING, bucket INTEGER, numbers INTEGER, conditions INTEGER, qualified INTEGER,
//   own_window INTEGER, metric INTEGER, steps LIST<MAP>, every BOOLEAN, once BOOLEAN, columns LIST<STRING>, rounding STRING,
//   unit_minor INTEGER, currency STRING
// rows: one
// returns: lines INTEGER
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])
    AND metrics[i * $numbers + $metric] >= $steps[0].from] AS i
  RETURN ids[i] AS k, [metrics[i * $numbers + $metric],
      [j IN range(0, $conditions - 1) | holds[i * $conditions + j]]] AS who, null AS before, null AS own
  UNION ALL
  MATCH (c:Carried {run_id: $earlier, part: $bonus, bucket: $bucket})
  WITH c.ids AS ids, c.values AS values, size(c.columns) AS width, [n IN $columns | coll.indexOf(c.columns, n)] AS at
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS who, [a IN at | CASE WHEN a < 0 THEN 0 ELSE values[i * width + a] END] AS before, null AS own
  UNION ALL
  MATCH (v:FrozenVolume {run_id: $run_id, bucket: $bucket})
  WHERE v.window = $own_window AND NOT coalesce(v.reversed, false) AND any(step IN $steps WHERE step.base <> '')
  WITH v.ids AS ids, v.qv AS qv, v.cv AS cv, v.money_minor AS money
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS who, null AS before, [qv[i], cv[i], money[i]] AS own
}
WITH k, head(collect(who)) AS who, coalesce(head(collect(before)), [step IN $steps | 0]) AS before, collect(own) AS owns
WHERE who IS NOT NULL OR any(mark IN before WHERE mark <> 0)
WITH k, before, who, [j IN range(0, 2) | reduce(t = 0, own IN owns | t + own[j])] AS own, CASE WHEN who IS NULL THEN []
  ELSE [j IN range(0, size($steps) - 1) WHERE who[0] >= $steps[j].from AND (NOT $once OR before[j] = 0)] END AS due
WITH k, before, own, who, [j IN CASE WHEN $every THEN due ELSE due[-1..] END |
  {step: j, pick: head([p IN $steps[j].picks WHERE p[0] < 0 OR who[1][p[0]]])}] AS due
// A sum is paid as it stands; a pay code takes own PV by its fraction, or slice by slice ([from, to, numerator] over one
// denominator), rounded once by the plan's rule on the absolute value.
WITH k, before, who, [d IN due WHERE d.pick[1] <> 0 | {step: d.step, number: d.pick[1], base: CASE $steps[d.step].base
  WHEN '' THEN who[0] WHEN 'qv' THEN own[0] WHEN 'cv' THEN own[1] ELSE own[2] END,
  pay: CASE $steps[d.step].base WHEN '' THEN null ELSE $steps[d.step].pays[d.pick[1] - 1] END}] AS due
WITH k, before, [d IN due | {step: d.step, number: d.number, base: d.base, pay: d.pay, sums: CASE WHEN d.pay IS NULL THEN [] ELSE [
  {q: d.pay.denominator, parts: [s IN d.pay.slices WHERE s[0] IS NULL OR abs(d.base) > s[0] | [CASE
    WHEN s[0] IS NULL THEN abs(d.base) WHEN s[1] IS NULL OR abs(d.base) < s[1] THEN abs(d.base) - s[0] ELSE s[1] - s[0] END, s[2]]]},
  {q: $steps[d.step].worth[1], parts: [[abs(d.base), $steps[d.step].worth[0]]]}] END}] AS due
WITH k, before, [d IN due | {step: d.step, number: d.number, base: d.base, pay: d.pay, sums: [x IN d.sums | {q: x.q,
  parts: [c IN x.parts | {whole: (c[0] / x.q) * c[1], part: reduce(t = [0, 0], g IN [c[1] / 1000000, c[1] % 1000000] |
    [t[0] * 1000000 + (t[1] * 1000000 + (c[0] % x.q) * g) / x.q, (t[1] * 1000000 + (c[0] % x.q) * g) % x.q])}]}]}] AS due
WITH k, before, [d IN due | {step: d.step, number: d.number, base: d.base, pay: d.pay, sums: [x IN d.sums | {q: x.q,
  whole: reduce(t = 0, c IN x.parts | t + c.whole + c.part[0]) + reduce(t = 0, c IN x.parts | t + c.part[1]) / x.q,
  rest: reduce(t = 0, c IN x.parts | t + c.part[1]) % x.q}]}] AS due
WITH k, before, [d IN due | {step: d.step, number: d.number, base: d.base, pay: d.pay, rounded: [x IN d.sums |
  sign(d.base) * (x.whole + CASE WHEN $rounding = 'half_up' AND 2 * x.rest >= x.q THEN 1
    WHEN $rounding = 'half_even' AND (2 * x.rest > x.q OR 2 * x.rest = x.q AND x.whole % 2 = 1) THEN 1 ELSE 0 END)]}] AS due
WITH k, before, [d IN due | {step: d.step, base: d.base, base_minor: coalesce(d.rounded[1], 0), rate: d.pay.rate_ppm,
  amount: CASE WHEN d.pay IS NULL THEN d.number ELSE d.rounded[0] * $unit_minor END}] AS due
WITH k, before, [d IN due WHERE d.amount <> 0] AS due
ORDER BY k
WITH collect({k: k, due: due, marks: [j IN range(0, size($columns) - 1) | CASE
  WHEN before[j] <> 0 OR any(d IN due WHERE d.step = j OR NOT $every AND d.step > j) THEN 1 ELSE 0 END]}) AS rows
CALL (rows) {
  WITH [r IN rows WHERE any(mark IN r.marks WHERE mark <> 0)] AS marked
  WHERE $once AND marked <> []
  CREATE (:Carried {run_id: $run_id, part: $bonus, bucket: $bucket, columns: $columns, ids: [r IN marked | r.k],
    values: [i IN range(0, size(marked) * size($columns) - 1) | marked[i / size($columns)].marks[i % size($columns)]]})
  RETURN count(*) AS carried
}
CALL (rows) {
  UNWIND rows AS r
  UNWIND r.due AS d
  MATCH (p:Partner {seq: r.k})
  CREATE (:Earning {run_id: $run_id, partner_id: p.id, bonus: $bonus, level: d.step + 1, class: '', source_id: '', base: d.base,
    base_minor: d.base_minor, rate_ppm: d.rate, amount_minor: d.amount, earned_minor: d.amount, currency: $currency})
  RETURN count(*) AS lines
}
RETURN lines
