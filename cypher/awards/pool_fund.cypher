// The fund of a pool: a rate of what the company sold in the period or in a span (in `window`, as it was sold, whoever took volume that was
// given up), rounded first by the plan's rule in units of unit_minor, and what earlier pools left for this
// one. A fund that refunds made negative shares nothing out and leaves nothing to another: what it is below 0 the company bears.
// mode: write
// params: run_id STRING, bonus STRING, window INTEGER, base STRING, kinds LIST<STRING>, categories LIST<STRING>?,
//   marks LIST<LIST>, numerator INTEGER, denominator INTEGER, rounding STRING, unit_minor INTEGER, next_fund STRING
// rows: one
// returns: fund_minor INTEGER
// allows: CartesianProduct - one row beside one row
CALL () {
  MATCH (f:FrozenVolume) WHERE f.run_id = $run_id AND f.level >= 0 AND f.window = $window AND NOT coalesce(f.reversed, false)
    AND f.kind IN $kinds AND ($categories IS NULL OR f.category IN $categories)
    AND all(m IN $marks WHERE coalesce(f.marks[m[0]], false) = m[1])
  RETURN coalesce(sum(reduce(t = 0, x IN CASE $base WHEN 'cv' THEN f.cv WHEN 'qv' THEN f.qv ELSE f.money_minor END | t + x)), 0)
    AS base
}
CALL () {
  MATCH (f:Fund {run_id: $run_id}) WHERE f.next_fund = $bonus AND f.rest_minor > 0
  RETURN coalesce(sum(f.rest_minor), 0) AS added
}
WITH base, added, $numerator AS p, $denominator AS q
WITH base, added, p, q, reduce(t = [0, 0], g IN [p / 1000000, p % 1000000] |
  [t[0] * 1000000 + (t[1] * 1000000 + (abs(base) % q) * g) / q, (t[1] * 1000000 + (abs(base) % q) * g) % q]) AS part
WITH base, added, (abs(base) / q) * p + part[0] AS whole, part[1] AS rest, q
WITH base, added, sign(base) * $unit_minor * (whole + CASE
  WHEN $rounding = 'half_up' AND 2 * rest >= q THEN 1
  WHEN $rounding = 'half_even' AND (2 * rest > q OR 2 * rest = q AND whole % 2 = 1) THEN 1
  ELSE 0 END) AS own
CREATE (f:Fund {run_id: $run_id, bonus: $bonus, base: base, own_minor: own, added_minor: added, fund_minor: own + added,
  next_fund: $next_fund, rest_minor: 0, weights: 0, first: -1, ids: []})
RETURN own + added AS fund_minor
