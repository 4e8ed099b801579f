// Order lines that this run took late and posts on the lines of the closed period of their date, and of the spans that hold that date
// and ended before this period: which run closed each (`closed` and `window` as in reversals/due), and what was refunded of its order
// by the end of this period. before_minor -1 says that nothing of it was counted before.
// mode: write
// params: run_id STRING, counted_by STRING, known_at DATETIME, ends_at DATETIME, ends_on DATE, time_zone STRING, closed LIST<MAP>,
//   late_refunds MAP
// rows: one
// returns: lines INTEGER
MATCH (l:Late {run_id: $run_id}) WHERE l.posted
MATCH (o:Order {id: l.order_id, line: l.line})
WITH o, CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS at
UNWIND $closed AS c
WITH o, at, c
WHERE CASE WHEN at IS :: DATE THEN at >= c.starts_on AND at < c.ends_on ELSE at >= c.starts_at AND at < c.ends_at END
WITH o, at, c.run_id AS frozen, c.window AS window
CALL (o) {
  OPTIONAL MATCH (o)<-[:REFUNDS]-(r:Refund) WHERE r.recorded_at <= $known_at
  WITH o, r.amount_minor AS minor, coalesce($late_refunds[r.id + '\u001f' + o.line], r.refunded_at) AS at
  WHERE CASE WHEN at IS :: DATE THEN at < $ends_on ELSE at < $ends_at END
  RETURN coalesce(sum(minor), 0) AS after_minor
}
CALL (o) {
  MATCH (x:Order) WHERE x.id = o.id AND x.line IS NOT NULL
  RETURN sum(x.amount_minor) AS total
}
CREATE (:Due {run_id: $run_id, frozen: frozen, window: window, name: 'late ' + o.id, order_id: o.id, line: o.line, at: at, counted_at:
  datetime({datetime: CASE WHEN at IS :: DATE THEN datetime({date: at, timezone: $time_zone}) ELSE at END, timezone: 'Z'}),
  before_minor: -1, after_minor: after_minor, total_minor: CASE WHEN total > 0 THEN total ELSE 1 END})
RETURN count(*) AS lines
