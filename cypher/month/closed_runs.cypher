// The closed periods of a plan with their bounds, the run that closed each, and until when that knew.
// mode: read
// params: plan STRING
// rows: many
// returns: month STRING, run_id STRING, plan_version INTEGER, starts_at DATETIME, ends_at DATETIME, starts_on DATE, ends_on DATE, known_at DATETIME
MATCH (p:Period {plan: $plan})
WHERE p.month >= '' AND p.status IN ['closed', 'paid']
MATCH (r:Run {id: p.run_id})
RETURN p.month AS month, r.id AS run_id, r.plan_version AS plan_version, p.starts_at AS starts_at, p.ends_at AS ends_at,
  p.starts_on AS starts_on, p.ends_on AS ends_on, r.known_at AS known_at
ORDER BY month
