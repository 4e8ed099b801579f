// The lines of a bonus that sums its base by payee and step: amount = base * numerator / denominator, rounded once, here, by
// the plan's rule on the absolute value, in units of unit_minor. Lines of 0 are not written. Products stay inside 63 bits:
// whole multiples of the denominator first, then the rest times the millions of the numerator, then its low six digits.
// mode: write
// params: run_id STRING, bonus STRING, level_from INTEGER, level_to INTEGER, numerators LIST<INTEGER>, denominators LIST<INTEGER>,
//   rates_ppm LIST<INTEGER>, value_numerator INTEGER, value_denominator INTEGER, unit_minor INTEGER, rounding STRING,
//   currency STRING
// rows: one
// returns: lines INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  MATCH (b:Fold {run_id: $run_id, bonus: $bonus, level: d})
  WITH b.ids AS ids, b.base AS base, size($numerators) AS steps
  UNWIND [i IN range(0, size(ids) - 1) WHERE any(j IN range(0, steps - 1) WHERE base[i * steps + j] <> 0)] AS i
  RETURN ids[i] AS k, [j IN range(0, steps - 1) | base[i * steps + j]] AS base, null AS partner_id
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, level: d})
  WITH t.ids AS ids, t.partner_ids AS partner_ids
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS base, partner_ids[i] AS partner_id
}
WITH k, head(collect(base)) AS bases, head(collect(partner_id)) AS partner_id
WHERE bases IS NOT NULL
UNWIND range(0, size(bases) - 1) AS j
WITH partner_id, j, bases[j] AS base
WHERE base <> 0
WITH partner_id, j, base, [x IN [[$numerators[j], $denominators[j]], [$value_numerator, $value_denominator]] |
  {p: x[0], q: x[1], whole: (abs(base) / x[1]) * x[0], rest: abs(base) % x[1]}] AS parts
WITH partner_id, j, base, [x IN parts | {p: x.p, q: x.q, rest: x.rest,
  whole: x.whole + ((x.rest * (x.p / 1000000)) / x.q) * 1000000, high: (x.rest * (x.p / 1000000)) % x.q}] AS parts
WITH partner_id, j, base, [x IN parts | {q: x.q, whole: x.whole + (x.high * 1000000 + x.rest * (x.p % 1000000)) / x.q,
  rest: (x.high * 1000000 + x.rest * (x.p % 1000000)) % x.q}] AS parts
WITH partner_id, j, base, [x IN parts | sign(base) * (x.whole + CASE
  WHEN $rounding = 'half_up' AND 2 * x.rest >= x.q THEN 1
  WHEN $rounding = 'half_even' AND (2 * x.rest > x.q OR 2 * x.rest = x.q AND x.whole % 2 = 1) THEN 1
  ELSE 0 END)] AS rounded
WHERE rounded[0] <> 0
CREATE (:Earning {run_id: $run_id, partner_id: partner_id, bonus: $bonus, level: j + 1, source_id: '', base: base,
  base_minor: rounded[1], rate_ppm: $rates_ppm[j], amount_minor: rounded[0] * $unit_minor, currency: $currency})
RETURN count(*) AS lines
