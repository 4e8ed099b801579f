// Gives a batch up that was never approved, whether it is a draft or still made; `payouts.take` locked it in this transaction.
// mode: write
// params: batch_id STRING
// rows: one
// returns: state STRING
MATCH (b:PayoutBatch {id: $batch_id})
WHERE b.state IN ['making', 'draft', 'discarded']
SET b.state = 'discarded', b.draft_of = null, b.owner = '', b.lease_until = null
RETURN b.state AS state
