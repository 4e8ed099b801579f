// One payout, its batch's state where it has none of its own, and what people see of where it goes.
// mode: read
// params: payout_id STRING
// rows: maybe
// returns: id STRING, batch_id STRING, partner_id STRING, block INTEGER, amount_minor INTEGER, currency STRING, balance STRING,
//   state STRING, reason STRING?, destination_kind STRING, destination STRING, entry_id STRING?, cut INTEGER, day DATE
MATCH (p:Payout {id: $payout_id})
MATCH (b:PayoutBatch {id: p.batch_id})
MATCH (d:Destination {partner_id: p.partner_id, number: p.destination_number})
RETURN p.id AS id, p.batch_id AS batch_id, p.partner_id AS partner_id, p.block AS block, p.amount_minor AS amount_minor,
  p.currency AS currency, b.balance AS balance, coalesce(p.state, b.state) AS state, p.reason AS reason,
  d.kind AS destination_kind, d.shown AS destination, p.entry_id AS entry_id, b.cut AS cut, b.day AS day
