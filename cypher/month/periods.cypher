// Every period a plan has opened, newest first.
// mode: read
// params: plan STRING
// rows: many
// returns: plan STRING, month STRING, status STRING, run_id STRING?
MATCH (p:Period {plan: $plan})
WHERE p.month >= ''
RETURN p.plan AS plan, p.month AS month, p.status AS status, p.run_id AS run_id
ORDER BY month DESC
