// One page of a run's lines in their canonical order, from just after the given line on.
// mode: read
// params: run_id STRING, after_partner STRING, after_bonus STRING, after_level INTEGER, after_class STRING, after_source STRING,
//   limit INTEGER
// rows: packed
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, base INTEGER,
//   base_minor INTEGER, rate_ppm INTEGER?, amount_minor INTEGER, earned_minor INTEGER, cut BOOLEAN,
//   currency STRING, adjusts STRING?
MATCH (e:Earning)
WHERE e.run_id = $run_id AND e.partner_id >= $after_partner
  AND (e.partner_id > $after_partner OR e.bonus > $after_bonus
    OR e.bonus = $after_bonus AND (e.level > $after_level
      OR e.level = $after_level AND (e.class > $after_class OR e.class = $after_class AND e.source_id > $after_source)))
WITH e ORDER BY e.partner_id, e.bonus, e.level, e.class, e.source_id LIMIT $limit
RETURN e.partner_id AS partner_id, e.bonus AS bonus, e.level AS level, e.class AS class, e.source_id AS source_id, e.base AS base,
  e.base_minor AS base_minor, e.rate_ppm AS rate_ppm, e.amount_minor AS amount_minor,
  coalesce(e.earned_minor, e.amount_minor) AS earned_minor, e.cuts IS NOT NULL AS cut, e.currency AS currency, e.adjusts AS adjusts
