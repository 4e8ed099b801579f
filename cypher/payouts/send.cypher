// An approved batch was handed to the bank or payment provider; `payouts.take` locked it in this transaction.
// mode: write
// params: batch_id STRING, actor STRING
// rows: one
// returns: sent_at DATETIME
MATCH (b:PayoutBatch {id: $batch_id})
WHERE b.state = 'approved'
SET b.state = 'sent', b.sent_at = datetime.realtime(), b.sent_by = $actor
RETURN b.sent_at AS sent_at
