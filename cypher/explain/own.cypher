// What a partner's own PV of a window (0 is the period) was in a run, by each of its numbers.
// mode: read
// params: run_id STRING, seq INTEGER, window INTEGER
// rows: one
// returns: qv INTEGER, cv INTEGER, money INTEGER
MATCH (v:FrozenVolume {run_id: $run_id, bucket: $seq / 16384})
WHERE v.window = $window AND NOT coalesce(v.reversed, false)
WITH v, [i IN range(0, size(v.ids) - 1) WHERE v.ids[i] = $seq] AS at
RETURN coalesce(sum(reduce(t = 0, i IN at | t + v.qv[i])), 0) AS qv, coalesce(sum(reduce(t = 0, i IN at | t + v.cv[i])), 0) AS cv,
  coalesce(sum(reduce(t = 0, i IN at | t + v.money_minor[i])), 0) AS money
