// Lines of a bonus that a run computed and that are no earnings of it: what limits cut to nothing, and what waits since this period.
// mode: read
// params: run_id STRING, bonus STRING, period STRING
// rows: packed
// returns: partner_id STRING, level INTEGER, class STRING, source_id STRING, earned_minor INTEGER
CALL () {
  MATCH (e:CappedLine) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus = $bonus
  RETURN e
  UNION ALL
  MATCH (e:HeldLine) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus = $bonus AND e.held_from = $period
  RETURN e
}
RETURN e.partner_id AS partner_id, e.level AS level, e.class AS class, e.source_id AS source_id, e.earned_minor AS earned_minor
