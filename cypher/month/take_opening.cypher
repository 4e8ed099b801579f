// Takes the lock of the first period that an opening state is for, and says what stands against one: periods of the plan that are
// being closed or closed, and the opening that is there already.
// mode: write
// params: plan STRING, month STRING
// rows: one
// returns: closed LIST<STRING>, digest STRING?
MERGE (p:Period {plan: $plan, month: $month})
  ON CREATE SET p.status = 'open'
SET p.month = p.month
WITH p
OPTIONAL MATCH (r:Run {id: 'opening-' + $plan})
RETURN COLLECT { MATCH (q:Period {plan: $plan}) WHERE q.month >= '' AND q.status <> 'open' RETURN q.month ORDER BY q.month } AS closed,
  r.digest AS digest
