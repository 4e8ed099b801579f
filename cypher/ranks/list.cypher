// Every rank that was ever set by hand in a plan, newest period first, in the order it was decided.
// mode: read
// params: plan STRING, month STRING?
// rows: many
// returns: plan STRING, month STRING, partner_id STRING, rank STRING, number INTEGER, reason STRING, actor STRING, at DATETIME
MATCH (f:ForcedRank {plan: $plan})
WHERE f.month >= '' AND ($month IS NULL OR f.month = $month)
RETURN f.plan AS plan, f.month AS month, f.partner_id AS partner_id, f.rank AS rank, f.number AS number, f.reason AS reason,
  f.actor AS actor, f.at AS at
ORDER BY month DESC, partner_id, number
