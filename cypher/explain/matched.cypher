// What a partner's enroller earned by the bonuses that are matched down, and by how many of its frontline that is shared. A limit
// that ran later had not cut these lines yet.
// mode: read
// params: run_id STRING, bonus STRING, sponsor INTEGER, of LIST<STRING>, later LIST<INTEGER>
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
    MATCH (e:Earning {run_id: $run_id, partner_id: s.id}) WHERE e.bonus IN $of
    RETURN e
    UNION ALL
    MATCH (e:CappedLine {run_id: $run_id, partner_id: s.id}) WHERE e.bonus IN $of AND e.cuts[-2] IN $later
    RETURN e
  }
  RETURN coalesce(sum(CASE WHEN e.cuts[-2] IN $later THEN e.cuts[-1] ELSE e.amount_minor END), 0) AS amount_minor,
    count(e) AS lines
}
RETURN s.id AS partner_id, amount_minor, lines, payees
