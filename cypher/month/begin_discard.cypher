// Takes a run over to throw it away, whoever is at it: the next batch of its worker finds it lost. It is marked first and for
// good, so that nobody goes on computing it, and whoever comes by finishes what a dead process began. `outcome` is mine (go on),
// busy (another is at it), discarded (nothing is left to do), closed, or opening (no computed run).
// mode: write
// params: run_id STRING, owner STRING, actor STRING, person STRING, lease_seconds INTEGER
// rows: maybe
// returns: outcome STRING, kind STRING, plan STRING, plan_version INTEGER, month STRING, finished_at DATETIME?
MATCH (r:Run {id: $run_id})
SET r.kind = r.kind
WITH r, CASE
  WHEN r.kind = 'opening' THEN 'opening'
  WHEN r.state = 'discarded' THEN 'discarded'
  WHEN r.state = 'done' AND r.kind = 'official' THEN 'closed'
  WHEN r.state = 'discarding' AND r.owner <> $owner AND r.lease_until > datetime.realtime() THEN 'busy'
  ELSE 'mine' END AS outcome
FOREACH (_ IN CASE WHEN outcome = 'mine' AND r.state <> 'discarding' THEN [1] ELSE [] END |
  SET r.state = 'discarding', r.discarded_by = $actor, r.discarder = $person, r.failure = null, r.finished_at = null)
FOREACH (_ IN CASE outcome WHEN 'mine' THEN [1] ELSE [] END |
  SET r.owner = $owner, r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds}))
RETURN outcome, r.kind AS kind, r.plan AS plan, r.plan_version AS plan_version, r.month AS month, r.finished_at AS finished_at
