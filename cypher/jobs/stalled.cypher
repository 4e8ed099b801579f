// Official runs that were begun and whose worker is gone, the oldest first; those that failed for a reason wait for a person.
// mode: read
// params: none
// rows: many
// returns: run_id STRING, plan STRING, month STRING, actor STRING?, person STRING?
// allows: NodeByLabelScan - runs are few, some a month and plan
MATCH (r:Run)
WHERE r.kind = 'official' AND r.state = 'running' AND r.lease_until < datetime.realtime() AND r.failure IS NULL
RETURN r.id AS run_id, r.plan AS plan, r.month AS month, r.actor AS actor, r.person AS person
ORDER BY r.started_at
