// Gives an official run up whole, once what it computed was thrown away: its month is open again, so that what stopped it can
// be mended. `failure` is what those who follow the run are told. No row: the run was taken over.
// mode: write
// params: run_id STRING, owner STRING, failure STRING
// rows: maybe
// returns: month STRING
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state = 'running'
SET r.state = 'discarded', r.finished_at = datetime.realtime(), r.progress = '',
  r.failure = $failure
WITH r
MATCH (p:Period {plan: r.plan, month: r.month, run_id: r.id})
SET p.status = 'open', p.run_id = null
RETURN p.month AS month
