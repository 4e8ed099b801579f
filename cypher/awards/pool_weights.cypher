// Who shares a pool and how much all their shares weigh together: all the qualified, or the first of them by the order that the
// plan names (first > 0), whose ids then stand on the fund by place. A weight is the first pick whose condition holds, or the
// metric up to its limit; by place it is the place's part. An order is [metric, sign], the smallest first; ids settle ties.
// mode: write
// params: run_id STRING, bonus STRING, numbers INTEGER, conditions INTEGER, qualified INTEGER, picks LIST<LIST>, metric INTEGER,
//   limit INTEGER?, places LIST<INTEGER>, order LIST<LIST>, first INTEGER, rest STRING
// rows: one
// returns: weights INTEGER, payees INTEGER
// allows: CartesianProduct - one row beside one row
CALL () {
  MATCH (s:Standing) WHERE $first = 0 AND s.run_id = $run_id AND s.level >= 0
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])] AS i
  WITH CASE WHEN $metric >= 0
    THEN CASE WHEN metrics[i * $numbers + $metric] > $limit THEN $limit ELSE metrics[i * $numbers + $metric] END
    ELSE head([p IN $picks WHERE p[0] < 0 OR holds[i * $conditions + p[0]]])[1] END AS weight
  WHERE weight > 0
  RETURN coalesce(sum(weight), 0) AS everybody, count(*) AS qualified
}
CALL () {
  MATCH (s:Standing) WHERE ($first > 0 OR $rest = 'first') AND s.run_id = $run_id AND s.level >= 0
  WITH s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])] AS i
  WITH ids[i] AS k, [o IN $order | o[1] * metrics[i * $numbers + o[0]]] AS key, CASE WHEN $metric >= 0
    THEN CASE WHEN metrics[i * $numbers + $metric] > $limit THEN $limit ELSE metrics[i * $numbers + $metric] END
    ELSE head([p IN $picks WHERE p[0] < 0 OR holds[i * $conditions + p[0]]])[1] END AS weight
  WHERE weight > 0
  MATCH (p:Partner {seq: k})
  WITH k, weight, key, p.id AS id ORDER BY key, id
  LIMIT CASE WHEN $first > 0 THEN $first ELSE 1 END
  RETURN collect([k, weight]) AS chosen
}
MATCH (f:Fund {run_id: $run_id}) WHERE f.bonus = $bonus
SET f.first = coalesce(chosen[0][0], -1), f.ids = CASE WHEN $first > 0 THEN [c IN chosen | c[0]] ELSE [] END,
  f.weights = CASE WHEN $places <> [] THEN 1000000 WHEN $first > 0 THEN reduce(t = 0, c IN chosen | t + c[1]) ELSE everybody END
RETURN f.weights AS weights, CASE WHEN $first > 0 THEN size(chosen) ELSE qualified END AS payees
