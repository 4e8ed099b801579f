// What each partner sold in one window, net of refunds, by kind and category of order, as list columns in blocks.
// Sources are the orders the window holds and earlier orders that were refunded in it. A refund takes from every line of its
// order floor(V * refunded so far / order total), so part refunds add up; its instant is the later of its own and its order's.
// What was recorded after the period of its date was closed counts from the day that `late` says, under its order's id and its line.
// A refund that was, or that belongs to its order's period whatever its date, counts from that of `late_refunds`, under its own id
// and the line. Those that this window holds are named besides.
// With `reverse` what refunds take from earlier orders stands apart (reversed), and so does what is late and posted on closed
// lines instead, but where the window holds its own date too: bonuses do not count it. Posted is what is left of an order when the
// period ends in which it does (late_lines: order, line, whether it is posted, the end of that period as a day and as an instant); without
// `reverse` refunds that a longer window holds after that are counted like any other.
// A missing QV or CV is the order's money in the plan's currency. With `per_order` every order line keeps a row of its own.
// `marks` are what bonuses ask of an order beside kind and category, each a list of maps whose parts must all hold: days or
// joined_months (dated before the seller's joining day and so many days, or months), calendar_months (in the calendar month of
// joining or one of the next, so many in all), orders (first, or later: after the customer's first paid order, within so many
// months of it, or one of so many), kinds and categories. Orders that are marked alike stand in one block.
// Rates stand in `rates` under 'CUR 2025-03' (the order's own period of the plan's calendar, weeks counted from anchor) as
// [numerator, denominator], both exponents allowed for; what lacks one is returned.
// mode: write
// params: run_id STRING, window INTEGER, counted_by STRING, starts_at DATETIME, ends_at DATETIME, starts_on DATE, ends_on DATE,
//   known_at DATETIME, strata LIST<INTEGER>, time_zone STRING, currency STRING, calendar STRING, anchor DATE, rates MAP, rounding STRING,
//   thousandths_per_minor INTEGER, counts MAP, count_customers BOOLEAN, per_order BOOLEAN, marks LIST<MAP>, late MAP,
//   late_lines LIST<LIST>, late_refunds MAP, late_refunded LIST<LIST>, reverse BOOLEAN
// rows: one
// returns: sources INTEGER, millions INTEGER, missing LIST<STRING>
CALL () {
  CALL () {
    WITH $counted_by AS field WHERE field = 'paid_at'
    MATCH (o:Order) WHERE o.paid_at >= $starts_at AND o.paid_at < $ends_at
    RETURN o, o.paid_at AS counted
    UNION ALL
    WITH $counted_by AS field WHERE field = 'paid_at'
    MATCH (o:Order) WHERE o.paid_at >= $starts_on AND o.paid_at < $ends_on
    RETURN o, o.paid_at AS counted
    UNION ALL
    WITH $counted_by AS field WHERE field = 'placed_at'
    MATCH (o:Order) WHERE o.placed_at >= $starts_at AND o.placed_at < $ends_at AND o.paid_at IS NOT NULL
    RETURN o, o.placed_at AS counted
    UNION ALL
    WITH $counted_by AS field WHERE field = 'placed_at'
    MATCH (o:Order) WHERE o.placed_at >= $starts_on AND o.placed_at < $ends_on AND o.paid_at IS NOT NULL
    RETURN o, o.placed_at AS counted
  }
  WITH o, counted WHERE $late = {} OR $late[o.id + '\u001f' + o.line] IS NULL
  RETURN o, counted, true AS sold, false AS posted, null AS until
  UNION ALL
  UNWIND $late_lines AS x
  MATCH (o:Order {id: x[0], line: x[1]})
  WITH o, x, CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS dated
  WITH o, x, x[2] AND CASE WHEN dated IS :: DATE THEN dated < $starts_on ELSE dated < $starts_at END AS posted
  UNWIND CASE WHEN posted AND NOT $reverse AND x[3] < $ends_on AND EXISTS {
      (o)<-[:REFUNDS]-(r:Refund) WHERE r.recorded_at <= $known_at
    } THEN [true, false] ELSE [true] END AS sold
  RETURN o, $late[x[0] + '\u001f' + x[1]] AS counted, sold, posted AND sold AS posted,
    CASE WHEN posted AND NOT $reverse THEN [x[3], x[4]] END AS until
  UNION ALL
  CALL () {
    CALL () {
      MATCH (r:Refund) WHERE r.refunded_at >= $starts_at AND r.refunded_at < $ends_at RETURN r
      UNION ALL
      MATCH (r:Refund) WHERE r.refunded_at >= $starts_on AND r.refunded_at < $ends_on RETURN r
    }
    WITH r WHERE r.recorded_at <= $known_at
    MATCH (r)-[:REFUNDS]->(o:Order)
    WHERE $late_refunds = {} OR $late_refunds[r.id + '\u001f' + o.line] IS NULL
    RETURN o
    UNION ALL
    UNWIND $late_refunded AS x
    MATCH (r:Refund {id: x[0]})-[:REFUNDS]->(o:Order) WHERE o.line = x[1]
    RETURN o
  }
  WITH DISTINCT o, CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS dated
  WITH o, CASE WHEN $late = {} THEN dated ELSE coalesce($late[o.id + '\u001f' + o.line], dated) END AS counted
  WHERE o.paid_at IS NOT NULL
    AND CASE WHEN counted IS :: DATE THEN counted < $starts_on ELSE counted < $starts_at END
  RETURN o, counted, false AS sold, false AS posted, null AS until
}
WITH o, counted, sold, posted, until WHERE o.recorded_at <= $known_at
WITH o, sold, until, $reverse AND NOT sold OR posted AS reversed, CASE WHEN counted IS :: DATE THEN counted ELSE date(datetime({datetime: counted, timezone: $time_zone})) END AS day,
  o.currency <> $currency AS foreign
