// The lines that a run made and does not pay: those that wait since this period, and those that limits cut to nothing.
// mode: read
// params: run_id STRING, period STRING
// rows: packed
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, earned_minor INTEGER
CALL () {
  MATCH (h:HeldLine) WHERE h.run_id = $run_id AND h.partner_id >= '' AND h.held_from = $period
  RETURN h.partner_id AS partner_id, h.bonus AS bonus, h.level AS level, h.class AS class, h.source_id AS source_id,
    h.earned_minor AS earned_minor
  UNION ALL
  MATCH (c:CappedLine) WHERE c.run_id = $run_id AND c.partner_id >= ''
  RETURN c.partner_id AS partner_id, c.bonus AS bonus, c.level AS level, c.class AS class, c.source_id AS source_id,
    c.earned_minor AS earned_minor
}
RETURN partner_id, bonus, level, class, source_id, earned_minor
