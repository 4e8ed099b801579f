// The cut-off of a run.
// mode: read
// params: run_id STRING
// rows: one
// returns: known_at DATETIME
MATCH (r:Run {id: $run_id})
RETURN r.known_at AS known_at
