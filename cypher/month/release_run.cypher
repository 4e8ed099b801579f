// Gives the lease of an interrupted run back, so that the same command can go on at once.
// mode: write
// params: run_id STRING, owner STRING
// rows: none
// returns: none
MATCH (r:Run {id: $run_id, owner: $owner, state: 'running'})
SET r.lease_until = datetime.realtime()
