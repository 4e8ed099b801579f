// The run that a request began or took up for a period, if it still is the period's run.
// mode: read
// params: plan STRING, month STRING, asked STRING
// rows: maybe
// returns: run_id STRING
MATCH (p:Period {plan: $plan, month: $month})
MATCH (r:Run {id: p.run_id})
WHERE $asked IN r.asked
RETURN r.id AS run_id
