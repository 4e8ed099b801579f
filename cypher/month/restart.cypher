// Sends a run back to its first step, with a new cut-off; what it computed is thrown away next.
// mode: write
// params: run_id STRING
// rows: one
// returns: step INTEGER
MATCH (r:Run {id: $run_id})
SET r.step = 0, r.known_at = null
RETURN r.step AS step
