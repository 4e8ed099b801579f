// Refunds of order lines that were recorded after the period of their date (the later of their own and their line's) was closed,
// and that this run is the first to know of: they count in its period. `closed` and `since` as in month/find_late_orders; `late`
// says from which day a line counts that was late itself, under its order's id and its line. What a run marked already
// (`late_refunds`, under the refund's id and the line) stays where it counts.
// mode: write
// params: run_id STRING, counted_by STRING, known_at DATETIME, since DATETIME, starts_at DATETIME, starts_on DATE, closed LIST<MAP>,
//   late MAP, late_refunds MAP
// rows: one
// returns: refunds INTEGER
MATCH (r:Refund)
WHERE r.recorded_at > $since AND r.recorded_at <= $known_at
  AND CASE WHEN r.refunded_at IS :: DATE THEN r.refunded_at < $starts_on ELSE r.refunded_at < $starts_at END
MATCH (r)-[:REFUNDS]->(o:Order)
WHERE o.paid_at IS NOT NULL AND o.recorded_at <= $known_at AND $late_refunds[r.id + '\u001f' + o.line] IS NULL
WITH r, o, coalesce($late[o.id + '\u001f' + o.line], CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END) AS counted
WHERE any(c IN $closed WHERE r.recorded_at > c.until AND all(at IN [counted, r.refunded_at]
    WHERE CASE WHEN at IS :: DATE THEN at < c.ends_on ELSE at < c.ends_at END)
  AND any(at IN [counted, r.refunded_at] WHERE CASE WHEN at IS :: DATE THEN at >= c.starts_on ELSE at >= c.starts_at END))
CREATE (:Late {run_id: $run_id, order_id: o.id, line: o.line, refund_id: r.id, posted: false})
RETURN count(*) AS refunds
