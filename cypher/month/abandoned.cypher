// Previews whose worker is gone; what they left is thrown away by the next run.
// mode: read
// params: none
// rows: many
// returns: run_id STRING
// allows: NodeByLabelScan - runs are few, one a month and plan
MATCH (r:Run)
WHERE r.kind IN ['preview', 'what_if'] AND r.state = 'running' AND r.lease_until < datetime.realtime()
RETURN r.id AS run_id
