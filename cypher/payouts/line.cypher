// One line of a closed run as a hold sees it: what it pays, how much of it is held already, from when it may be paid out, and the
// payout of the main balance that it went into.
// mode: read
// params: run_id STRING, partner_id STRING, bonus STRING, level INTEGER, class STRING, source_id STRING
// rows: maybe
// returns: amount_minor INTEGER, currency STRING, held_minor INTEGER, available_on DATE?, paid_with STRING?
MATCH (e:Earning)
WHERE e.run_id = $run_id AND e.partner_id = $partner_id AND e.bonus = $bonus AND e.level = $level AND e.class = $class
  AND e.source_id = $source_id
CALL (e) {
  OPTIONAL MATCH (h:Hold)
  WHERE h.run_id = e.run_id AND h.partner_id = e.partner_id AND h.state = 'placed' AND h.bonus = $bonus AND h.level = $level
    AND h.class = $class AND h.source_id = $source_id
  RETURN coalesce(sum(h.amount_minor), 0) AS held_minor
}
CALL (e) {
  MATCH (n:Partner {id: e.partner_id})
  OPTIONAL MATCH (x:LedgerEntry)
  WHERE x.run_id = e.run_id AND x.block = n.seq / 1024
  RETURN max(x.sequence) AS sequence, max(x.available_on) AS available_on
}
CALL (e, sequence, available_on) {
  OPTIONAL MATCH (p:Payout {partner_id: $partner_id})
  WHERE p.state IS NULL AND p.currency = e.currency
  OPTIONAL MATCH (b:PayoutBatch {id: p.batch_id})
  WHERE b.balance = 'main' AND b.state IN ['approved', 'sent', 'settled'] AND b.cut >= sequence
    AND coalesce(b.day >= available_on, true)
  RETURN min(CASE WHEN b IS NULL THEN null ELSE p.id END) AS paid_with
}
RETURN e.amount_minor AS amount_minor, e.currency AS currency, held_minor, available_on, paid_with
