// One deduction, a bucket of partners at a time: a negative line beside each line of the named bonuses, a rate of it as it stands,
// rounded by the plan's rule on the absolute value, in units of unit_minor. Its class is the bonus of the line, and its class.
// mode: write
// params: run_id STRING, bonus STRING, bucket INTEGER, bonuses LIST<STRING>, rate_ppm INTEGER, numerator INTEGER,
//   denominator INTEGER, rounding STRING, unit_minor INTEGER, currency STRING
// rows: one
// returns: lines INTEGER
MATCH (t:FrozenTree {run_id: $run_id, bucket: $bucket}) WHERE t.tree = 'sponsor'
UNWIND t.partner_ids AS partner_id
MATCH (e:Earning {run_id: $run_id, partner_id: partner_id}) WHERE e.bonus IN $bonuses
WITH e, abs(e.amount_minor) AS base, $numerator AS p, $denominator AS q
WITH e, base, p, q, reduce(t = [0, 0], g IN [p / 1000000, p % 1000000] |
  [t[0] * 1000000 + (t[1] * 1000000 + (base % q) * g) / q, (t[1] * 1000000 + (base % q) * g) % q]) AS part
WITH e, (base / q) * p + part[0] AS whole, part[1] AS rest, q
WITH e, -sign(e.amount_minor) * $unit_minor * (whole + CASE
  WHEN $rounding = 'half_up' AND 2 * rest >= q THEN 1
  WHEN $rounding = 'half_even' AND (2 * rest > q OR 2 * rest = q AND whole % 2 = 1) THEN 1
  ELSE 0 END) AS amount
WHERE amount <> 0
CREATE (:Earning {run_id: $run_id, partner_id: e.partner_id, bonus: $bonus, level: e.level,
  class: e.bonus + CASE e.class WHEN '' THEN '' ELSE ' ' + e.class END, source_id: e.source_id, base: e.amount_minor,
  base_minor: e.amount_minor, rate_ppm: $rate_ppm, amount_minor: amount, earned_minor: amount, currency: $currency})
RETURN count(*) AS lines
