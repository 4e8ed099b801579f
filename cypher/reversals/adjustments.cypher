// What a run took of closed lines, of one partner or of all, in the order in which the parts are taken.
// mode: read
// params: run_id STRING, partner_id STRING?
// rows: packed
// returns: frozen STRING, home STRING, month STRING, bonus STRING, partner_id STRING, level INTEGER, class INTEGER, pay INTEGER, name STRING,
//   source_id STRING, shared_by INTEGER, delta INTEGER, was INTEGER, base_before INTEGER, base_after INTEGER, before_minor INTEGER, after_minor INTEGER
MATCH (a:Adjustment {run_id: $run_id})
WHERE $partner_id IS NULL OR a.partner_id = $partner_id
WITH a ORDER BY a.counted_at, a.name, a.source_id
RETURN a.frozen AS frozen, a.home AS home, a.month AS month, a.bonus AS bonus, a.partner_id AS partner_id, a.level AS level, a.class AS class,
  a.pay AS pay, a.name AS name, a.source_id AS source_id, coalesce(a.shared_by, 1) AS shared_by, a.delta AS delta, a.was AS was, a.base_before AS base_before,
  a.base_after AS base_after, a.before_minor AS before_minor, a.after_minor AS after_minor
