// Proves, inside the transaction of a write, that this process still makes the batch, and renews its lease; no row means that
// another one took it over, or that it was discarded.
// mode: write
// params: batch_id STRING, owner STRING, lease_seconds INTEGER
// rows: maybe
// returns: state STRING
MATCH (b:PayoutBatch {id: $batch_id})
SET b.id = b.id
WITH b WHERE b.owner = $owner AND b.state = 'making'
SET b.lease_until = datetime.realtime() + duration({seconds: $lease_seconds})
RETURN b.state AS state
