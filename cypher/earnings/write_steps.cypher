// The lines of a bonus that sums its base by payee, source class and step. amount = base * numerator / denominator of the pay
// code, rounded once, here, by the plan's rule on the absolute value, in units of unit_minor. A pay code cut in slices
// ([from, to, numerator]) sums the parts of the absolute base over their one denominator first. Lines of 0 are not written.
// Products stay inside 63 bits: whole multiples of the denominator first, then the rest times the millions of the numerator, then
// its low digits.
// pays: level, class, rate_ppm, slices and denominator by pay code, from 1.
// mode: write
// params: run_id STRING, bonus STRING, tree STRING, level_from INTEGER, level_to INTEGER, states INTEGER, classes LIST<STRING>,
//   pays LIST<MAP>, value_numerator INTEGER, value_denominator INTEGER, unit_minor INTEGER, rounding STRING, currency STRING
// rows: one
// returns: lines INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  MATCH (f:Fold {run_id: $run_id, bonus: $bonus, level: d})
  WITH f.ids AS ids, f.states AS states, f.moves AS moves, f.volumes AS volumes
  UNWIND [i IN range(0, size(ids) - 1) WHERE moves[i] >= 1000000] AS i
  RETURN ids[i] AS k, [(states[i] - 1) / $states, moves[i] / 1000000, volumes[i]] AS paid, null AS partner_id
  UNION ALL
  MATCH (t:FrozenTree {run_id: $run_id, level: d})
  WHERE t.tree = $tree
  WITH t.ids AS ids, t.partner_ids AS partner_ids
  UNWIND range(0, size(ids) - 1) AS i
  RETURN ids[i] AS k, null AS paid, partner_ids[i] AS partner_id
}
WITH k, collect(paid) AS payments, head(collect(partner_id)) AS partner_id
UNWIND payments AS paid
WITH partner_id, paid[0] AS class, paid[1] AS pay, sum(paid[2]) AS base
WHERE base <> 0
WITH partner_id, $classes[class] AS class, head([p IN $pays[pay - 1..pay] |
  {level: p.level, rate_ppm: p.rate_ppm, slices: p.slices, denominator: p.denominator}]) AS pay, base
WITH partner_id, class, pay, base, [s IN pay.slices WHERE s[0] IS NULL OR abs(base) > s[0] |
    [CASE WHEN s[0] IS NULL THEN base WHEN s[1] IS NULL OR abs(base) < s[1] THEN abs(base) - s[0] ELSE s[1] - s[0] END,
      s[2]]] AS cut
WITH partner_id, class, pay, base, [x IN [[cut, pay.denominator], [[[base, $value_numerator]], $value_denominator]] |
  {q: x[1], parts: [c IN x[0] | {whole: (abs(c[0]) / x[1]) * c[1], rest: abs(c[0]) % x[1], p: c[1]}]}] AS sums
WITH partner_id, class, pay, base, [x IN sums | {q: x.q, parts: [c IN x.parts | {p: c.p, rest: c.rest,
  whole: c.whole + ((c.rest * (c.p / 1000000)) / x.q) * 1000000, high: (c.rest * (c.p / 1000000)) % x.q}]}] AS sums
WITH partner_id, class, pay, base, [x IN sums | {q: x.q,
  whole: reduce(t = 0, c IN x.parts | t + c.whole + (c.high * 1000000 + c.rest * (c.p % 1000000)) / x.q),
  rest: reduce(t = 0, c IN x.parts | t + (c.high * 1000000 + c.rest * (c.p % 1000000)) % x.q)}] AS sums
WITH partner_id, class, pay, base, [x IN sums | {q: x.q, whole: x.whole + x.rest / x.q, rest: x.rest % x.q}] AS sums
WITH partner_id, class, pay, base, [x IN sums | sign(base) * (x.whole + CASE
  WHEN $rounding = 'half_up' AND 2 * x.rest >= x.q THEN 1
  WHEN $rounding = 'half_even' AND (2 * x.rest > x.q OR 2 * x.rest = x.q AND x.whole % 2 = 1) THEN 1
  ELSE 0 END)] AS rounded
WHERE rounded[0] <> 0
CREATE (:Earning {run_id: $run_id, partner_id: partner_id, bonus: $bonus, level: pay.level, class: class, source_id: '',
  base: base, base_minor: rounded[1], rate_ppm: pay.rate_ppm, amount_minor: rounded[0] * $unit_minor,
  earned_minor: rounded[0] * $unit_minor, currency: $currency})
RETURN count(*) AS lines
