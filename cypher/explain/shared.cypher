// What everybody but one partner earned by a bonus in a run, before caps and whether or not it waits.
// mode: read
// params: run_id STRING, bonus STRING, partner_id STRING, period STRING
// rows: one
// returns: earned_minor INTEGER
CALL () {
  MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus = $bonus AND e.adjusts IS NULL
    AND NOT e.source_id STARTS WITH 'held '
  RETURN e.partner_id AS partner_id, e.earned_minor AS earned
  UNION ALL
  MATCH (c:CappedLine) WHERE c.run_id = $run_id AND c.partner_id >= '' AND c.bonus = $bonus AND NOT c.source_id STARTS WITH 'held '
  RETURN c.partner_id AS partner_id, c.earned_minor AS earned
  UNION ALL
  MATCH (h:HeldLine) WHERE h.run_id = $run_id AND h.partner_id >= '' AND h.bonus = $bonus AND h.held_from = $period
  RETURN h.partner_id AS partner_id, h.earned_minor AS earned
}
WITH partner_id, earned WHERE partner_id <> $partner_id
RETURN coalesce(sum(earned), 0) AS earned_minor
