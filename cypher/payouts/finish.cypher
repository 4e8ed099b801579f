// The batch is made: from here on it waits for a second person. No row: another process makes it, or it was discarded.
// mode: write
// params: batch_id STRING, owner STRING, payouts INTEGER, amount_minor INTEGER, left_out STRING, digest STRING
// rows: maybe
// returns: state STRING
MATCH (b:PayoutBatch {id: $batch_id})
SET b.id = b.id
WITH b WHERE b.owner = $owner AND b.state = 'making'
SET b.state = 'draft', b.payouts = $payouts, b.amount_minor = $amount_minor, b.left_out = $left_out, b.digest = $digest,
  b.lease_until = null
RETURN b.state AS state
