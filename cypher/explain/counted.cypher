// Which closed runs counted lines of an order, or refunds of them (`refund`), and who sold them: those of the period of their date
// that knew them, or the one that took them late; not one that only posts parts of closed lines.
// mode: read
// params: order_id STRING
// rows: many
// returns: plan STRING, month STRING, run_id STRING, plan_version INTEGER, partner_id STRING, seq INTEGER,
//   refund BOOLEAN
// allows: NodeByLabelScan, CartesianProduct - periods are few, and beside each stands the run that closed it and the lines of one order
MATCH (p:Period)
WHERE p.status IN ['closed', 'paid']
MATCH (r:Run {id: p.run_id})
MATCH (o:Order {id: $order_id})
WHERE o.line IS NOT NULL AND o.paid_at IS NOT NULL
MATCH (o)-[:CREDITED_TO]->(s:Partner)
OPTIONAL MATCH (o)<-[:REFUNDS]-(f:Refund)
WHERE f.supposed IS NULL
WITH p, r, o, s, collect(f) + [null] AS refunds, CASE p.counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS sold_at
UNWIND refunds AS f
WITH p, r, s, o, f, CASE WHEN f IS NULL THEN sold_at ELSE f.refunded_at END AS at, coalesce(f.recorded_at, o.recorded_at) AS recorded_at
WHERE EXISTS { MATCH (l:Late {run_id: r.id}) WHERE l.order_id = o.id AND l.line = o.line AND l.refund_id = coalesce(f.id, '')
    AND NOT l.posted }
  OR recorded_at <= r.known_at AND o.recorded_at <= r.known_at AND CASE WHEN at IS :: DATE THEN at >= p.starts_on AND at < p.ends_on
    ELSE at >= p.starts_at AND at < p.ends_at END
RETURN DISTINCT p.plan AS plan, p.month AS month, r.id AS run_id, r.plan_version AS plan_version, s.id AS partner_id, s.seq AS seq,
  f IS NOT NULL AS refund
ORDER BY plan, month, partner_id, refund
