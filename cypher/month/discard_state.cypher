// Marks a run as thrown away.
// mode: write
// params: run_id STRING
// rows: none
// returns: none
MATCH (r:Run {id: $run_id})
WHERE r.state = 'running'
SET r.state = 'discarded', r.finished_at = datetime.realtime()
