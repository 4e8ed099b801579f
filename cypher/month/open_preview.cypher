// Opens a preview run, which touches no period.
// mode: write
// params: plan STRING, plan_version INTEGER, month STRING, run_id STRING, owner STRING, actor STRING, person STRING,
//   lease_seconds INTEGER
// rows: one
// returns: run_id STRING
MERGE (r:Run {id: $run_id})
  ON CREATE SET r.kind = 'preview', r.plan = $plan, r.plan_version = $plan_version, r.month = $month, r.state = 'running',
    r.step = 0, r.progress = '', r.owner = $owner, r.actor = $actor, r.person = $person,
    r.started_at = datetime.realtime(), r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds})
RETURN r.id AS run_id
