// Writes a refund that is only supposed: recorded so far in the future that no run knows it but the one that is asked what it
// would change, and left out by whatever reads refunds beside runs.
// mode: write
// params: refund_id STRING, order_id STRING, amount_minor INTEGER, refunded_at DATE, recorded_at DATETIME
// rows: one
// returns: lines INTEGER
CREATE (r:Refund {id: $refund_id, amount_minor: $amount_minor, refunded_at: $refunded_at, recorded_at: $recorded_at,
  supposed: datetime.realtime()})
WITH r
MATCH (o:Order {id: $order_id})
WHERE o.line IS NOT NULL
CREATE (r)-[:REFUNDS]->(o)
RETURN count(o) AS lines
