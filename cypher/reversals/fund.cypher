// What the orders of a run take together of the fund of a pool of a closed run (`frozen`): the base of the company's orders that the
// pool took there, as in awards/pool_fund, without what runs before (`earlier`) took of it, and without what these orders take; the
// fund is rounded first each time. What other pools left for it stays, but for those whose funds change as well (`feeding`: the names
// of the parts of these, whose rests stand already). Who had no place in the closed run brings nothing. The part stands under a name
// of its own (`fund`), at the place of the earliest of these orders, and is no line. Where nothing changes there is none.
// mode: write
// params: run_id STRING, frozen STRING, month STRING, bonus STRING, fund STRING, feeding LIST<STRING>, earlier LIST<STRING>,
//   window INTEGER, spanned INTEGER, base STRING, kinds LIST<STRING>, categories LIST<STRING>?, marks LIST<LIST>,
//   numerator INTEGER, denominator INTEGER, rounding STRING, unit_minor INTEGER
// rows: one
// returns: parts INTEGER, counted_at DATETIME?, delta INTEGER?, base_before INTEGER?, base_after INTEGER?, base_minor INTEGER?,
//   funds LIST<INTEGER>
// allows: CartesianProduct - one fund beside one sum and beside another
MATCH (f:Fund {run_id: $frozen, bonus: $bonus})
CALL () {
  CALL () {
    MATCH (v:FrozenVolume {run_id: $run_id})
    WHERE v.level >= 0 AND v.window = $window AND v.kind IN $kinds AND ($categories IS NULL OR v.category IN $categories)
      AND all(m IN $marks WHERE coalesce(v.marks[m[0]], false) = m[1])
    WITH v.ids AS ids, v.order_ids AS names, CASE $base WHEN 'cv' THEN v.cv WHEN 'qv' THEN v.qv ELSE v.money_minor END AS amounts
    UNWIND [i IN range(0, size(ids) - 1) WHERE amounts[i] <> 0] AS i
    WITH ids[i] AS k, collect([names[i], amounts[i]]) AS sales
    WITH k / 16384 AS bucket, collect([k, sales]) AS sellers
    CALL (bucket, sellers) {
      CALL (bucket, sellers) {
        UNWIND sellers AS seller
        RETURN seller[0] AS k, seller[1] AS sales
        UNION ALL
        MATCH (t:FrozenTree {run_id: $frozen, bucket: bucket})
        WHERE t.tree = 'sponsor'
        UNWIND t.ids AS k
        RETURN k, null AS sales
      }
      WITH k, collect(sales) AS sales, count(*) AS found
      WHERE size(sales) > 0 AND found > 1
      UNWIND sales[0] AS sale
      RETURN sale
    }
    RETURN sale[0] AS name, sale[1] AS delta, 0 AS added, null AS counted_at
    UNION ALL
    MATCH (d:Due {run_id: $run_id}) WHERE d.frozen = $frozen AND d.window = $spanned
    RETURN d.name AS name, 0 AS delta, 0 AS added, d.counted_at AS counted_at
    UNION ALL
    UNWIND $feeding AS feeding
    MATCH (a:Adjustment {run_id: $run_id})
    WHERE a.frozen = $frozen AND a.bonus = feeding AND a.rest_minor <> 0
    RETURN feeding AS name, 0 AS delta, a.rest_minor AS added, a.counted_at AS counted_at
  }
  WITH name, sum(delta) AS delta, sum(added) AS added, min(counted_at) AS counted_at
  WHERE delta <> 0 OR added <> 0
  RETURN sum(delta) AS delta, sum(added) AS added, min(counted_at) AS counted_at
}
CALL () {
  UNWIND $earlier AS run_id
  MATCH (e:Adjustment {run_id: run_id}) WHERE e.frozen = $frozen AND (e.bonus = $fund OR e.bonus IN $feeding)
  RETURN coalesce(sum(CASE e.bonus WHEN $fund THEN e.delta ELSE 0 END), 0) AS taken,
    coalesce(sum(CASE e.bonus WHEN $fund THEN 0 ELSE e.rest_minor END), 0) AS more
}
WITH f, delta, counted_at, [b IN [f.base + taken, f.base + taken + delta] | {base: b, size: abs(b), q: $denominator}] AS sums,
  [f.added_minor + more, f.added_minor + more + added] AS left
WHERE delta <> 0 OR added <> 0
WITH f, delta, counted_at, left, [x IN sums | {base: x.base, whole: (x.size / x.q) * $numerator, q: x.q,
  part: reduce(t = [0, 0], g IN [$numerator / 1000000, $numerator % 1000000] |
    [t[0] * 1000000 + (t[1] * 1000000 + (x.size % x.q) * g) / x.q, (t[1] * 1000000 + (x.size % x.q) * g) % x.q])}] AS sums
WITH f, delta, counted_at, left, [x IN sums | {base: x.base, whole: x.whole + x.part[0], rest: x.part[1], q: x.q}] AS sums
WITH f, delta, counted_at, sums[0].base AS before, sums[1].base AS after,
  [i IN [0, 1] | left[i] + sign(sums[i].base) * $unit_minor * (sums[i].whole + CASE
    WHEN $rounding = 'half_up' AND 2 * sums[i].rest >= sums[i].q THEN 1
    WHEN $rounding = 'half_even' AND (2 * sums[i].rest > sums[i].q OR 2 * sums[i].rest = sums[i].q AND sums[i].whole % 2 = 1) THEN 1
    ELSE 0 END)] AS funds
CREATE (a:Adjustment {run_id: $run_id, frozen: $frozen, home: $frozen, month: $month, bonus: $fund, partner_id: '', seq: -1, level: 0, class: 0,
  pay: 0, name: 'changes', source_id: '', counted_at: counted_at, delta: delta, was: f.base, base_before: before, base_after: after,
  base_minor: funds[1] - funds[0], before_minor: funds[0], after_minor: funds[1]})
WITH head(collect(a)) AS a
RETURN CASE WHEN a IS NULL THEN 0 ELSE 1 END AS parts, a.counted_at AS counted_at, a.delta AS delta, a.base_before AS base_before,
  a.base_after AS base_after, a.base_minor AS base_minor, [x IN [a.before_minor, a.after_minor] WHERE x IS NOT NULL] AS funds
