// Every closed month, of any plan.
// mode: read
// params: none
// rows: many
// returns: month STRING
// allows: NodeByLabelScan - periods are few, one a month and plan
MATCH (p:Period)
WHERE p.status IN ['closed', 'paid']
RETURN DISTINCT p.month AS month
ORDER BY month
