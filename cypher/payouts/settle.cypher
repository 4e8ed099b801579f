// All of a sent batch that did not fail arrived; `payouts.take` locked it in this transaction.
// mode: write
// params: batch_id STRING, actor STRING
// rows: one
// returns: settled_at DATETIME
MATCH (b:PayoutBatch {id: $batch_id})
WHERE b.state = 'sent'
SET b.state = 'settled', b.settled_at = datetime.realtime(), b.settled_by = $actor
RETURN b.settled_at AS settled_at
