// What a partner's enroller earned by the bonuses that are matched down, and by how many of its frontline that is shared. A limit
// that ran later had not cut these lines yet.
// mode: read
// params: run_id STRING, bonus STRING, sponsor INTEGER, reads LIST<MAP>, later LIST<INTEGER>
// rows: maybe
// returns: partner_id STRING, amount_minor INTEGER, lines INTEGER, payees INTEGER
// allows: CartesianProduct - one row beside one row
MATCH (s:Partner {seq: $sponsor})
CALL () {
  MATCH (f:Frontline {run_id: $run_id, bonus: $bonus, bucket: $sponsor / 16384})
  RETURN coalesce(sum(size([x IN f.sponsors WHERE x = $sponsor])), 0) AS payees
}
CALL (s) {
  CALL (s) {
    UNWIND $reads AS read
    MATCH (e:Earning {run_id: read.run_id, partner_id: s.id}) WHERE e.bonus IN read.bonuses
      AND (e.adjusts IS NULL OR read.parts IS NULL OR e.adjusts IN read.parts)
    RETURN e, CASE WHEN read.is_own THEN $later ELSE [] END AS later
    UNION ALL
    UNWIND [r IN $reads WHERE r.is_own] AS read
    MATCH (e:CappedLine {run_id: read.run_id, partner_id: s.id}) WHERE e.bonus IN read.bonuses
      AND any(j IN range(0, coalesce(size(e.cuts), 0) - 2, 2) WHERE e.cuts[j] IN $later)
    RETURN e, $later AS later
  }
  WITH coalesce(head([j IN range(0, coalesce(size(e.cuts), 0) - 2, 2) WHERE e.cuts[j] IN later | e.cuts[j + 1]]),
    e.amount_minor) AS amount
  RETURN coalesce(sum(amount), 0) AS amount_minor, count(amount) AS lines
}
RETURN s.id AS partner_id, amount_minor, lines, payees
