// What the period sold in all, in the plan's currency, net of refunds, and from how many order lines.
// mode: read
// params: run_id STRING
// rows: one
// returns: money_minor INTEGER, orders INTEGER
MATCH (f:FrozenVolume)
WHERE f.run_id = $run_id AND f.level >= 0 AND f.window IN [-1, 0]
RETURN coalesce(sum(CASE f.window WHEN 0 THEN reduce(t = 0, x IN f.money_minor | t + x) ELSE 0 END), 0) AS money_minor,
  coalesce(sum(f.sources), 0) AS orders
