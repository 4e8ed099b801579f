// What the bonuses of a run earned, by step, before anything was cut, held or deducted; not what an earlier period earned and this
// one released; nor what it takes of closed lines.
// mode: read
// params: run_id STRING, period STRING
// rows: many
// returns: bonus STRING, level INTEGER, lines INTEGER, base_minor INTEGER, earned_minor INTEGER
CALL () {
  MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.adjusts IS NULL AND NOT e.source_id STARTS WITH 'held '
  RETURN e
  UNION ALL
  MATCH (e:CappedLine) WHERE e.run_id = $run_id AND e.partner_id >= '' AND NOT e.source_id STARTS WITH 'held '
  RETURN e
  UNION ALL
  MATCH (e:HeldLine) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.held_from = $period
  RETURN e
}
RETURN e.bonus AS bonus, e.level AS level, count(*) AS lines, sum(e.base_minor) AS base_minor,
  sum(coalesce(e.earned_minor, e.amount_minor)) AS earned_minor
ORDER BY bonus, level
