// The lines of a goal that a group reached together, a bucket of partners at a time: the first pick whose condition holds, to
// every qualified partner of the team, or of the company where nobody leads it.
// mode: write
// params: run_id STRING, bonus STRING, bucket INTEGER, conditions INTEGER, qualified INTEGER, leader STRING, goal INTEGER,
//   picks LIST<LIST>, currency STRING
// rows: one
// returns: lines INTEGER
// allows: CartesianProduct - one fund beside the partners of one bucket
MATCH (f:Fund {run_id: $run_id, bonus: $bonus})
WHERE f.base >= $goal
WITH f.base AS reached
CALL () {
  MATCH (s:Standing {run_id: $run_id, bucket: $bucket})
  WITH s.ids AS ids, s.active AS active, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])] AS i
  RETURN ids[i] AS k, head([p IN $picks WHERE p[0] < 0 OR holds[i * $conditions + p[0]]])[1] AS amount, $leader = '' AS inside
  UNION ALL
  MATCH (m:TeamMembers {run_id: $run_id, bonus: $bonus, bucket: $bucket})
  UNWIND m.ids AS k
  RETURN k, null AS amount, true AS inside
}
WITH reached, k, max(amount) AS amount, max(inside) AS inside
WHERE inside AND amount <> 0
MATCH (p:Partner {seq: k})
CREATE (:Earning {run_id: $run_id, partner_id: p.id, bonus: $bonus, level: 1, class: '', source_id: '', base: reached,
  base_minor: 0, rate_ppm: null, amount_minor: amount, earned_minor: amount, currency: $currency})
RETURN count(*) AS lines
