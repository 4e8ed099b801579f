// The newest runs as people follow them, newest first.
// mode: read
// params: limit INTEGER
// rows: many
// returns: run_id STRING, kind STRING, state STRING, plan STRING, plan_version INTEGER, month STRING, actor STRING?,
//   person STRING?, approval STRING?, approved_by STRING?, approver STRING?, discarded_by STRING?, discarder STRING?,
//   step INTEGER, steps INTEGER?, progress STRING, failure STRING?, started_at DATETIME, ready_at DATETIME?,
//   finished_at DATETIME?, digest STRING?, report STRING?
// allows: NodeByLabelScan - runs are few, some a month and plan
MATCH (r:Run)
RETURN r.id AS run_id, r.kind AS kind, r.state AS state, r.plan AS plan, r.plan_version AS plan_version, r.month AS month,
  r.actor AS actor, r.person AS person, r.approval AS approval, r.approved_by AS approved_by, r.approver AS approver,
  r.discarded_by AS discarded_by, r.discarder AS discarder, r.step AS step, r.steps AS steps, r.progress AS progress,
  r.failure AS failure, r.started_at AS started_at, r.ready_at AS ready_at, r.finished_at AS finished_at, r.digest AS digest,
  r.report AS report
ORDER BY started_at DESC, run_id
LIMIT $limit
