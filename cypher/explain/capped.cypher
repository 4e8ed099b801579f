// The lines of a run that limits cut to nothing.
// mode: read
// params: run_id STRING
// rows: packed
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, earned_minor INTEGER
MATCH (c:CappedLine)
WHERE c.run_id = $run_id AND c.partner_id >= ''
RETURN c.partner_id AS partner_id, c.bonus AS bonus, c.level AS level, c.class AS class, c.source_id AS source_id,
  c.earned_minor AS earned_minor
