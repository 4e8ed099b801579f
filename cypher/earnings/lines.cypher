// One page of a run's lines in their canonical order, from just after the given line on. Ordered by the whole index and asked for in one
// condition: then a page reads itself and no more, else every page would read all that is left.
// mode: read
// params: run_id STRING, after_partner STRING, after_bonus STRING, after_level INTEGER, after_class STRING, after_source STRING,
//   limit INTEGER
// rows: packed
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, base INTEGER,
//   base_minor INTEGER, rate_ppm INTEGER?, amount_minor INTEGER, earned_minor INTEGER, cut BOOLEAN,
//   currency STRING, adjusts STRING?
MATCH (e:Earning)
WHERE e.run_id = $run_id AND e.partner_id >= $after_partner
  AND CASE WHEN e.partner_id > $after_partner THEN true
    WHEN e.bonus <> $after_bonus THEN e.bonus > $after_bonus
    WHEN e.level <> $after_level THEN e.level > $after_level
    WHEN e.class <> $after_class THEN e.class > $after_class
    ELSE e.source_id > $after_source END
WITH e ORDER BY e.run_id, e.partner_id, e.bonus, e.level, e.class, e.source_id LIMIT $limit
RETURN e.partner_id AS partner_id, e.bonus AS bonus, e.level AS level, e.class AS class, e.source_id AS source_id, e.base AS base,
  e.base_minor AS base_minor, e.rate_ppm AS rate_ppm, e.amount_minor AS amount_minor,
  coalesce(e.earned_minor, e.amount_minor) AS earned_minor, e.cuts IS NOT NULL AS cut, e.currency AS currency, e.adjusts AS adjusts
