// The closed runs of a plan's given months; grace looks back at them.
// mode: read
// params: plan STRING, months LIST<STRING>
// rows: many
// returns: month STRING, run_id STRING
UNWIND $months AS month
MATCH (p:Period {plan: $plan, month: month})
WHERE p.status IN ['closed', 'paid']
RETURN month, p.run_id AS run_id
