// The whole base of a bonus: what all its sources sold, whoever took it.
// mode: read
// params: run_id STRING, base STRING, kinds LIST<STRING>, categories LIST<STRING>?
// rows: one
// returns: base INTEGER
MATCH (f:FrozenVolume)
WHERE f.run_id = $run_id AND f.level >= 0 AND f.window = 0 AND f.kind IN $kinds
  AND ($categories IS NULL OR f.category IN $categories)
WITH CASE $base WHEN 'cv' THEN f.cv WHEN 'qv' THEN f.qv ELSE f.money_minor END AS own
RETURN coalesce(sum(reduce(t = 0, x IN own | t + x)), 0) AS base
