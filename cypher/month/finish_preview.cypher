// A preview is done; its report stays, everything else of it was thrown away.
// mode: write
// params: run_id STRING, digest STRING, report STRING
// rows: one
// returns: finished_at DATETIME
MATCH (r:Run {id: $run_id, kind: 'preview'})
SET r.state = 'done', r.finished_at = datetime.realtime(), r.digest = $digest, r.report = $report, r.progress = ''
RETURN r.finished_at AS finished_at
