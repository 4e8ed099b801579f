// One deduction's part of what a run changed of the lines of a closed one (`home`): what is deducted of each line without the order's
// part, less what is deducted of it with that, rounded each time as in limits/deduct. `of` are classes by run and bonus.
// mode: write
// params: run_id STRING, home STRING, bonus STRING, bonuses LIST<STRING>, of LIST<MAP>, numerator INTEGER,
//   denominator INTEGER, rounding STRING, unit_minor INTEGER, currency STRING
// rows: one
// returns: lines INTEGER
MATCH (a:Adjustment {run_id: $run_id})
WHERE a.home = $home AND a.bonus IN $bonuses AND a.before_minor <> a.after_minor
UNWIND [[-1, a.before_minor], [1, a.after_minor]] AS side
WITH a, side[0] AS factor, side[1] AS amount, $numerator AS p, $denominator AS q
WITH a, factor, amount, p, q, reduce(t = [0, 0], g IN [p / 1000000, p % 1000000] |
  [t[0] * 1000000 + (t[1] * 1000000 + (abs(amount) % q) * g) / q, (t[1] * 1000000 + (abs(amount) % q) * g) % q]) AS part
WITH a, factor, amount, (abs(amount) / q) * p + part[0] AS whole, part[1] AS rest, q
WITH a, sum(-factor * sign(amount) * $unit_minor * (whole + CASE
  WHEN $rounding = 'half_up' AND 2 * rest >= q THEN 1
  WHEN $rounding = 'half_even' AND (2 * rest > q OR 2 * rest = q AND whole % 2 = 1) THEN 1
  ELSE 0 END)) AS amount
WHERE amount <> 0
WITH a, amount, head([b IN $of WHERE b.frozen = a.frozen AND b.name = a.bonus | b.classes[a.class]]) AS class
CREATE (:Earning {run_id: $run_id, partner_id: a.partner_id, bonus: $bonus, level: a.level,
  class: a.bonus + CASE class WHEN '' THEN '' ELSE ' ' + class END, adjusts: a.home,
  source_id: CASE a.source_id WHEN '' THEN a.name ELSE split(a.name, ' ')[0] + ' ' + a.source_id END + ' ' + a.month,
  base: a.after_minor - a.before_minor, base_minor: a.after_minor - a.before_minor, amount_minor: amount, earned_minor: amount,
  currency: $currency})
RETURN count(*) AS lines
