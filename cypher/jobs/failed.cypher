// Note on a run that is not done why its work was refused; null takes the note back. A later attempt goes on from the same step.
// mode: write
// params: run_id STRING, failure STRING?
// rows: none
// returns: none
MATCH (r:Run {id: $run_id, state: 'running'})
SET r.failure = $failure
