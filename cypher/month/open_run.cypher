// Opens the run of a plan's month, or takes up the one that was interrupted, under the period's write lock. One official run
// a period: the answer's `outcome` is opened, resumed, busy (its worker may still be alive), ready (it waits to be approved),
// discarding (whoever threw it away died over it), closed, or gone: the run that was expected is no longer the period's. The
// run's own lock is taken before its lease is read, so that a batch that is about to renew it is waited for.
// The plan's version in force is read under the lock of publication, so no version slips in between. Of the approval that was
// asked for before and the one that is asked for now, the stricter stays with the run. `asked` names the
// request that asks, '' for none; the run keeps it.
// mode: write
// params: plan STRING, first_day DATE, month STRING, run_id STRING, owner STRING, actor STRING, lease_seconds INTEGER,
//   person STRING = '', approval STRING = 'none', expected STRING = '',
//   asked STRING = ''
// rows: one
// returns: outcome STRING, run_id STRING, state STRING, step INTEGER, plan_version INTEGER, approval STRING,
//   lease_until DATETIME?, finished_at DATETIME?
MERGE (c:Counter {name: 'plans'})
  ON CREATE SET c.value = 0
SET c.name = c.name
WITH c
MATCH (v:Plan {name: $plan})
WHERE v.version >= 1 AND v.valid_from <= $first_day
WITH max(v.version) AS in_force
MERGE (p:Period {plan: $plan, month: $month})
  ON CREATE SET p.status = 'open'
SET p.month = p.month
WITH p, in_force
OPTIONAL MATCH (r:Run {id: p.run_id})
SET r.kind = r.kind
WITH p, r, in_force, CASE
  WHEN p.status IN ['closed', 'paid'] THEN 'closed'
  WHEN $expected <> '' AND (r IS NULL OR r.id <> $expected) THEN 'gone'
  WHEN r IS NULL THEN 'opened'
  WHEN r.state = 'ready' THEN 'ready'
  WHEN r.lease_until > datetime.realtime() AND r.owner <> $owner THEN 'busy'
  WHEN r.state = 'discarding' THEN 'discarding'
  ELSE 'resumed' END AS outcome
FOREACH (_ IN CASE outcome WHEN 'opened' THEN [1] ELSE [] END |
  CREATE (:Run {id: $run_id, kind: 'official', plan: $plan, plan_version: in_force, month: $month, state: 'running',
    step: 0, progress: '', owner: $owner, actor: $actor, person: $person, approval: $approval, started_at: datetime.realtime(),
    asked: CASE $asked WHEN '' THEN [] ELSE [$asked] END,
    lease_until: datetime.realtime() + duration({seconds: $lease_seconds})})
  SET p.status = 'closing', p.run_id = $run_id)
FOREACH (_ IN CASE outcome WHEN 'resumed' THEN [1] ELSE [] END |
  SET r.owner = $owner, r.lease_until = datetime.realtime() + duration({seconds: $lease_seconds}), r.approval = CASE
    WHEN 'second-person' IN [r.approval, $approval] THEN 'second-person'
    WHEN 'anybody' IN [r.approval, $approval] THEN 'anybody'
    ELSE 'none' END,
    r.asked = CASE WHEN $asked = '' OR $asked IN coalesce(r.asked, []) THEN r.asked ELSE coalesce(r.asked, []) + [$asked] END)
RETURN outcome, coalesce(r.id, $run_id) AS run_id, coalesce(r.state, 'running') AS state, coalesce(r.step, 0) AS step,
  coalesce(r.plan_version, in_force) AS plan_version, coalesce(r.approval, $approval) AS approval, r.lease_until AS lease_until,
  r.finished_at AS finished_at
