// What a run that only looks found, as JSON, once it is done.
// mode: read
// params: run_id STRING
// rows: maybe
// returns: state STRING, kind STRING, outcome STRING?
MATCH (r:Run {id: $run_id})
RETURN r.state AS state, r.kind AS kind, r.outcome AS outcome
