// Partners of a bucket who sold otherwise in one run than in the other. windows are the one that each run has for what was sold
// in its period, net of refunds.
// mode: read
// params: runs LIST<STRING>, windows LIST<INTEGER>, bucket INTEGER
// rows: packed
// returns: seq INTEGER, partner_id STRING
UNWIND [0, 1] AS n
MATCH (f:FrozenVolume {run_id: $runs[n], bucket: $bucket})
WHERE f.window = $windows[n]
UNWIND range(0, size(f.ids) - 1) AS i
WITH f.ids[i] AS k, CASE n WHEN 0 THEN -1 ELSE 1 END AS sign, f.qv[i] AS qv, f.cv[i] AS cv, f.money_minor[i] AS money
WITH k, sum(sign * qv) AS qv, sum(sign * cv) AS cv, sum(sign * money) AS money
WHERE qv <> 0 OR cv <> 0 OR money <> 0
MATCH (p:Partner {seq: k})
WITH k AS seq, p.id AS partner_id ORDER BY seq
RETURN seq, partner_id
