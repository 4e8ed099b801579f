// What parts of closed lines come to before limits (mechanics section 8): of each closed line, order after order by date and id, what
// the line is with what still stands of it, and what it is without this order, each rounded as the line was. What stands is what
// came to it in the closed run (`frozen`), less what runs before (`earlier`) took. The arithmetic is that of earnings/write_steps.
// pays: level, rate_ppm, slices, denominator and worth (what a unit of the base is in minor units), by pay code, from 1; of a line
// that several share in equal parts (`shared_by`) the denominator is so many times as large.
// mode: write
// params: run_id STRING, frozen STRING, bonus STRING, earlier LIST<STRING>, states INTEGER, per_order BOOLEAN, pays LIST<MAP>,
//   unit_minor INTEGER, rounding STRING
// rows: one
// returns: parts INTEGER
CALL () {
  MATCH (a:Adjustment {run_id: $run_id}) WHERE a.frozen = $frozen AND a.bonus = $bonus
  RETURN a.seq AS k, a.class AS class, a.pay AS pay, a.source_id AS source_id, a, a.was AS base
  UNION ALL
  UNWIND $earlier AS run_id
  MATCH (e:Adjustment {run_id: run_id}) WHERE e.frozen = $frozen AND e.bonus = $bonus
  RETURN e.seq AS k, e.class AS class, e.pay AS pay, e.source_id AS source_id, null AS a, e.delta AS base
  UNION ALL
  MATCH (f:Fold {run_id: $frozen, bonus: $bonus})
  WHERE NOT $per_order AND f.level >= 0
  WITH f.ids AS ids, f.states AS states, f.moves AS moves, f.volumes AS volumes
  UNWIND [i IN range(0, size(ids) - 1) WHERE moves[i] >= 1000000] AS i
  RETURN ids[i] AS k, (states[i] - 1) / $states AS class, moves[i] / 1000000 AS pay, '' AS source_id, null AS a, volumes[i] AS base
}
WITH k, class, pay, source_id, a, base
ORDER BY a.counted_at, a.name
WITH k, class, pay, source_id, sum(base) AS base, collect(a) AS parts
WHERE size(parts) > 0
WITH parts, reduce(run = [base], a IN parts | run + (run[-1] + a.delta)) AS bases
UNWIND range(0, size(parts) - 1) AS i
WITH parts[i] AS a, bases[i] AS before, bases[i + 1] AS after
UNWIND [[-1, before], [1, after]] AS side
WITH a, side[0] AS factor, side[1] AS base, head([p IN $pays[a.pay - 1..a.pay] |
  {level: p.level, slices: p.slices, denominator: p.denominator * coalesce(a.shared_by, 1), worth: p.worth}]) AS pay
WITH a, factor, pay, base, [s IN pay.slices WHERE s[0] IS NULL OR abs(base) > s[0] |
    [CASE WHEN s[0] IS NULL THEN base WHEN s[1] IS NULL OR abs(base) < s[1] THEN abs(base) - s[0] ELSE s[1] - s[0] END,
      s[2]]] AS cut
WITH a, factor, pay, base, [x IN [[cut, pay.denominator], [[[base, pay.worth[0]]], pay.worth[1]]] |
  {q: x[1], parts: [c IN x[0] | {whole: (abs(c[0]) / x[1]) * c[1], rest: abs(c[0]) % x[1], p: c[1]}]}] AS sums
WITH a, factor, pay, base, [x IN sums | {q: x.q, parts: [c IN x.parts | {p: c.p, rest: c.rest,
  whole: c.whole + ((c.rest * (c.p / 1000000)) / x.q) * 1000000, high: (c.rest * (c.p / 1000000)) % x.q}]}] AS sums
WITH a, factor, pay, base, [x IN sums | {q: x.q,
  whole: reduce(t = 0, c IN x.parts | t + c.whole + (c.high * 1000000 + c.rest * (c.p % 1000000)) / x.q),
  rest: reduce(t = 0, c IN x.parts | t + (c.high * 1000000 + c.rest * (c.p % 1000000)) % x.q)}] AS sums
WITH a, factor, pay, base, [x IN sums | {q: x.q, whole: x.whole + x.rest / x.q, rest: x.rest % x.q}] AS sums
WITH a, factor, pay, base, [x IN sums | sign(base) * (x.whole + CASE
  WHEN $rounding = 'half_up' AND 2 * x.rest >= x.q THEN 1
  WHEN $rounding = 'half_even' AND (2 * x.rest > x.q OR 2 * x.rest = x.q AND x.whole % 2 = 1) THEN 1
  ELSE 0 END)] AS rounded
WITH a, pay, sum(CASE factor WHEN -1 THEN base ELSE 0 END) AS base_before, sum(CASE factor WHEN 1 THEN base ELSE 0 END) AS base_after,
  sum(CASE factor WHEN -1 THEN rounded[0] * $unit_minor ELSE 0 END) AS before,
  sum(CASE factor WHEN 1 THEN rounded[0] * $unit_minor ELSE 0 END) AS after,
  sum(factor * rounded[1]) AS base_minor, sum(CASE factor WHEN 1 THEN rounded[1] ELSE 0 END) AS base_after_minor
SET a.level = pay.level, a.base_before = base_before, a.base_after = base_after, a.base_minor = base_minor, a.base_after_minor = base_after_minor,
  a.before_minor = before, a.after_minor = after
RETURN count(*) AS parts
