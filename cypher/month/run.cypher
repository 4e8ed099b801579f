// One run.
// mode: read
// params: run_id STRING
// rows: maybe
// returns: run_id STRING, kind STRING, state STRING, plan STRING, plan_version INTEGER, month STRING, step INTEGER,
//   progress STRING, actor STRING?, started_at DATETIME, ready_at DATETIME?, finished_at DATETIME?, lease_until DATETIME?,
//   digest STRING?, report STRING?
MATCH (r:Run {id: $run_id})
RETURN r.id AS run_id, r.kind AS kind, r.state AS state, r.plan AS plan, r.plan_version AS plan_version, r.month AS month,
  r.step AS step, r.progress AS progress, r.actor AS actor, r.started_at AS started_at, r.ready_at AS ready_at,
  r.finished_at AS finished_at, r.lease_until AS lease_until, r.digest AS digest, r.report AS report