WITH o, sold, until, reversed, day, CASE
  WHEN NOT foreign THEN null
  WHEN $calendar = 'month' THEN o.currency + ' ' + substring(toString(day), 0, 7)
  WHEN $calendar = 'quarter' THEN o.currency + ' ' + substring(toString(day), 0, 5) + 'Q' + toString((day.month + 2) / 3)
  WHEN $calendar = 'week' THEN o.currency + ' W'
    + toString(day - duration({days: (duration.inDays($anchor, day).days % 7 + 7) % 7}))
  ELSE o.currency + ' F' + toString(day - duration({days: (duration.inDays($anchor, day).days % 28 + 28) % 28})) END AS pair
WITH o, sold, until, reversed, day, pair, CASE WHEN pair IS NULL THEN [1, 1] ELSE $rates[pair] END AS rate
WITH o, sold, until, reversed, day, pair, rate, (o.amount_minor % rate[1]) * rate[0] AS part
WITH o, sold, until, reversed, day, CASE WHEN rate IS NULL THEN pair END AS missing,
  CASE WHEN pair IS NULL THEN o.amount_minor ELSE (o.amount_minor / rate[1]) * rate[0] + part / rate[1]
    + CASE WHEN $rounding = 'half_up' AND 2 * (part % rate[1]) >= rate[1] THEN 1
        WHEN $rounding = 'half_even' AND (2 * (part % rate[1]) > rate[1] OR 2 * (part % rate[1]) = rate[1]
          AND ((o.amount_minor / rate[1]) * rate[0] + part / rate[1]) % 2 = 1) THEN 1
        ELSE 0 END END AS money
WITH o, day, sold, until, reversed, missing, [money,
  $counts[o.kind][0] * coalesce(o.qv, money * $thousandths_per_minor),
  $counts[o.kind][1] * coalesce(o.cv, money * $thousandths_per_minor)] AS whole
// what refunds that were recorded by the cut-off leave of an order (as an expression: a CALL would cost the many without any too)
WITH o, day, reversed, missing, whole,
  CASE WHEN EXISTS { (o)<-[:REFUNDS]-(:Refund) } THEN head(COLLECT {
    MATCH (o)<-[:REFUNDS]-(r:Refund) WHERE r.recorded_at <= $known_at
    WITH o, sold, whole, r, CASE WHEN sold THEN [$starts_on, $starts_at] ELSE coalesce(until, [$starts_on, $starts_at]) END AS since,
      CASE WHEN sold THEN coalesce(until, [$ends_on, $ends_at]) ELSE [$ends_on, $ends_at] END AS by, CASE WHEN $late_refunds = {} THEN r.refunded_at
      ELSE coalesce($late_refunds[r.id + '\u001f' + o.line], r.refunded_at) END AS at
    WITH o, sold, whole, sum(CASE
        WHEN sold THEN 0
        WHEN CASE WHEN at IS :: DATE THEN at < since[0] ELSE at < since[1] END THEN r.amount_minor
        ELSE 0 END) AS before,
      sum(CASE
        WHEN CASE WHEN at IS :: DATE THEN at < by[0] ELSE at < by[1] END THEN r.amount_minor
        ELSE 0 END) AS by_end
    CALL (o) {
      MATCH (x:Order) WHERE x.id = o.id AND x.line IS NOT NULL
      RETURN sum(x.amount_minor) AS total
    }
    // V * S / total inside 63 bits: whole totals of V first, then the rest by long division over S in digits of a thousand.
    WITH sold, whole, [s IN [before, by_end] | [v IN whole | (v / total) * s + reduce(x = [0, 0],
      d IN [1000000000000000, 1000000000000, 1000000000, 1000000, 1000, 1] |
        [x[0] * 1000 + (x[1] * 1000 + (v % total) * ((s / d) % 1000)) / total,
          (x[1] * 1000 + (v % total) * ((s / d) % 1000)) % total])[0]]] AS taken
    RETURN [i IN range(0, 2) | CASE WHEN sold THEN whole[i] ELSE 0 END - (taken[1][i] - taken[0][i])] AS left
  }) END AS left
