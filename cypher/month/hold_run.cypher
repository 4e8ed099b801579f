// Proves, inside the transaction of a batch, that this worker still owns the run, and renews its lease. The write lock on the
// run keeps anybody else from taking it over until the batch is committed; no row means it was taken over before.
// Who throws a run away holds it in the same way.
// mode: write
// params: run_id STRING, owner STRING, progress STRING, lease_seconds INTEGER
// rows: maybe
// returns: step INTEGER
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state IN ['running', 'discarding']
SET r.progress = $progress, r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds})
RETURN r.step AS step
