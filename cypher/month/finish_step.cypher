// One step of the run is done; a resumed run goes on with the next. No row: the run was taken over, and its new worker may be
// doing this very step again, so it must not be called done.
// mode: write
// params: run_id STRING, owner STRING, step INTEGER
// rows: maybe
// returns: step INTEGER
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state = 'running'
SET r.step = $step
RETURN r.step AS step
