// Orders of some partners and refunds of them that a run did not know (recorded after known_at) and that a period or the time
// before it holds, by seller: what the difference between what they sold then and now may come from.
// mode: read
// params: partner_ids LIST<STRING>, counted_by STRING, known_at DATETIME, ends_at DATETIME, ends_on DATE
// rows: packed
// returns: seller_id STRING, kind STRING, id STRING, order_id STRING, line STRING, recorded_at DATETIME, amount_minor INTEGER,
//   currency STRING
UNWIND $partner_ids AS seller_id
MATCH (:Partner {id: seller_id})<-[:CREDITED_TO]-(o:Order)
WITH seller_id, o, CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS counted
WHERE o.paid_at IS NOT NULL AND CASE WHEN counted IS :: DATE THEN counted < $ends_on ELSE counted < $ends_at END
CALL (o) {
  WITH o WHERE o.recorded_at > $known_at
  RETURN 'order' AS kind, o.id AS id, o.recorded_at AS recorded_at, o.amount_minor AS amount_minor
  UNION ALL
  MATCH (o)<-[:REFUNDS]-(r:Refund)
  WHERE r.recorded_at > $known_at
    AND CASE WHEN r.refunded_at IS :: DATE THEN r.refunded_at < $ends_on ELSE r.refunded_at < $ends_at END
  RETURN 'refund' AS kind, r.id AS id, r.recorded_at AS recorded_at, -r.amount_minor AS amount_minor
}
WITH seller_id, kind, id, o.id AS order_id, o.line AS line, recorded_at, amount_minor, o.currency AS currency
ORDER BY seller_id, recorded_at, id, line
RETURN seller_id, kind, id, order_id, line, recorded_at, amount_minor, currency
