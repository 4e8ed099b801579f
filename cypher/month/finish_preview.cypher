// A preview is done; its report stays, and the outcome of a run that looked at something; everything else of it was thrown away. No row: it was taken for
// dead and thrown away by another.
// mode: write
// params: run_id STRING, owner STRING, digest STRING, report STRING, outcome STRING = ''
// rows: maybe
// returns: finished_at DATETIME
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.kind IN ['preview', 'what_if'] AND r.owner = $owner AND r.state = 'running'
SET r.state = 'done', r.finished_at = datetime.realtime(), r.digest = $digest, r.report = $report, r.progress = '',
  r.outcome = CASE $outcome WHEN '' THEN null ELSE $outcome END
RETURN r.finished_at AS finished_at
