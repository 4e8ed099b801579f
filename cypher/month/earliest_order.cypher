// When the first order was paid or placed, as far as known; where looking for open months starts.
// mode: read
// params: none
// rows: one
// returns: first_at DATETIME?, first_on DATE?
// allows: CartesianProduct - one row beside one row
CALL () {
  MATCH (o:Order) WHERE o.placed_at >= datetime('0001-01-01T00:00:00Z')
  RETURN o.placed_at AS first_at ORDER BY o.placed_at LIMIT 1
  UNION ALL
  RETURN null AS first_at
}
WITH collect(first_at) AS ats
CALL () {
  MATCH (o:Order) WHERE o.placed_at >= date('0001-01-01')
  RETURN o.placed_at AS first_on ORDER BY o.placed_at LIMIT 1
  UNION ALL
  RETURN null AS first_on
}
RETURN ats[0] AS first_at, head(collect(first_on)) AS first_on
