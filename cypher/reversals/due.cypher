// Order lines of closed periods of which refunds of this period take something: which run counted each, in which of its windows, from
// when it counts there, and what was refunded of its order before this period and by its end. `closed` are the closed periods, each
// with its run, and the spans that ended with them, each with its `window`. One that was `posted` late was counted at its own date,
// but for a span that holds the day on which its QV counts too: that was not closed yet, and counted it on that day.
// mode: write
// params: run_id STRING, counted_by STRING, known_at DATETIME, starts_at DATETIME, ends_at DATETIME, starts_on DATE, ends_on DATE,
//   time_zone STRING, closed LIST<MAP>, late MAP, posted MAP, late_refunds MAP,
//   late_refunded LIST<LIST>
// rows: one
// returns: lines INTEGER
CALL () {
  CALL () {
    MATCH (r:Refund) WHERE r.refunded_at >= $starts_at AND r.refunded_at < $ends_at RETURN r
    UNION ALL
    MATCH (r:Refund) WHERE r.refunded_at >= $starts_on AND r.refunded_at < $ends_on RETURN r
  }
  WITH r WHERE r.recorded_at <= $known_at
  MATCH (r)-[:REFUNDS]->(o:Order)
  WHERE $late_refunds[r.id + '\u001f' + o.line] IS NULL
  RETURN o
  UNION ALL
  UNWIND $late_refunded AS x
  MATCH (r:Refund {id: x[0]})-[:REFUNDS]->(o:Order) WHERE o.line = x[1]
  RETURN o
}
WITH DISTINCT o, CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS dated
WHERE o.paid_at IS NOT NULL AND o.recorded_at <= $known_at
WITH o, dated, o.id + '\u001f' + o.line AS key
WHERE NOT coalesce($late[key] = $starts_on, false)
WITH o, dated, $late[key] AS late, $posted[key] IS NOT NULL AS posted
UNWIND $closed AS c
WITH o, c, CASE WHEN late IS NULL OR posted AND NOT (late >= c.starts_on AND late < c.ends_on AND CASE WHEN dated IS :: DATE
  THEN dated >= c.starts_on ELSE dated >= c.starts_at END) THEN dated ELSE late END AS at
WHERE CASE WHEN at IS :: DATE THEN at >= c.starts_on AND at < c.ends_on ELSE at >= c.starts_at AND at < c.ends_at END
WITH o, at, c.run_id AS frozen, c.window AS window
MATCH (o)<-[:REFUNDS]-(r:Refund) WHERE r.recorded_at <= $known_at
WITH o, at, frozen, window, r.amount_minor AS minor, coalesce($late_refunds[r.id + '\u001f' + o.line], r.refunded_at) AS refunded_at
WITH o, at, frozen, window, sum(CASE WHEN CASE WHEN refunded_at IS :: DATE
    THEN refunded_at < $starts_on ELSE refunded_at < $starts_at END THEN minor ELSE 0 END) AS before_minor,
  sum(CASE WHEN CASE WHEN refunded_at IS :: DATE
    THEN refunded_at < $ends_on ELSE refunded_at < $ends_at END THEN minor ELSE 0 END) AS after_minor
CALL (o) {
  MATCH (x:Order) WHERE x.id = o.id AND x.line IS NOT NULL
  RETURN sum(x.amount_minor) AS total
}
WITH o, at, frozen, window, before_minor, after_minor, total WHERE total > 0 AND after_minor > before_minor
CREATE (:Due {run_id: $run_id, frozen: frozen, window: window, name: 'reversal ' + o.id, order_id: o.id, line: o.line, at: at, counted_at:
  datetime({datetime: CASE WHEN at IS :: DATE THEN datetime({date: at, timezone: $time_zone}) ELSE at END, timezone: 'Z'}),
  before_minor: before_minor, after_minor: after_minor, total_minor: total})
RETURN count(*) AS lines
