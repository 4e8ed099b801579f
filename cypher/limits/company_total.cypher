// What the named bonuses pay before a limit of the company cuts them, and that limit: a sum, or a rate of the company's CV of the
// period as it was sold (in `window`), valued, rounded by the plan's rule. `since` are that limit and those that ran after it: lines
// that one of them cut count with what they were before. What the run takes of closed lines is none of it.
// mode: read
// params: run_id STRING, bonuses LIST<STRING>, window INTEGER, since LIST<INTEGER>, sum INTEGER?,
//   numerator INTEGER, denominator INTEGER, rounding STRING, unit_minor INTEGER
// rows: one
// returns: paid_minor INTEGER, limit_minor INTEGER
// allows: CartesianProduct - one row beside one row
CALL () {
  CALL () {
    MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus IN $bonuses AND e.adjusts IS NULL
    RETURN e
    UNION ALL
    MATCH (e:CappedLine) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus IN $bonuses
    RETURN e
  }
  WITH coalesce(head([j IN range(0, coalesce(size(e.cuts), 0) - 2, 2) WHERE e.cuts[j] IN $since | e.cuts[j + 1]]),
    CASE WHEN e:CappedLine THEN 0 ELSE e.amount_minor END) AS amount
  RETURN coalesce(sum(amount), 0) AS paid
}
CALL () {
  MATCH (f:FrozenVolume) WHERE $sum IS NULL AND f.run_id = $run_id AND f.level >= 0 AND f.window = $window AND NOT coalesce(f.reversed, false)
  RETURN coalesce(sum(reduce(t = 0, x IN f.cv | t + x)), 0) AS base
}
WITH paid, base, $numerator AS p, $denominator AS q
WITH paid, base, p, q, reduce(t = [0, 0], g IN [p / 1000000, p % 1000000] |
  [t[0] * 1000000 + (t[1] * 1000000 + (abs(base) % q) * g) / q, (t[1] * 1000000 + (abs(base) % q) * g) % q]) AS part
WITH paid, base, (abs(base) / q) * p + part[0] AS whole, part[1] AS rest, q
WITH paid, sign(base) * $unit_minor * (whole + CASE
  WHEN $rounding = 'half_up' AND 2 * rest >= q THEN 1
  WHEN $rounding = 'half_even' AND (2 * rest > q OR 2 * rest = q AND whole % 2 = 1) THEN 1
  ELSE 0 END) AS rated
RETURN paid AS paid_minor, CASE WHEN $sum IS NOT NULL THEN $sum WHEN rated > 0 THEN rated ELSE 0 END AS limit_minor
