// Opens a preview, or another run that only looks (`kind`), which touches no period. known_at: until when it knows, where that is not
// the moment at which it freezes.
// mode: write
// params: kind STRING, plan STRING, plan_version INTEGER, month STRING, run_id STRING, owner STRING, actor STRING, person STRING,
//   lease_seconds INTEGER, known_at DATETIME?
// rows: one
// returns: run_id STRING
MERGE (r:Run {id: $run_id})
  ON CREATE SET r.kind = $kind, r.plan = $plan, r.plan_version = $plan_version, r.month = $month, r.state = 'running',
    r.step = 0, r.progress = '', r.owner = $owner, r.actor = $actor, r.person = $person, r.known_at = $known_at,
    r.started_at = datetime.realtime(), r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds})
RETURN r.id AS run_id
