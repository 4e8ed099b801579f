// The runs that closed the given periods of a plan, and the opening that stands for one of them, in order; grace looks back at
// them, and so does whatever reads closed titles and lines.
// mode: read
// params: plan STRING, months LIST<STRING>
// rows: many
// returns: month STRING, run_id STRING, plan_version INTEGER
CALL () {
  UNWIND $months AS month
  MATCH (p:Period {plan: $plan, month: month})
  WHERE p.status IN ['closed', 'paid']
  MATCH (r:Run {id: p.run_id})
  RETURN month, r
  UNION ALL
  MATCH (r:Run {id: 'opening-' + $plan})
  WHERE r.month IN $months
  RETURN r.month AS month, r
}
RETURN month, r.id AS run_id, r.plan_version AS plan_version
ORDER BY month, run_id
