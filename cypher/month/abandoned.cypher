// Previews, and other runs that only look, whose worker is gone, and runs of every kind whose discarding was interrupted; whoever comes by throws away what is
// left of them.
// mode: read
// params: none
// rows: many
// returns: run_id STRING
// allows: NodeByLabelScan - runs are few, one a month and plan
MATCH (r:Run)
WHERE (r.kind IN ['preview', 'what_if'] AND r.state = 'running' OR r.state = 'discarding') AND r.lease_until < datetime.realtime()
RETURN r.id AS run_id
