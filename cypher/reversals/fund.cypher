// What each order takes of the fund of a pool of a closed run (`frozen`), one after another by date and id: the base of the company's
// orders that the pool took there, as in awards/pool_fund, without what runs before (`earlier`) took of it; the fund is rounded
// first each time. What other pools left for it stays, but for those whose funds change as well (`feeding`: the names of the parts of
// these, whose rests stand already): an order may change a fund by what it sold for it, by what it changes of such a rest, or by both.
// Who had no place in the closed run brings nothing. These parts stand under a name of their own (`fund`) and are no lines.
// mode: write
// params: run_id STRING, frozen STRING, month STRING, bonus STRING, fund STRING, feeding LIST<STRING>, earlier LIST<STRING>,
//   window INTEGER, spanned INTEGER, base STRING, kinds LIST<STRING>, categories LIST<STRING>?, marks LIST<LIST>,
//   numerator INTEGER, denominator INTEGER, rounding STRING, unit_minor INTEGER
// rows: one
// returns: parts INTEGER
// allows: CartesianProduct - one fund beside its parts and beside one sum
MATCH (f:Fund {run_id: $frozen, bonus: $bonus})
CALL () {
  CALL () {
    MATCH (v:FrozenVolume {run_id: $run_id})
    WHERE v.level >= 0 AND v.window = $window AND v.kind IN $kinds AND ($categories IS NULL OR v.category IN $categories)
      AND all(m IN $marks WHERE coalesce(v.marks[m[0]], false) = m[1])
    WITH v.ids AS ids, v.order_ids AS names, CASE $base WHEN 'cv' THEN v.cv WHEN 'qv' THEN v.qv ELSE v.money_minor END AS amounts
    UNWIND [i IN range(0, size(ids) - 1) WHERE amounts[i] <> 0] AS i
    WITH ids[i] AS k, collect([names[i], amounts[i]]) AS sales
    MATCH (t:FrozenTree {run_id: $frozen, bucket: k / 16384})
    WHERE t.tree = 'sponsor' AND k IN t.ids
    UNWIND sales AS sale
    WITH sale[0] AS name, sum(sale[1]) AS delta
    WHERE delta <> 0
    MATCH (d:Due {run_id: $run_id}) WHERE d.frozen = $frozen AND d.window = $spanned AND d.name = name
    RETURN name, delta, 0 AS added, min(d.counted_at) AS counted_at
    UNION ALL
    UNWIND $feeding AS feeding
    MATCH (a:Adjustment {run_id: $run_id})
    WHERE a.frozen = $frozen AND a.bonus = feeding AND a.rest_minor <> 0
    RETURN a.name AS name, 0 AS delta, a.rest_minor AS added, a.counted_at AS counted_at
  }
  WITH name, sum(delta) AS delta, sum(added) AS added, min(counted_at) AS counted_at
  WHERE delta <> 0 OR added <> 0
  ORDER BY counted_at, name
  RETURN collect({name: name, delta: delta, added: added, counted_at: counted_at}) AS parts
}
CALL () {
  UNWIND $earlier AS run_id
  MATCH (e:Adjustment {run_id: run_id}) WHERE e.frozen = $frozen AND (e.bonus = $fund OR e.bonus IN $feeding)
  RETURN coalesce(sum(CASE e.bonus WHEN $fund THEN e.delta ELSE 0 END), 0) AS taken,
    coalesce(sum(CASE e.bonus WHEN $fund THEN 0 ELSE e.rest_minor END), 0) AS more
}
WITH f, parts, reduce(run = [f.base + taken], part IN parts | run + (run[-1] + part.delta)) AS bases,
  reduce(run = [f.added_minor + more], part IN parts | run + (run[-1] + part.added)) AS added
WITH f, parts, bases, added, [b IN bases | {base: b, size: abs(b), q: $denominator}] AS sums
WITH f, parts, bases, added, [x IN sums | {base: x.base, whole: (x.size / x.q) * $numerator, q: x.q,
  part: reduce(t = [0, 0], g IN [$numerator / 1000000, $numerator % 1000000] |
    [t[0] * 1000000 + (t[1] * 1000000 + (x.size % x.q) * g) / x.q, (t[1] * 1000000 + (x.size % x.q) * g) % x.q])}] AS sums
WITH f, parts, bases, added, [x IN sums | {base: x.base, whole: x.whole + x.part[0], rest: x.part[1], q: x.q}] AS sums
WITH f, parts, bases, added, [x IN sums | sign(x.base) * $unit_minor * (x.whole + CASE
  WHEN $rounding = 'half_up' AND 2 * x.rest >= x.q THEN 1
  WHEN $rounding = 'half_even' AND (2 * x.rest > x.q OR 2 * x.rest = x.q AND x.whole % 2 = 1) THEN 1
  ELSE 0 END)] AS funds
WITH f, parts, bases, added, [i IN range(0, size(parts)) | added[i] + funds[i]] AS funds
UNWIND range(0, size(parts) - 1) AS i
CREATE (:Adjustment {run_id: $run_id, frozen: $frozen, home: $frozen, month: $month, bonus: $fund, partner_id: '', seq: -1, level: 0, class: 0,
  pay: 0, name: parts[i].name, source_id: '', counted_at: parts[i].counted_at, delta: parts[i].delta,
  was: CASE i WHEN 0 THEN f.base ELSE 0 END, base_before: bases[i], base_after: bases[i + 1],
  base_minor: funds[i + 1] - funds[i], before_minor: funds[i], after_minor: funds[i + 1]})
RETURN count(*) AS parts
