// What a run leaves beside its lines: prizes that are not money, what waits for a condition, what waited in vain, what limits cut.
// mode: read
// params: run_id STRING
// rows: one
// returns: prizes INTEGER, held_minor INTEGER, lapsed_minor INTEGER, cut_minor INTEGER
// allows: CartesianProduct - one row beside one row
CALL () {
  MATCH (p:Prize) WHERE p.run_id = $run_id
  RETURN count(p) AS prizes
}
CALL () {
  MATCH (h:HeldLine) WHERE h.run_id = $run_id AND h.partner_id >= ''
  RETURN coalesce(sum(CASE WHEN h.left > 0 THEN h.amount_minor ELSE 0 END), 0) AS held,
    coalesce(sum(CASE WHEN h.left > 0 THEN 0 ELSE h.amount_minor END), 0) AS lapsed
}
CALL () {
  MATCH (e:Earning) WHERE e.run_id = $run_id AND e.partner_id >= '' AND e.cuts IS NOT NULL
  RETURN coalesce(sum(e.earned_minor - e.amount_minor), 0) AS cut
}
CALL () {
  MATCH (c:CappedLine) WHERE c.run_id = $run_id AND c.partner_id >= ''
  RETURN coalesce(sum(c.earned_minor), 0) AS lost
}
RETURN prizes, held AS held_minor, lapsed AS lapsed_minor, cut + lost AS cut_minor
