// What a batch pays in some blocks of partners.
// mode: read
// params: batch_id STRING, blocks LIST<INTEGER>
// rows: packed
// returns: block INTEGER, partner_id STRING, amount_minor INTEGER
UNWIND $blocks AS block
MATCH (p:Payout {batch_id: $batch_id, block: block})
WITH block, p.partner_id AS partner_id, p.amount_minor AS amount_minor
ORDER BY block, partner_id
RETURN block, partner_id, amount_minor
