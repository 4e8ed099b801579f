// What became of the lines of one partner in one bonus of a run: paid, held (until a condition is met) or capped (cut to nothing).
// mode: read
// params: run_id STRING, partner_id STRING, bonus STRING
// rows: many
// returns: fate STRING, level INTEGER, class STRING, source_id STRING, base INTEGER?, amount_minor INTEGER, earned_minor INTEGER,
//   cuts LIST<INTEGER>?, held_from STRING?, left INTEGER?
CALL () {
  MATCH (e:Earning {run_id: $run_id, partner_id: $partner_id}) WHERE e.bonus = $bonus AND e.adjusts IS NULL
  RETURN 'paid' AS fate, e.level AS level, e.class AS class, e.source_id AS source_id, e.base AS base,
    e.amount_minor AS amount_minor, e.earned_minor AS earned_minor, e.cuts AS cuts, null AS held_from, null AS left
  UNION ALL
  MATCH (h:HeldLine {run_id: $run_id, partner_id: $partner_id}) WHERE h.bonus = $bonus AND h.amount_minor <> 0
  RETURN 'held' AS fate, h.level AS level, h.class AS class, h.source_id AS source_id, h.base AS base,
    h.amount_minor AS amount_minor, h.earned_minor AS earned_minor, null AS cuts, h.held_from AS held_from, h.left AS left
  UNION ALL
  MATCH (c:CappedLine {run_id: $run_id, partner_id: $partner_id}) WHERE c.bonus = $bonus
  RETURN 'capped' AS fate, c.level AS level, c.class AS class, c.source_id AS source_id, c.base AS base,
    c.amount_minor AS amount_minor, c.earned_minor AS earned_minor, c.cuts AS cuts, null AS held_from, null AS left
}
RETURN fate, level, class, source_id, base, amount_minor, earned_minor, cuts, held_from, left
ORDER BY level, class, source_id, held_from
