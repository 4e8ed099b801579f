// The lines of one partner in a run.
// mode: read
// params: run_id STRING, partner_id STRING
// rows: packed
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, base INTEGER,
//   base_minor INTEGER, rate_ppm INTEGER?, amount_minor INTEGER, earned_minor INTEGER, currency STRING, adjusts STRING?
MATCH (e:Earning)
WHERE e.run_id = $run_id AND e.partner_id = $partner_id
WITH e ORDER BY e.bonus, e.level, e.class, e.source_id
RETURN e.partner_id AS partner_id, e.bonus AS bonus, e.level AS level, e.class AS class, e.source_id AS source_id, e.base AS base,
  e.base_minor AS base_minor, e.rate_ppm AS rate_ppm, e.amount_minor AS amount_minor,
  coalesce(e.earned_minor, e.amount_minor) AS earned_minor, e.currency AS currency, e.adjusts AS adjusts
