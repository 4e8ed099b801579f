// The shares of a pool of a closed run (`frozen`) before and after what a run takes of its fund (`funds`, and of what was sold:
// reversals/fund), a bucket of partners at a time: one part a share, whatever orders are behind it. Who shares, at which place and
// weight is as it was there; rounding as in awards/pool, and the rest joins the share of the first where the plan
// says so: `weights` tell how many shared at each weight, [weight, partners], where that is asked for.
// mode: write
// params: run_id STRING, frozen STRING, month STRING, bonus STRING, bucket INTEGER, numbers INTEGER,
//   conditions INTEGER, qualified INTEGER, picks LIST<LIST>, metric INTEGER, limit INTEGER?, places LIST<INTEGER>, first INTEGER,
//   at_point BOOLEAN, point INTEGER, weights LIST<LIST>, rest STRING, digits LIST<INTEGER>, unit_minor INTEGER,
//   counted_at DATETIME, delta INTEGER, base_before INTEGER, base_after INTEGER, base_minor INTEGER, funds LIST<INTEGER>
// rows: one
// returns: parts INTEGER
MATCH (f:Fund {run_id: $frozen, bonus: $bonus})
WITH f.weights AS total, f.ids AS chosen, f.first AS leader
WHERE total > 0
CALL (chosen) {
  MATCH (s:Standing {run_id: $frozen, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])] AS i
  RETURN ids[i] AS k, null AS place, CASE WHEN $metric >= 0
    THEN CASE WHEN metrics[i * $numbers + $metric] > $limit THEN $limit ELSE metrics[i * $numbers + $metric] END
    ELSE head([p IN $picks WHERE p[0] < 0 OR holds[i * $conditions + p[0]]])[1] END AS weight
  UNION ALL
  WITH chosen
  UNWIND range(0, size(chosen) - 1) AS j
  WITH chosen[j] AS k, j WHERE k / 16384 = $bucket
  RETURN k, j AS place, null AS weight
}
WITH total, leader, k, max(place) AS place, max(weight) AS weight
WHERE weight > 0 AND ($first = 0 OR place IS NOT NULL)
WITH total, k, CASE WHEN $places = [] THEN 1 ELSE place + 1 END AS level, $rest = 'first' AND k = leader AS leads,
  CASE WHEN $places = [] THEN weight ELSE $places[place] END AS weight
WITH k, level, leads, total, CASE WHEN leads THEN [weight] + [w IN $weights | w[0]] ELSE [weight] END AS weights,
  [x IN $funds | CASE WHEN x > 0 THEN x / $unit_minor ELSE 0 END] AS funds
WITH k, level, leads, weights, total, [x IN funds | {fund: x, parts: [d IN $digits | (x / d) % 100]}] AS funds
WITH k, level, leads, weights, total, [x IN funds | {fund: x.fund, parts: x.parts, point: reduce(t = [0, 0], g IN x.parts |
  [t[0] * 100 + (t[1] * 100 + $point * g) / total, (t[1] * 100 + $point * g) % total])[0]}] AS funds
WITH k, level, leads, [x IN funds | {fund: x.fund, shares: [w IN weights | CASE WHEN $at_point AND $places = [] THEN
    (x.point / $point) * w + ((x.point % $point) * w) / $point
  ELSE reduce(t = [0, 0], g IN x.parts | [t[0] * 100 + (t[1] * 100 + w * g) / total, (t[1] * 100 + w * g) % total])[0] END]}]
  AS funds
WITH k, level, [x IN funds | $unit_minor * (x.shares[0] + CASE WHEN leads THEN coll.max([0, x.fund
  - reduce(t = 0, i IN range(1, size(x.shares) - 1) | t + x.shares[i] * $weights[i - 1][1])]) ELSE 0 END)] AS shares
WHERE shares[0] <> shares[1]
MATCH (p:Partner {seq: k})
CREATE (:Adjustment {run_id: $run_id, frozen: $frozen, home: $frozen, month: $month, bonus: $bonus, partner_id: p.id, seq: k, level: level,
  class: 0, pay: 0, name: 'changes', source_id: '', counted_at: $counted_at, delta: $delta, was: 0, base_before: $base_before,
  base_after: $base_after, base_minor: $base_minor, before_minor: shares[0], after_minor: shares[1]})
RETURN count(*) AS parts
