// Order lines that were recorded after the period of their date was closed, and that this run is the first to know of: they count
// in its period, or only their QV does and the rest is `posted` on the lines of the closed one. `closed` are the closed periods before it, each with the instant `until` which its own run, or one of a later
// period, knew; `since` is the earliest of these.
// mode: write
// params: run_id STRING, counted_by STRING, known_at DATETIME, since DATETIME, starts_at DATETIME, starts_on DATE, closed LIST<MAP>,
//   posted BOOLEAN
// rows: one
// returns: orders INTEGER
MATCH (o:Order)
WHERE o.recorded_at > $since AND o.recorded_at <= $known_at AND o.paid_at IS NOT NULL
WITH o, CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS counted
WHERE CASE WHEN counted IS :: DATE THEN counted < $starts_on ELSE counted < $starts_at END
  AND any(c IN $closed WHERE o.recorded_at > c.until AND CASE WHEN counted IS :: DATE
    THEN counted >= c.starts_on AND counted < c.ends_on ELSE counted >= c.starts_at AND counted < c.ends_at END)
CREATE (:Late {run_id: $run_id, order_id: o.id, line: o.line, refund_id: '', posted: $posted})
RETURN count(*) AS orders
