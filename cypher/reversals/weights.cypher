// How many shared a pool in a closed run at each weight, by the rules of awards/pool_weights; where shares go by place, its places.
// mode: read
// params: run_id STRING, bonus STRING, conditions INTEGER, numbers INTEGER, qualified INTEGER, picks LIST<LIST>, metric INTEGER,
//   limit INTEGER?, places LIST<INTEGER>, first INTEGER
// rows: many
// returns: weight INTEGER, partners INTEGER
MATCH (f:Fund {run_id: $run_id, bonus: $bonus})
WITH f.ids AS chosen
CALL (chosen) {
  WITH chosen WHERE $places <> []
  UNWIND range(0, size(chosen) - 1) AS i
  RETURN $places[i] AS weight
  UNION ALL
  MATCH (s:Standing) WHERE $places = [] AND s.run_id = $run_id AND s.level >= 0
  WITH chosen, s.ids AS ids, s.active AS active, s.metrics AS metrics, s.holds AS holds
  UNWIND [i IN range(0, size(ids) - 1) WHERE active[i] AND ($qualified < 0 OR holds[i * $conditions + $qualified])
    AND ($first = 0 OR ids[i] IN chosen)] AS i
  RETURN CASE WHEN $metric >= 0
    THEN CASE WHEN metrics[i * $numbers + $metric] > $limit THEN $limit ELSE metrics[i * $numbers + $metric] END
    ELSE head([p IN $picks WHERE p[0] < 0 OR holds[i * $conditions + p[0]]])[1] END AS weight
}
WITH weight WHERE weight > 0
RETURN weight, count(*) AS partners
ORDER BY weight
