// The run whose state a period starts with: the one that closed the last period before it, or an imported opening.
// mode: read
// params: plan STRING, month STRING
// rows: maybe
// returns: run_id STRING, plan_version INTEGER, month STRING
CALL () {
  MATCH (p:Period {plan: $plan})
  WHERE p.month < $month AND p.status IN ['closed', 'paid']
  MATCH (r:Run {id: p.run_id})
  RETURN r
  UNION ALL
  MATCH (r:Run {id: 'opening-' + $plan})
  WHERE r.month < $month
  RETURN r
}
RETURN r.id AS run_id, r.plan_version AS plan_version, r.month AS month
ORDER BY month DESC, run_id DESC
LIMIT 1
