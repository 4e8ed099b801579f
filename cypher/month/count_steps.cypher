// How many steps a run has in all, noted when it is begun or taken up. No row: it was taken over.
// mode: write
// params: run_id STRING, owner STRING, steps INTEGER
// rows: maybe
// returns: steps INTEGER
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r WHERE r.owner = $owner AND r.state = 'running'
SET r.steps = $steps
RETURN r.steps AS steps
