// The most that a run made of some bonuses before limits cut anything: on a line, of one bonus for a partner, of all of them for a
// partner, and for the company; and the company's CV of the period as it was sold (in `window`). Lines that wait are not made, nor are
// what the run takes of closed lines.
// mode: read
// params: run_id STRING, bonuses LIST<STRING>, window INTEGER
// rows: one
// returns: line_minor INTEGER, partner_bonus_minor INTEGER, partner_minor INTEGER, company_minor INTEGER, cv INTEGER
// allows: CartesianProduct - one row beside one row
CALL () {
  CALL () {
    MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus IN $bonuses AND e.adjusts IS NULL
    RETURN e
    UNION ALL
    MATCH (e:CappedLine) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.bonus IN $bonuses
    RETURN e
  }
  WITH e.partner_id AS partner_id, e.bonus AS bonus, max(e.earned_minor) AS line, sum(e.earned_minor) AS earned
  WITH partner_id, max(line) AS line, max(earned) AS most, sum(earned) AS earned
  RETURN coalesce(max(line), 0) AS line_minor, coalesce(max(most), 0) AS partner_bonus_minor,
    coalesce(max(earned), 0) AS partner_minor, coalesce(sum(earned), 0) AS company_minor
}
CALL () {
  MATCH (f:FrozenVolume) WHERE f.run_id = $run_id AND f.level >= 0 AND f.window = $window AND NOT coalesce(f.reversed, false)
  RETURN coalesce(sum(reduce(t = 0, x IN f.cv | t + x)), 0) AS cv
}
RETURN line_minor, partner_bonus_minor, partner_minor, company_minor, cv
