// How many payouts of a batch did not fail, and what they come to.
// mode: read
// params: batch_id STRING
// rows: one
// returns: payouts INTEGER, amount_minor INTEGER
OPTIONAL MATCH (p:Payout {batch_id: $batch_id})
WHERE p.partner_id >= '' AND p.state IS NULL
RETURN count(p) AS payouts, coalesce(sum(p.amount_minor), 0) AS amount_minor
