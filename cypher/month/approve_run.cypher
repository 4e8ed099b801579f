// Posts a run that was ready, in the transaction that took its lock and found that it may: as when it is posted at once, and with
// who approved it. `asked` names the request, '' for none; the run keeps it. No row: it is not ready.
// mode: write
// params: run_id STRING, approved_by STRING, approver STRING, starts_at DATETIME, ends_at DATETIME, starts_on DATE, ends_on DATE,
//   counted_by STRING, asked STRING = ''
// rows: maybe
// returns: finished_at DATETIME
MATCH (r:Run {id: $run_id})
WHERE r.state = 'ready'
MATCH (p:Period {plan: r.plan, month: r.month, run_id: r.id})
SET r.state = 'done', r.finished_at = datetime.realtime(), r.approved_by = $approved_by, r.approver = $approver,
  r.asked = CASE $asked WHEN '' THEN r.asked ELSE coalesce(r.asked, []) + [$asked] END,
  p.status = 'closed', p.starts_at = $starts_at, p.ends_at = $ends_at, p.starts_on = $starts_on, p.ends_on = $ends_on,
  p.counted_by = $counted_by
RETURN r.finished_at AS finished_at
