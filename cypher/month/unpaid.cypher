// Orders placed in a span that are not paid: how many, and the first ids.
// mode: read
// params: starts_at DATETIME, ends_at DATETIME, starts_on DATE, ends_on DATE, known_at DATETIME, limit INTEGER
// rows: one
// returns: orders INTEGER, ids LIST<STRING>
CALL () {
  MATCH (o:Order) WHERE o.placed_at >= $starts_at AND o.placed_at < $ends_at AND o.paid_at IS NULL RETURN o
  UNION ALL
  MATCH (o:Order) WHERE o.placed_at >= $starts_on AND o.placed_at < $ends_on AND o.paid_at IS NULL RETURN o
}
WITH DISTINCT o.id AS id, o.recorded_at <= $known_at AS known
WHERE known
WITH id ORDER BY id
RETURN count(*) AS orders, collect(id)[0..$limit] AS ids
