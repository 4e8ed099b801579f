// The lines of a match-down, a bucket of sponsors at a time: a rate of a sponsor's named lines as they stand, in equal parts to
// its qualified frontline; each part is rounded once by the plan's rule on the absolute value, in units of unit_minor. reads as in
// sources/lines.
// mode: write
// params: run_id STRING, bonus STRING, bucket INTEGER, reads LIST<MAP>, numerator INTEGER, denominator INTEGER, rate_ppm INTEGER,
//   rounding STRING, unit_minor INTEGER, currency STRING
// rows: one
// returns: lines INTEGER
MATCH (f:Frontline {run_id: $run_id, bonus: $bonus, bucket: $bucket})
WITH f.sponsors AS sponsors, f.ids AS ids
UNWIND range(0, size(ids) - 1) AS i
WITH sponsors[i] AS sponsor, collect(ids[i]) AS payees
MATCH (s:Partner {seq: sponsor})
CALL (s) {
  UNWIND $reads AS read
  MATCH (e:Earning {run_id: read.run_id, partner_id: s.id})
  WHERE e.bonus IN read.bonuses AND (e.adjusts IS NULL OR read.parts IS NULL OR e.adjusts IN read.parts)
  RETURN sum(e.amount_minor) AS base
}
WITH payees, base, $numerator AS p, $denominator * size(payees) AS q
WHERE base <> 0
WITH payees, base, p, q, reduce(t = [0, 0], g IN [p / 1000000, p % 1000000] |
  [t[0] * 1000000 + (t[1] * 1000000 + (abs(base) % q) * g) / q, (t[1] * 1000000 + (abs(base) % q) * g) % q]) AS part
WITH payees, base, (abs(base) / q) * p + part[0] AS whole, part[1] AS rest, q
WITH payees, base, sign(base) * $unit_minor * (whole + CASE
  WHEN $rounding = 'half_up' AND 2 * rest >= q THEN 1
  WHEN $rounding = 'half_even' AND (2 * rest > q OR 2 * rest = q AND whole % 2 = 1) THEN 1
  ELSE 0 END) AS amount
WHERE amount <> 0
UNWIND payees AS k
MATCH (p:Partner {seq: k})
CREATE (:Earning {run_id: $run_id, partner_id: p.id, bonus: $bonus, level: 1, class: '', source_id: '', base: base,
  base_minor: base, rate_ppm: CASE WHEN size(payees) = 1 THEN $rate_ppm ELSE null END, amount_minor: amount,
  earned_minor: amount, currency: $currency})
RETURN count(*) AS lines
