// The run of a month that is being closed or is closed, under the write locks of period and run, taken before either is looked
// at: what is decided on it holds until the transaction ends. No row: no run of this month was ever begun.
// mode: write
// params: plan STRING, month STRING
// rows: maybe
// returns: status STRING, run_id STRING?, state STRING?, plan_version INTEGER?, approval STRING?, actor STRING?, person STRING?,
//   finished_at DATETIME?
MATCH (p:Period {plan: $plan, month: $month})
SET p.month = p.month
WITH p
OPTIONAL MATCH (r:Run {id: p.run_id})
SET r.kind = r.kind
WITH p, r
RETURN p.status AS status, r.id AS run_id, r.state AS state, r.plan_version AS plan_version, r.approval AS approval,
  r.actor AS actor, r.person AS person, r.finished_at AS finished_at