WITH o, day, reversed, missing, coalesce(left, whole) AS net
MATCH (o)-[:CREDITED_TO]->(p:Partner)
// where a mark asks for it, the customer's paid orders: how many came before this one, and the days of the first and of this
// (its first line's)
WITH o, p, day, reversed, net, missing, CASE WHEN any(m IN $marks WHERE m.orders <> 'all') THEN head(COLLECT {
    OPTIONAL MATCH (o)-[:PLACED_BY]->(c:Customer)
    OPTIONAL MATCH (c)<-[:PLACED_BY]-(x:Order)
    WHERE x.paid_at IS NOT NULL AND x.recorded_at <= $known_at
    WITH o.id AS id, x.id AS order_id,
      collect(coalesce($late[x.id + '\u001f' + x.line], CASE $counted_by WHEN 'paid_at' THEN x.paid_at ELSE x.placed_at END)) AS dates
    WITH id, order_id,
      coll.min([v IN dates | datetime({datetime: CASE WHEN v IS :: DATE THEN datetime({date: v, timezone: $time_zone}) ELSE v END,
        timezone: 'Z'})]) AS at
    ORDER BY at, order_id  // instants of one zone: of equal ones in two zones Cypher puts one first
    WITH id, collect(order_id) AS ids, collect(at) AS instants
    RETURN [coll.indexOf(ids, id)] +
      CASE WHEN ids = [] THEN [] ELSE [t IN [instants[0], instants[coll.indexOf(ids, id)]] |
        date(datetime({datetime: t, timezone: $time_zone}))] END AS found
  }) END AS customer
WITH o, p, day, reversed, net, missing, customer[0] AS place, customer[1..] AS days,
  CASE WHEN p.joined_at IS :: DATE THEN p.joined_at ELSE date(datetime({datetime: p.joined_at, timezone: $time_zone})) END AS joined
WITH o, p, reversed, net, missing, [m IN $marks |
  (m.days IS NULL OR day < joined + duration({days: m.days}))
  AND (m.joined_months IS NULL OR day < joined + duration({months: m.joined_months}))
  AND (m.calendar_months IS NULL OR day < date.truncate('month', joined) + duration({months: m.calendar_months}))
  AND (m.kinds IS NULL OR o.kind IN m.kinds) AND (m.categories IS NULL OR coalesce(o.category, '') IN m.categories)
  AND CASE m.orders WHEN 'all' THEN true WHEN 'first' THEN place = 0
    ELSE place > 0 AND (m.count IS NULL OR place <= m.count)
      AND (m.months IS NULL OR days[1] < days[0] + duration({months: m.months})) END] AS marks
WITH coalesce($strata[p.level], -1) AS level, p.seq AS k, marks, o.kind AS kind, coalesce(o.category, '') AS category,
  CASE WHEN $per_order THEN o.id ELSE '' END AS order_id, CASE WHEN $per_order THEN o.line ELSE '' END AS line,
  reversed, net, missing, CASE WHEN $count_customers AND EXISTS { (o)-[:PLACED_BY]->(:Customer) } THEN net[1] ELSE 0 END AS customer_qv
WITH level, k, marks, kind, category, reversed, order_id, line, sum(net[0]) AS money, sum(net[1]) AS qv, sum(net[2]) AS cv,
  sum(customer_qv) AS customer_qv, sum(abs(net[0]) / 1000000 + abs(net[1]) / 1000000 + abs(net[2]) / 1000000 + 1) AS millions,
  collect(DISTINCT missing) AS missing, count(*) AS sources
ORDER BY k, order_id, line
WITH level, k / 16384 AS bucket, marks, kind, category, reversed, collect(k) AS ids, collect(qv) AS qv, collect(cv) AS cv,
  collect(money) AS money, collect(customer_qv) AS customer_qv, collect(order_id) AS order_ids, collect(line) AS lines,
  sum(millions) AS millions, collect(missing) AS missing, sum(sources) AS sources
CREATE (:FrozenVolume {run_id: $run_id, level: level, bucket: bucket, window: $window, kind: kind, category: category,
  marks: marks, reversed: CASE WHEN reversed THEN true END, ids: ids, sources: sources, qv: qv, cv: cv, money_minor: money,
  customer_qv: customer_qv,
  order_ids: CASE WHEN $per_order THEN order_ids ELSE [] END, lines: CASE WHEN $per_order THEN lines ELSE [] END})
WITH sum(sources) AS sources, sum(millions) AS millions, collect(missing) AS missing
RETURN coalesce(sources, 0) AS sources, coalesce(millions, 0) AS millions,
  coll.distinct(coll.flatten(missing, 2)) AS missing
