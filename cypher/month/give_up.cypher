// Gives a run up whole, once what it computed was thrown away: the month of an official one is open again, so that what stopped
// it can be mended. `failure` is what those who follow the run are told. No row: the run was taken over.
// mode: write
// params: run_id STRING, owner STRING, failure STRING?
// rows: maybe
// returns: month STRING
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state IN ['running', 'discarding']
SET r.state = 'discarded', r.finished_at = datetime.realtime(), r.progress = '', r.owner = '',
  r.failure = coalesce($failure, r.failure), r.digest = null, r.report = null
WITH r
OPTIONAL MATCH (p:Period {plan: r.plan, month: r.month, run_id: r.id})
SET p.status = 'open', p.run_id = null
RETURN r.month AS month
