// Lines of a run that take or post an order's part of closed lines; `names` say what becomes of it, and the order.
// mode: read
// params: run_id STRING, names LIST<STRING>
// rows: many
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, amount_minor INTEGER, currency STRING
MATCH (a:Adjustment {run_id: $run_id})
WHERE a.name IN $names
WITH DISTINCT a.partner_id AS partner_id, a.bonus AS bonus
MATCH (e:Earning {run_id: $run_id, partner_id: partner_id})
WHERE e.adjusts IS NOT NULL AND any(name IN $names WHERE e.source_id STARTS WITH name + ' ' OR e.source_id STARTS WITH name + '/')
RETURN DISTINCT e.partner_id AS partner_id, e.bonus AS bonus, e.level AS level, e.class AS class, e.source_id AS source_id,
  e.amount_minor AS amount_minor, e.currency AS currency
ORDER BY partner_id, bonus, level, class, source_id
