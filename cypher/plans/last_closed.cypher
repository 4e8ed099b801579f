// The last period that a plan has closed, and the run and version that closed it.
// mode: read
// params: name STRING
// rows: maybe
// returns: month STRING, run_id STRING, plan_version INTEGER
MATCH (p:Period {plan: $name})
WHERE p.month >= '' AND p.status IN ['closed', 'paid']
MATCH (r:Run {id: p.run_id})
RETURN p.month AS month, r.id AS run_id, r.plan_version AS plan_version
ORDER BY month DESC
LIMIT 1
