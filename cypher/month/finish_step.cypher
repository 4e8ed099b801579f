// One step of the run is done; a resumed run goes on with the next.
// mode: write
// params: run_id STRING, step INTEGER
// rows: none
// returns: none
MATCH (r:Run {id: $run_id})
SET r.step = $step
