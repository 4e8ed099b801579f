// A preview is done; its report stays, everything else of it was thrown away. No row: it was taken for
// dead and thrown away by another.
// mode: write
// params: run_id STRING, owner STRING, digest STRING, report STRING
// rows: maybe
// returns: finished_at DATETIME
MATCH (r:Run {id: $run_id, kind: 'preview'})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state = 'running'
SET r.state = 'done', r.finished_at = datetime.realtime(), r.digest = $digest, r.report = $report, r.progress = ''
RETURN r.finished_at AS finished_at
