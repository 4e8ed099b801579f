// Posts a run: from here on its lines are the month's earnings, and the period is closed and never computed again. No row: the
// run was taken over, or must be approved first.
// mode: write
// params: run_id STRING, owner STRING, digest STRING, report STRING, starts_at DATETIME, ends_at DATETIME, starts_on DATE,
//   ends_on DATE, counted_by STRING
// rows: maybe
// returns: finished_at DATETIME
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state = 'running' AND coalesce(r.approval, 'none') = 'none'
SET r.state = 'done', r.finished_at = datetime.realtime(), r.digest = $digest, r.report = $report, r.progress = ''
WITH r
MATCH (p:Period {plan: r.plan, month: r.month, run_id: r.id})
SET p.status = 'closed', p.starts_at = $starts_at, p.ends_at = $ends_at, p.starts_on = $starts_on, p.ends_on = $ends_on,
  p.counted_by = $counted_by
RETURN r.finished_at AS finished_at
