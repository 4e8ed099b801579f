// Which of the given months hold paid orders that this plan would count and are still open; what a close must not jump over.
// mode: read
// params: plan STRING, counted_by STRING, months LIST<MAP>
// rows: many
// returns: month STRING
UNWIND $months AS m
CALL (m) {
  WITH m WHERE NOT EXISTS { MATCH (p:Period {plan: $plan, month: m.month}) WHERE p.status IN ['closed', 'paid'] }
  CALL (m) {
    WITH m WHERE $counted_by = 'paid_at'
    MATCH (o:Order) WHERE o.paid_at >= m.starts_at AND o.paid_at < m.ends_at
    RETURN o LIMIT 1
    UNION ALL
    WITH m WHERE $counted_by = 'paid_at'
    MATCH (o:Order) WHERE o.paid_at >= m.starts_on AND o.paid_at < m.ends_on
    RETURN o LIMIT 1
    UNION ALL
    WITH m WHERE $counted_by = 'placed_at'
    MATCH (o:Order) WHERE o.placed_at >= m.starts_at AND o.placed_at < m.ends_at AND o.paid_at IS NOT NULL
    RETURN o LIMIT 1
    UNION ALL
    WITH m WHERE $counted_by = 'placed_at'
    MATCH (o:Order) WHERE o.placed_at >= m.starts_on AND o.placed_at < m.ends_on AND o.paid_at IS NOT NULL
    RETURN o LIMIT 1
  }
  RETURN count(o) AS orders
}
WITH m.month AS month, orders
WHERE orders > 0
RETURN month
ORDER BY month
