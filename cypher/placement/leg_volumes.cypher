// What each leg of a partner comes to in a span, net of what is refunded in it, in thousandths: what tells the weak leg today. An
// order sold earlier counts by what the span's refunds took of it. One without the volume asked for counts its money in the
// plan's currency, by the rate under 'CUR 2025-03' (its own period of the plan's calendar; not at all while none is published).
// mode: read
// params: partner_id STRING, tree STRING, volume STRING, counted_by STRING, starts_at DATETIME, ends_at DATETIME, starts_on DATE,
//   ends_on DATE, time_zone STRING, currency STRING, calendar STRING, anchor DATE, rates MAP, rounding STRING,
//   thousandths_per_minor INTEGER, counts MAP
// rows: many
// returns: leg INTEGER, sold INTEGER
MATCH (:Partner {id: $partner_id})<-[e:PLACED_UNDER {tree: $tree}]-(c:Partner)
MATCH (c) (()<-[r:PLACED_UNDER WHERE r.tree = $tree]-()){0,} (d:Partner)
MATCH (d)<-[:CREDITED_TO]-(o:Order)
WHERE o.paid_at IS NOT NULL
WITH e.leg AS leg, o, CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS counted
WHERE CASE WHEN counted IS :: DATE THEN counted < $ends_on ELSE counted < $ends_at END
WITH leg, o, CASE WHEN counted IS :: DATE THEN counted >= $starts_on ELSE counted >= $starts_at END AS sold,
  CASE WHEN counted IS :: DATE THEN counted ELSE date(datetime({datetime: counted, timezone: $time_zone})) END AS day
WHERE sold OR EXISTS { (o)<-[:REFUNDS]-(r:Refund)
  WHERE CASE WHEN r.refunded_at IS :: DATE THEN r.refunded_at >= $starts_on AND r.refunded_at < $ends_on
    ELSE r.refunded_at >= $starts_at AND r.refunded_at < $ends_at END }
WITH leg, o, sold, CASE WHEN o.currency = $currency THEN [1, 1] ELSE $rates[o.currency + CASE $calendar
  WHEN 'month' THEN ' ' + substring(toString(day), 0, 7)
  WHEN 'quarter' THEN ' ' + substring(toString(day), 0, 5) + 'Q' + toString((day.month + 2) / 3)
  WHEN 'week' THEN ' W' + toString(day - duration({days: (duration.inDays($anchor, day).days % 7 + 7) % 7}))
  ELSE ' F' + toString(day - duration({days: (duration.inDays($anchor, day).days % 28 + 28) % 28})) END] END AS rate
WITH leg, o, sold, rate, (o.amount_minor / rate[1]) * rate[0] + (o.amount_minor % rate[1]) * rate[0] / rate[1] AS money,
  (o.amount_minor % rate[1]) * rate[0] % rate[1] AS rest
WITH leg, o, sold, coalesce(money + CASE WHEN $rounding = 'half_up' AND 2 * rest >= rate[1] THEN 1
  WHEN $rounding = 'half_even' AND (2 * rest > rate[1] OR 2 * rest = rate[1] AND money % 2 = 1) THEN 1 ELSE 0 END, 0) AS money
WITH leg, o, sold, CASE $volume WHEN 'qv' THEN $counts[o.kind][0] * coalesce(o.qv, money * $thousandths_per_minor)
  ELSE $counts[o.kind][1] * coalesce(o.cv, money * $thousandths_per_minor) END AS whole
CALL (o, sold, whole) {
  WITH o, whole WHERE NOT EXISTS { (o)<-[:REFUNDS]-(:Refund) }
  RETURN whole AS net
  UNION ALL
  WITH o, sold, whole
  MATCH (o)<-[:REFUNDS]-(r:Refund)
  WITH o, sold, whole, CASE WHEN r.refunded_at IS :: DATE THEN [r.refunded_at < $starts_on, r.refunded_at < $ends_on]
    ELSE [r.refunded_at < $starts_at, r.refunded_at < $ends_at] END AS given, r.amount_minor AS back
  WITH o, sold, whole, sum(CASE WHEN given[0] AND NOT sold THEN back ELSE 0 END) AS before,
    sum(CASE WHEN given[1] THEN back ELSE 0 END) AS by_end
  MATCH (x:Order {id: o.id}) WHERE x.line IS NOT NULL
  WITH sold, whole, before, by_end, sum(x.amount_minor) AS total
  // whole * back / total inside 63 bits, by long division in digits of a thousand
  WITH sold, whole, [back IN [before, by_end] | (whole / total) * back + reduce(t = [0, 0],
    d IN [1000000000000000, 1000000000000, 1000000000, 1000000, 1000, 1] |
      [t[0] * 1000 + (t[1] * 1000 + (whole % total) * ((back / d) % 1000)) / total,
        (t[1] * 1000 + (whole % total) * ((back / d) % 1000)) % total])[0]] AS taken
  RETURN CASE WHEN sold THEN whole ELSE 0 END - (taken[1] - taken[0]) AS net
}
RETURN leg, sum(net) AS sold
ORDER BY leg
