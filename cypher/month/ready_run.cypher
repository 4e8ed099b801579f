// A run that is computed and proved, and waits to be approved: its report can be looked at, its month goes on being closed, and
// no worker is at it. No row: the run was taken over.
// mode: write
// params: run_id STRING, owner STRING, digest STRING, report STRING
// rows: maybe
// returns: ready_at DATETIME
MATCH (r:Run {id: $run_id, kind: 'official'})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state = 'running'
SET r.state = 'ready', r.ready_at = datetime.realtime(), r.digest = $digest, r.report = $report, r.progress = '', r.owner = '',
  r.lease_until = datetime.realtime()
RETURN r.ready_at AS ready_at
