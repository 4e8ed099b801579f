// Takes over a run whose worker is gone, to throw it away; no row when somebody else was faster.
// mode: write
// params: run_id STRING, owner STRING, lease_seconds INTEGER
// rows: maybe
// returns: run_id STRING
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.state = 'running' AND r.lease_until < datetime.realtime()
SET r.owner = $owner, r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds})
RETURN r.id AS run_id
