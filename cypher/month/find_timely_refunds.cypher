// Refunds dated after the end of this period, but recorded by the cut-off that closes it (`recorded_by`), of order lines that it
// counts: with `refunds_belong_to: order_period` they count in it, as their order does. `later` are periods after it that were closed
// before, each with the cut-off of its run: what one of them counted by its own date stays there, and so does what some run marked
// (`late_refunds`). `late` says from which day a line counts that was late itself, under its order's id and its line.
// mode: write
// params: run_id STRING, counted_by STRING, recorded_by DATETIME, starts_at DATETIME, ends_at DATETIME, starts_on DATE, ends_on DATE,
//   later LIST<MAP>, late MAP, late_refunds MAP
// rows: one
// returns: refunds INTEGER
CALL () {
  MATCH (r:Refund) WHERE r.refunded_at >= $ends_at RETURN r
  UNION ALL
  MATCH (r:Refund) WHERE r.refunded_at >= $ends_on RETURN r
}
WITH r WHERE r.recorded_at <= $recorded_by
MATCH (r)-[:REFUNDS]->(o:Order)
WHERE o.paid_at IS NOT NULL AND o.recorded_at <= $recorded_by AND $late_refunds[r.id + '\u001f' + o.line] IS NULL
  AND NOT any(c IN $later WHERE r.recorded_at <= c.known_at AND o.recorded_at <= c.known_at AND CASE WHEN r.refunded_at IS :: DATE
    THEN r.refunded_at >= c.starts_on AND r.refunded_at < c.ends_on ELSE r.refunded_at >= c.starts_at AND r.refunded_at < c.ends_at END)
WITH r, o, coalesce($late[o.id + '\u001f' + o.line], CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END) AS counted
WHERE CASE WHEN counted IS :: DATE
  THEN counted >= $starts_on AND counted < $ends_on ELSE counted >= $starts_at AND counted < $ends_at END
CREATE (:Late {run_id: $run_id, order_id: o.id, line: o.line, refund_id: r.id, posted: false})
RETURN count(*) AS refunds
