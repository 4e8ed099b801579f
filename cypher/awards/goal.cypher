// What a group sold together in the period or in a span, kept as the base of a fund: all the company's QV as it was sold
// (in `window`), or the TV (of window `summed`) of the partner who leads the team; a team also begins here, with its leader at its level (-1 where
// there is none).
// mode: write
// params: run_id STRING, bonus STRING, leader STRING, window INTEGER, summed INTEGER, windows INTEGER
// rows: one
// returns: reached INTEGER, level INTEGER
CALL () {
  WITH $leader AS leader WHERE leader = ''
  MATCH (f:FrozenVolume) WHERE f.run_id = $run_id AND f.level >= 0 AND f.window = $window
  RETURN sum(reduce(t = 0, x IN f.qv | t + x)) AS sold, -1 AS level, -1 AS k
  UNION ALL
  MATCH (p:Partner {id: $leader})
  MATCH (s:Standing {run_id: $run_id, bucket: p.seq / 16384})
  WITH p.seq AS k, s.level AS level, s.sums AS sums, coll.indexOf(s.ids, p.seq) AS at
  WHERE at >= 0
  RETURN sums[at * $windows + $summed] AS sold, level, k
}
WITH coalesce(sum(sold), 0) AS reached, coalesce(max(level), -1) AS level, coalesce(max(k), -1) AS k
CREATE (:Fund {run_id: $run_id, bonus: $bonus, base: reached, own_minor: 0, added_minor: 0, fund_minor: 0, next_fund: '',
  rest_minor: 0, weights: 0, first: k, ids: []})
FOREACH (_ IN CASE WHEN k < 0 THEN [] ELSE [1] END |
  CREATE (:TeamMembers {run_id: $run_id, bonus: $bonus, level: level, bucket: k / 16384, ids: [k]}))
RETURN reached, level
