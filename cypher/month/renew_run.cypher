// One beat of the heart of a worker: renews the lease of its run between batches, whatever it is at. No row: the run is no
// longer this worker's to renew, because it is done, given back or taken over.
// mode: write
// params: run_id STRING, owner STRING, lease_seconds INTEGER
// rows: maybe
// returns: lease_until DATETIME
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state IN ['running', 'discarding']
SET r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds})
RETURN r.lease_until AS lease_until
