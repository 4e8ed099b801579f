// How many orders each partner's PV of one window holds, and how many customers paid; an order refunded in full by the
// window's end is as if it had not been. What was recorded late counts as in month/freeze_volumes.
// mode: write
// params: run_id STRING, window INTEGER, counted_by STRING, starts_at DATETIME, ends_at DATETIME, starts_on DATE, ends_on DATE,
//   known_at DATETIME, strata LIST<INTEGER>, late MAP, late_lines LIST<LIST>, late_refunds MAP
// rows: one
// returns: orders INTEGER
CALL () {
  CALL () {
    WITH $counted_by AS field WHERE field = 'paid_at'
    MATCH (o:Order) WHERE o.paid_at >= $starts_at AND o.paid_at < $ends_at
    RETURN o
    UNION ALL
    WITH $counted_by AS field WHERE field = 'paid_at'
    MATCH (o:Order) WHERE o.paid_at >= $starts_on AND o.paid_at < $ends_on
    RETURN o
    UNION ALL
    WITH $counted_by AS field WHERE field = 'placed_at'
    MATCH (o:Order) WHERE o.placed_at >= $starts_at AND o.placed_at < $ends_at AND o.paid_at IS NOT NULL
    RETURN o
    UNION ALL
    WITH $counted_by AS field WHERE field = 'placed_at'
    MATCH (o:Order) WHERE o.placed_at >= $starts_on AND o.placed_at < $ends_on AND o.paid_at IS NOT NULL
    RETURN o
  }
  WITH o WHERE $late = {} OR $late[o.id + '\u001f' + o.line] IS NULL
  RETURN o
  UNION ALL
  UNWIND $late_lines AS x
  MATCH (o:Order {id: x[0], line: x[1]})
  RETURN o
}
WITH o WHERE o.recorded_at <= $known_at
CALL (o) {
  WITH o WHERE NOT EXISTS { (o)<-[:REFUNDS]-(:Refund) }
  RETURN true AS stands
  UNION ALL
  WITH o WHERE EXISTS { (o)<-[:REFUNDS]-(:Refund) }
  CALL (o) {
    MATCH (o)<-[:REFUNDS]-(r:Refund) WHERE r.recorded_at <= $known_at
    WITH r, coalesce($late_refunds[r.id + '\u001f' + o.line], r.refunded_at) AS at
    WHERE CASE WHEN at IS :: DATE THEN at < $ends_on ELSE at < $ends_at END
    RETURN sum(r.amount_minor) AS refunded
  }
  MATCH (x:Order) WHERE x.id = o.id AND x.line IS NOT NULL
  WITH refunded, sum(x.amount_minor) AS total
  RETURN refunded < total AS stands
}
WITH o WHERE stands
MATCH (o)-[:CREDITED_TO]->(p:Partner)
OPTIONAL MATCH (o)-[:PLACED_BY]->(c:Customer)
WITH coalesce($strata[p.level], -1) AS level, p.seq AS k, count(DISTINCT o.id) AS orders, count(DISTINCT c) AS paying
ORDER BY k
WITH level, k / 16384 AS bucket, collect(k) AS ids, collect(orders) AS orders, collect(paying) AS paying
CREATE (:FrozenCount {run_id: $run_id, level: level, bucket: bucket, window: $window, ids: ids, orders: orders,
  paying_customers: paying})
RETURN coalesce(sum(reduce(t = 0, n IN orders | t + n)), 0) AS orders
