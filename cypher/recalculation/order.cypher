// What is left of an order to be refunded, and who sold it. Refunds that are only supposed do not count.
// mode: read
// params: order_id STRING
// rows: maybe
// returns: total_minor INTEGER, refunded_minor INTEGER, currency STRING, sellers LIST<STRING>, paid BOOLEAN
// allows: CartesianProduct - one sum beside one sum
MATCH (o:Order {id: $order_id})
WHERE o.line IS NOT NULL
MATCH (o)-[:CREDITED_TO]->(p:Partner)
WITH sum(o.amount_minor) AS total_minor, min(o.currency) AS currency, collect(DISTINCT p.id) AS sellers,
  min(o.paid_at IS NOT NULL) AS paid
CALL () {
  OPTIONAL MATCH (o:Order {id: $order_id})
  WHERE o.line IS NOT NULL
  OPTIONAL MATCH (o)<-[:REFUNDS]-(r:Refund)
  WHERE r.supposed IS NULL
  WITH DISTINCT r
  RETURN coalesce(sum(r.amount_minor), 0) AS refunded_minor
}
WITH total_minor, refunded_minor, currency, sellers, paid
WHERE total_minor IS NOT NULL AND currency IS NOT NULL
RETURN total_minor, refunded_minor, currency, sellers, paid
