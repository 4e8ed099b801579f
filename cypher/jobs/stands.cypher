// Whether a run is done or its worker may still be alive; no row where there is no such run.
// mode: read
// params: run_id STRING
// rows: maybe
// returns: stands BOOLEAN
MATCH (r:Run {id: $run_id})
RETURN r.state = 'done' OR (r.state = 'running' AND r.lease_until > datetime.realtime()) AS stands
