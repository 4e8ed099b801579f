// The lines of a bonus that makes a line of every order: the walk from above says who is paid at each step for what a partner
// sells, the frozen rows say what each order line sold. The arithmetic is that of earnings.write_steps.
// mode: write
// params: run_id STRING, bonus STRING, level_from INTEGER, level_to INTEGER, base STRING, kinds LIST<STRING>,
//   categories LIST<STRING>?, numerators LIST<INTEGER>, denominators LIST<INTEGER>, rates_ppm LIST<INTEGER>,
//   value_numerator INTEGER, value_denominator INTEGER, unit_minor INTEGER, rounding STRING, currency STRING
// rows: one
// returns: lines INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (b:Payees {run_id: $run_id, bonus: $bonus, level: d})
    WITH b.ids AS ids, b.payees AS payees, size($numerators) AS steps
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, [j IN range(0, steps - 1) | payees[i * steps + j]] AS payees, null AS sale
    UNION ALL
    MATCH (f:FrozenVolume {run_id: $run_id, level: d})
    WHERE f.window = 0 AND f.kind IN $kinds AND ($categories IS NULL OR f.category IN $categories)
    WITH f.ids AS ids, f.order_ids AS order_ids, f.lines AS lines,
      CASE $base WHEN 'cv' THEN f.cv WHEN 'qv' THEN f.qv ELSE f.money_minor END AS own
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, null AS payees, [order_ids[i] + '/' + lines[i], own[i]] AS sale
  }
  WITH k, head(collect(payees)) AS payees, collect(sale) AS sales
  UNWIND sales AS sale
  UNWIND range(0, size(payees) - 1) AS j
  WITH payees[j] AS payee, j, sale[0] AS source_id, sale[1] AS base
  WHERE payee >= 0 AND base <> 0
  MATCH (p:Partner {seq: payee})
  RETURN p.id AS partner_id, source_id, j, base
}
WITH partner_id, source_id, j, base, [x IN [[$numerators[j], $denominators[j]], [$value_numerator, $value_denominator]] |
  {p: x[0], q: x[1], whole: (abs(base) / x[1]) * x[0], rest: abs(base) % x[1]}] AS parts
WITH partner_id, source_id, j, base, [x IN parts | {p: x.p, q: x.q, rest: x.rest,
  whole: x.whole + ((x.rest * (x.p / 1000000)) / x.q) * 1000000, high: (x.rest * (x.p / 1000000)) % x.q}] AS parts
WITH partner_id, source_id, j, base, [x IN parts | {q: x.q, whole: x.whole + (x.high * 1000000 + x.rest * (x.p % 1000000)) / x.q,
  rest: (x.high * 1000000 + x.rest * (x.p % 1000000)) % x.q}] AS parts
WITH partner_id, source_id, j, base, [x IN parts | sign(base) * (x.whole + CASE
  WHEN $rounding = 'half_up' AND 2 * x.rest >= x.q THEN 1
  WHEN $rounding = 'half_even' AND (2 * x.rest > x.q OR 2 * x.rest = x.q AND x.whole % 2 = 1) THEN 1
  ELSE 0 END)] AS rounded
WHERE rounded[0] <> 0
CREATE (:Earning {run_id: $run_id, partner_id: partner_id, bonus: $bonus, level: j + 1, source_id: source_id, base: base,
  base_minor: rounded[1], rate_ppm: $rates_ppm[j], amount_minor: rounded[0] * $unit_minor, currency: $currency})
RETURN count(*) AS lines
