// Payouts of a batch by partner, a page after a partner: amount, state and destination.
// mode: read
// params: batch_id STRING, after STRING, limit INTEGER
// rows: packed
// returns: id STRING, partner_id STRING, name STRING?, amount_minor INTEGER, currency STRING, state STRING, reason STRING?,
//   destination_kind STRING, destination_token STRING, destination_digest STRING, destination STRING
// allows: CartesianProduct - a payout beside its batch, its partner and its destination, one of each
MATCH (p:Payout)
WHERE p.batch_id = $batch_id AND p.partner_id > $after
WITH p ORDER BY p.batch_id, p.partner_id LIMIT $limit
MATCH (b:PayoutBatch {id: p.batch_id})
MATCH (n:Partner {id: p.partner_id})
MATCH (d:Destination {partner_id: p.partner_id, number: p.destination_number})
WITH p.id AS id, p.partner_id AS partner_id, n.name AS name, p.amount_minor AS amount_minor, p.currency AS currency,
  coalesce(p.state, b.state) AS state, p.reason AS reason, d.kind AS destination_kind, d.token AS destination_token,
  d.digest AS destination_digest, d.shown AS destination
ORDER BY partner_id
RETURN id, partner_id, name, amount_minor, currency, state, reason, destination_kind, destination_token, destination_digest,
  destination
