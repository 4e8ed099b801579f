// Opens a correction of a closed period, or takes up one whose computing was interrupted or refused, under the period's lock.
// `outcome` is opened, resumed (to be computed anew), busy (whoever computes it may still be alive), made, different (the id stands for
// another one) or another (the period has one that waits).
// mode: write
// params: id STRING, open_of STRING, plan STRING, month STRING, closed_run STRING, closed_version INTEGER, plan_version INTEGER,
//   partners LIST<STRING>, currency STRING, reason STRING, run_id STRING, actor STRING, person STRING, lease_seconds INTEGER
// rows: one
// returns: outcome STRING, other_id STRING?
MATCH (p:Period {plan: $plan, month: $month})
SET p.month = p.month
WITH p
OPTIONAL MATCH (c:Correction {id: $id})
OPTIONAL MATCH (other:Correction {open_of: $open_of})
OPTIONAL MATCH (r:Run {id: c.run_id})
WITH c, other, CASE
  WHEN c IS NOT NULL AND (c.plan <> $plan OR c.month <> $month OR c.plan_version <> $plan_version OR c.partners <> $partners
    OR c.reason <> $reason) THEN 'different'
  WHEN c IS NOT NULL AND NOT c.state IN ['making', 'failed'] THEN 'made'
  WHEN other IS NOT NULL AND (c IS NULL OR other.id <> c.id) THEN 'another'
  WHEN c IS NULL THEN 'opened'
  WHEN c.state = 'making' AND CASE WHEN r IS NULL THEN c.proposed_at + duration({seconds: $lease_seconds}) > datetime.realtime()
    ELSE r.state = 'running' AND r.lease_until > datetime.realtime() END THEN 'busy'
  ELSE 'resumed' END AS outcome
FOREACH (_ IN CASE outcome WHEN 'opened' THEN [1] ELSE [] END |
  CREATE (:Correction {id: $id, open_of: $open_of, plan: $plan, month: $month, closed_run: $closed_run,
    closed_version: $closed_version, plan_version: $plan_version, partners: $partners, currency: $currency, reason: $reason,
    state: 'making', run_id: $run_id, actor: $actor, person: $person, proposed_at: datetime.realtime()}))
FOREACH (_ IN CASE outcome WHEN 'resumed' THEN [1] ELSE [] END |
  SET c.open_of = $open_of, c.state = 'making', c.failure = null, c.run_id = $run_id, c.actor = $actor, c.person = $person,
    c.proposed_at = datetime.realtime())
RETURN outcome, other.id AS other_id
