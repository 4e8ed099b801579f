// The official run of a month that somebody threw away last.
// mode: read
// params: plan STRING, month STRING
// rows: maybe
// returns: run_id STRING
// allows: NodeByLabelScan - runs are few, some a month and plan
MATCH (r:Run)
WHERE r.plan = $plan AND r.month = $month AND r.kind = 'official' AND r.state = 'discarded' AND r.discarded_by IS NOT NULL
RETURN r.id AS run_id
ORDER BY r.finished_at DESC
LIMIT 1
