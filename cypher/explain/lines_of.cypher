// The lines of some partners in a run, those that limits cut to nothing too, as limits left them; parts of closed lines are none.
// mode: read
// params: run_id STRING, partner_ids LIST<STRING>
// rows: packed
// returns: partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING, amount_minor INTEGER, cuts LIST<INTEGER>?
UNWIND $partner_ids AS partner_id
CALL (partner_id) {
  MATCH (e:Earning {run_id: $run_id, partner_id: partner_id}) WHERE e.adjusts IS NULL
  RETURN e
  UNION ALL
  MATCH (e:CappedLine {run_id: $run_id, partner_id: partner_id})
  RETURN e
}
RETURN partner_id, e.bonus AS bonus, e.level AS level, e.class AS class, e.source_id AS source_id, e.amount_minor AS amount_minor,
  e.cuts AS cuts
