// Puts an opening in place of the one before: the run, of the period before the first, that others then read as if it had closed.
// What the one before carried, and the lines that waited in it, go.
// mode: write
// params: plan STRING, plan_version INTEGER, month STRING, actor STRING, digest STRING
// rows: one
// returns: run_id STRING
MERGE (r:Run {id: 'opening-' + $plan})
SET r.kind = 'opening', r.plan = $plan, r.plan_version = $plan_version, r.month = $month, r.state = 'done', r.step = 0,
  r.progress = '', r.actor = $actor, r.digest = $digest, r.started_at = datetime.realtime(), r.finished_at = datetime.realtime()
WITH r
CALL (r) {
  MATCH (c:Carried {run_id: r.id})
  WHERE c.part >= '' AND c.bucket >= 0
  DELETE c
}
CALL (r) {
  MATCH (h:HeldLine {run_id: r.id})
  WHERE h.partner_id >= ''
  DELETE h
}
RETURN r.id AS run_id
