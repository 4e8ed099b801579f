// What each leg of a partner sold in a span, net of what was refunded of it so far, in thousandths: what tells the weak leg today.
// An order without the volume asked for counts its money in the plan's currency (not at all while its rate is not published).
// mode: read
// params: partner_id STRING, tree STRING, volume STRING, counted_by STRING, starts_at DATETIME, ends_at DATETIME,
//   starts_on DATE, ends_on DATE, time_zone STRING, currency STRING, rates MAP, thousandths_per_minor INTEGER, counts MAP
// rows: many
// returns: leg INTEGER, sold INTEGER
MATCH (:Partner {id: $partner_id})<-[e:PLACED_UNDER {tree: $tree}]-(c:Partner)
MATCH (c) (()<-[r:PLACED_UNDER WHERE r.tree = $tree]-()){0,} (d:Partner)
MATCH (d)<-[:CREDITED_TO]-(o:Order)
WHERE o.paid_at IS NOT NULL
WITH e.leg AS leg, o, CASE $counted_by WHEN 'paid_at' THEN o.paid_at ELSE o.placed_at END AS counted
WHERE CASE WHEN counted IS :: DATE THEN counted >= $starts_on AND counted < $ends_on
  ELSE counted >= $starts_at AND counted < $ends_at END
WITH leg, o, CASE WHEN o.currency = $currency THEN [1, 1]
  WHEN counted IS :: DATE THEN $rates[o.currency + ' ' + substring(toString(counted), 0, 7)]
  ELSE $rates[o.currency + ' ' + substring(toString(date(datetime({datetime: counted, timezone: $time_zone}))), 0, 7)] END AS rate
WITH leg, o, coalesce((o.amount_minor / rate[1]) * rate[0] + (o.amount_minor % rate[1]) * rate[0] / rate[1], 0) AS money
WITH leg, o, CASE $volume WHEN 'qv' THEN $counts[o.kind][0] * coalesce(o.qv, money * $thousandths_per_minor)
  ELSE $counts[o.kind][1] * coalesce(o.cv, money * $thousandths_per_minor) END AS whole
CALL (o, whole) {
  WITH o, whole WHERE NOT EXISTS { (o)<-[:REFUNDS]-(:Refund) }
  RETURN whole AS net
  UNION ALL
  MATCH (o)<-[:REFUNDS]-(r:Refund)
  WITH o, whole, sum(r.amount_minor) AS back
  MATCH (x:Order {id: o.id}) WHERE x.line IS NOT NULL
  WITH whole, back, sum(x.amount_minor) AS total
  // whole * back / total inside 63 bits, by long division in digits of a thousand
  RETURN whole - (whole / total) * back - reduce(t = [0, 0],
    d IN [1000000000000000, 1000000000000, 1000000000, 1000000, 1000, 1] |
      [t[0] * 1000 + (t[1] * 1000 + (whole % total) * ((back / d) % 1000)) / total,
        (t[1] * 1000 + (whole % total) * ((back / d) % 1000)) % total])[0] AS net
}
RETURN leg, sum(net) AS sold
ORDER BY leg
