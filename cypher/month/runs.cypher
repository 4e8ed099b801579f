// Runs, newest first.
// mode: read
// params: limit INTEGER
// rows: many
// returns: run_id STRING, kind STRING, state STRING, plan STRING, plan_version INTEGER, month STRING, step INTEGER,
//   progress STRING, actor STRING?, started_at DATETIME, ready_at DATETIME?, finished_at DATETIME?, lease_until DATETIME?,
//   digest STRING?, report STRING?
// allows: NodeByLabelScan - runs are few, some a month and plan
MATCH (r:Run)
RETURN r.id AS run_id, r.kind AS kind, r.state AS state, r.plan AS plan, r.plan_version AS plan_version, r.month AS month,
  r.step AS step, r.progress AS progress, r.actor AS actor, r.started_at AS started_at, r.ready_at AS ready_at,
  r.finished_at AS finished_at, r.lease_until AS lease_until, r.digest AS digest, r.report AS report
ORDER BY started_at DESC, run_id
LIMIT $limit
