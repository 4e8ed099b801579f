// What became of a run: its state and kind, and who threw it away if somebody did.
// mode: read
// params: run_id STRING
// rows: maybe
// returns: state STRING, kind STRING, discarded_by STRING?, discarder STRING?
MATCH (r:Run {id: $run_id})
RETURN r.state AS state, r.kind AS kind, r.discarded_by AS discarded_by, r.discarder AS discarder
