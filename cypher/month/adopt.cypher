// Takes over a run whose worker is gone, to throw it away.
// mode: write
// params: run_id STRING, owner STRING, lease_seconds INTEGER
// rows: none
// returns: none
MATCH (r:Run {id: $run_id, state: 'running'})
SET r.owner = r.owner
WITH r WHERE r.lease_until < datetime.realtime()
SET r.owner = $owner, r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds})
