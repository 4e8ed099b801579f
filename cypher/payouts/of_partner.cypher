// A partner's payouts of approved batches, newest first.
// mode: read
// params: partner_id STRING, limit INTEGER
// rows: many
// returns: id STRING, batch_id STRING, day DATE, amount_minor INTEGER, currency STRING, balance STRING, state STRING,
//   reason STRING?, destination_kind STRING, destination STRING, cut INTEGER, made_at DATETIME, entry_id STRING?
MATCH (p:Payout {partner_id: $partner_id})
MATCH (b:PayoutBatch {id: p.batch_id})
WHERE b.state IN ['approved', 'sent', 'settled']
MATCH (d:Destination {partner_id: $partner_id, number: p.destination_number})
RETURN p.id AS id, p.batch_id AS batch_id, b.day AS day, p.amount_minor AS amount_minor, p.currency AS currency,
  b.balance AS balance, coalesce(p.state, b.state) AS state, p.reason AS reason, d.kind AS destination_kind,
  d.shown AS destination, b.cut AS cut, b.made_at AS made_at, p.entry_id AS entry_id
ORDER BY cut DESC, id
LIMIT $limit
