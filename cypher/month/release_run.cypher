// Gives an interrupted run back, so that the same command can go on at once. It is nobody's from then on, so that a beat of the
// heart that is still on its way finds nothing to renew.
// mode: write
// params: run_id STRING, owner STRING
// rows: none
// returns: none
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state IN ['running', 'discarding']
SET r.lease_until = datetime.realtime(), r.owner = ''
