// When the first order was paid or placed, as far as known; where looking for open months starts. An order may be paid before
// it is placed, so both are looked at.
// mode: read
// params: none
// rows: one
// returns: first_at DATETIME?, first_on DATE?
// allows: CartesianProduct - of one row and at most three
CALL () {
  MATCH (o:Order) WHERE o.placed_at >= datetime('0001-01-01T00:00:00Z')
  RETURN o.placed_at AS instant ORDER BY o.placed_at LIMIT 1
  UNION ALL
  MATCH (o:Order) WHERE o.paid_at >= datetime('0001-01-01T00:00:00Z')
  RETURN o.paid_at AS instant ORDER BY o.paid_at LIMIT 1
}
WITH min(instant) AS first_at
CALL () {
  MATCH (o:Order) WHERE o.placed_at >= date('0001-01-01')
  RETURN o.placed_at AS day ORDER BY o.placed_at LIMIT 1
  UNION ALL
  MATCH (o:Order) WHERE o.paid_at >= date('0001-01-01')
  RETURN o.paid_at AS day ORDER BY o.paid_at LIMIT 1
  UNION ALL
  RETURN null AS day
}
RETURN first_at, min(day) AS first_on
