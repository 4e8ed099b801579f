// The lines of a bonus that makes a line of every order: the chains say who is paid, and by which code, for what arrives at its
// seller in each state of `starts`; the source rows say what each order line brought. The arithmetic is that of write_steps.
// mode: write
// params: run_id STRING, bonus STRING, source STRING, starts LIST<INTEGER>, level_from INTEGER, level_to INTEGER,
//   states INTEGER, classes LIST<STRING>, pays LIST<MAP>, value_numerator INTEGER, value_denominator INTEGER, unit_minor INTEGER,
//   rounding STRING, currency STRING
// rows: one
// returns: lines INTEGER
UNWIND range($level_from, $level_to, -1) AS d
CALL (d) {
  CALL (d) {
    MATCH (s:Source {run_id: $run_id, source: $source, level: d})
    WITH s.ids AS ids, s.classes AS classes, s.amounts AS amounts, s.order_ids AS order_ids, s.lines AS lines
    UNWIND range(0, size(ids) - 1) AS i
    UNWIND $starts AS state
    RETURN ids[i] AS k, classes[i] * $states + state AS state, [order_ids[i] + '/' + lines[i], classes[i], amounts[i]] AS sale,
      null AS payment
    UNION ALL
    MATCH (c:PayeeChain {run_id: $run_id, bonus: $bonus, level: d})
    WITH c.ids AS ids, c.states AS states, c.payees AS payees, c.pays AS pays
    UNWIND range(0, size(ids) - 1) AS i
    RETURN ids[i] AS k, states[i] AS state, null AS sale, [payees[i], pays[i]] AS payment
  }
  WITH k, state, collect(sale) AS sales, collect(payment) AS payments
  UNWIND sales AS sale
  UNWIND payments AS payment
  RETURN payment[0] AS payee, sale[0] AS source_id, sale[1] AS class, payment[1] AS pay, sale[2] AS amount
}
WITH payee, class, source_id, pay, sum(amount) AS base
WHERE base <> 0
MATCH (p:Partner {seq: payee})
WITH p.id AS partner_id, class, pay, source_id, base
WITH partner_id, $classes[class] AS class, head([p IN $pays[pay - 1..pay] |
  {level: p.level, rate_ppm: p.rate_ppm, slices: p.slices, denominator: p.denominator}]) AS pay, source_id, base
WITH partner_id, class, pay, source_id, base, [s IN pay.slices WHERE s[0] IS NULL OR abs(base) > s[0] |
    [CASE WHEN s[0] IS NULL THEN base WHEN s[1] IS NULL OR abs(base) < s[1] THEN abs(base) - s[0] ELSE s[1] - s[0] END,
      s[2]]] AS cut
WITH partner_id, class, pay, source_id, base, [x IN [[cut, pay.denominator], [[[base, $value_numerator]], $value_denominator]] |
  {q: x[1], parts: [c IN x[0] | {whole: (abs(c[0]) / x[1]) * c[1], rest: abs(c[0]) % x[1], p: c[1]}]}] AS sums
WITH partner_id, class, pay, source_id, base, [x IN sums | {q: x.q, parts: [c IN x.parts | {p: c.p, rest: c.rest,
  whole: c.whole + ((c.rest * (c.p / 1000000)) / x.q) * 1000000, high: (c.rest * (c.p / 1000000)) % x.q}]}] AS sums
WITH partner_id, class, pay, source_id, base, [x IN sums | {q: x.q,
  whole: reduce(t = 0, c IN x.parts | t + c.whole + (c.high * 1000000 + c.rest * (c.p % 1000000)) / x.q),
  rest: reduce(t = 0, c IN x.parts | t + (c.high * 1000000 + c.rest * (c.p % 1000000)) % x.q)}] AS sums
WITH partner_id, class, pay, source_id, base, [x IN sums | {q: x.q, whole: x.whole + x.rest / x.q, rest: x.rest % x.q}] AS sums
WITH partner_id, class, pay, source_id, base, [x IN sums | sign(base) * (x.whole + CASE
  WHEN $rounding = 'half_up' AND 2 * x.rest >= x.q THEN 1
  WHEN $rounding = 'half_even' AND (2 * x.rest > x.q OR 2 * x.rest = x.q AND x.whole % 2 = 1) THEN 1
  ELSE 0 END)] AS rounded
WHERE rounded[0] <> 0
CREATE (:Earning {run_id: $run_id, partner_id: partner_id, bonus: $bonus, level: pay.level, class: class, source_id: source_id,
  base: base, base_minor: rounded[1], rate_ppm: pay.rate_ppm, amount_minor: rounded[0] * $unit_minor,
  earned_minor: rounded[0] * $unit_minor, currency: $currency})
RETURN count(*) AS lines
