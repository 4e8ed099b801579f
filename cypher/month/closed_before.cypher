// The runs that closed the given months of a plan, and the opening that stands for one of them; grace looks back at them.
// mode: read
// params: plan STRING, months LIST<STRING>
// rows: many
// returns: month STRING, run_id STRING
CALL () {
  UNWIND $months AS month
  MATCH (p:Period {plan: $plan, month: month})
  WHERE p.status IN ['closed', 'paid']
  RETURN month, p.run_id AS run_id
  UNION ALL
  MATCH (r:Run {id: 'opening-' + $plan})
  WHERE r.month IN $months
  RETURN r.month AS month, r.id AS run_id
}
RETURN month, run_id
