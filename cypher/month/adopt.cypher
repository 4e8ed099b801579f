// Takes over a run of `month.abandoned`, to throw it away; no row when somebody else was faster. It is marked, so that a worker
// that was only slow says what became of it.
// mode: write
// params: run_id STRING, owner STRING, lease_seconds INTEGER
// rows: maybe
// returns: run_id STRING, plan STRING, plan_version INTEGER, month STRING
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r
WHERE (r.kind = 'preview' AND r.state = 'running' OR r.state = 'discarding') AND r.lease_until < datetime.realtime()
SET r.state = 'discarding', r.owner = $owner, r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds})
RETURN r.id AS run_id, r.plan AS plan, r.plan_version AS plan_version, r.month AS month
