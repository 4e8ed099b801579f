// The closed periods of a month, by plan, with the run that closed each.
// mode: read
// params: month STRING, plan STRING?
// rows: many
// returns: plan STRING, month STRING, status STRING, run_id STRING?, plan_version INTEGER?
// allows: NodeByLabelScan - periods are few, one a month and plan
MATCH (p:Period)
WHERE p.month = $month AND ($plan IS NULL OR p.plan = $plan)
OPTIONAL MATCH (r:Run {id: p.run_id})
RETURN p.plan AS plan, p.month AS month, p.status AS status, p.run_id AS run_id, r.plan_version AS plan_version
ORDER BY plan
