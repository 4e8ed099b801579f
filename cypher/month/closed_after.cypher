// Later months of a plan that are already closed.
// mode: read
// params: plan STRING, month STRING
// rows: many
// returns: month STRING
MATCH (p:Period {plan: $plan})
WHERE p.month > $month AND p.status IN ['closed', 'paid']
RETURN p.month AS month
ORDER BY month
