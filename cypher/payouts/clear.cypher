// Throws payouts of a batch away that was never approved, some at a time.
// mode: write
// params: batch_id STRING, limit INTEGER
// rows: one
// returns: removed INTEGER
MATCH (b:PayoutBatch {id: $batch_id})
WHERE b.state IN ['making', 'discarded']
MATCH (p:Payout)
WHERE p.batch_id = b.id AND p.partner_id >= ''
WITH p LIMIT $limit
DELETE p
RETURN count(*) AS removed
