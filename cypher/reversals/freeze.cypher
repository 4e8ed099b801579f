// What the refunds of a run take from orders of a closed period, and what is posted late there (of the run `frozen`, in its window
// `spanned`: 0 for its period, or that of the span that it ended), an order line a row, as that run counted them:
// kinds, marks and rates are as in month/freeze_volumes, and what was recorded after its cut-off (known_at) is as if it were not, but for the line itself.
// Stands beside the volumes of the run, in a window of its own.
// mode: write
// params: run_id STRING, frozen STRING, spanned INTEGER, window INTEGER, counted_by STRING, known_at DATETIME, time_zone STRING, currency STRING,
//   calendar STRING, anchor DATE, rates MAP, rounding STRING, thousandths_per_minor INTEGER, counts MAP, marks LIST<MAP>, late MAP
// rows: one
// returns: lines INTEGER
MATCH (d:Due {run_id: $run_id}) WHERE d.frozen = $frozen AND d.window = $spanned
MATCH (o:Order {id: d.order_id, line: d.line})
WITH o, d, d.at AS counted
WITH o, d, CASE WHEN counted IS :: DATE THEN counted ELSE date(datetime({datetime: counted, timezone: $time_zone})) END AS day,
  o.currency <> $currency AS foreign
WITH o, d, day, CASE
  WHEN NOT foreign THEN null
  WHEN $calendar = 'month' THEN o.currency + ' ' + substring(toString(day), 0, 7)
  WHEN $calendar = 'quarter' THEN o.currency + ' ' + substring(toString(day), 0, 5) + 'Q' + toString((day.month + 2) / 3)
  WHEN $calendar = 'week' THEN o.currency + ' W'
    + toString(day - duration({days: (duration.inDays($anchor, day).days % 7 + 7) % 7}))
  ELSE o.currency + ' F' + toString(day - duration({days: (duration.inDays($anchor, day).days % 28 + 28) % 28})) END AS pair
WITH o, d, day, pair, CASE WHEN pair IS NULL THEN [1, 1] ELSE $rates[pair] END AS rate
WITH o, d, day, pair, rate, (o.amount_minor % rate[1]) * rate[0] AS part
WITH o, d, day, CASE WHEN pair IS NULL THEN o.amount_minor ELSE (o.amount_minor / rate[1]) * rate[0] + part / rate[1]
    + CASE WHEN $rounding = 'half_up' AND 2 * (part % rate[1]) >= rate[1] THEN 1
        WHEN $rounding = 'half_even' AND (2 * (part % rate[1]) > rate[1] OR 2 * (part % rate[1]) = rate[1]
          AND ((o.amount_minor / rate[1]) * rate[0] + part / rate[1]) % 2 = 1) THEN 1
        ELSE 0 END END AS money
WITH o, d, day, [money,
  $counts[o.kind][0] * coalesce(o.qv, money * $thousandths_per_minor),
  $counts[o.kind][1] * coalesce(o.cv, money * $thousandths_per_minor)] AS whole
WITH o, d, day, whole, [d.before_minor, d.after_minor] AS refunded, d.total_minor AS total
// V * S / total inside 63 bits, as in month/freeze_volumes
WITH o, d, day, whole, [s IN refunded | [v IN whole | (v / total) * s + reduce(x = [0, 0],
    d IN [1000000000000000, 1000000000000, 1000000000, 1000000, 1000, 1] |
      [x[0] * 1000 + (x[1] * 1000 + (v % total) * ((s / d) % 1000)) / total,
        (x[1] * 1000 + (v % total) * ((s / d) % 1000)) % total])[0]]] AS taken
WITH o, d, day, [i IN range(0, 2) | CASE WHEN d.before_minor < 0 THEN whole[i] ELSE taken[0][i] END - taken[1][i]] AS net
MATCH (o)-[:CREDITED_TO]->(p:Partner)
// where a mark asks for it, the customer's paid orders: how many came before this one, and the days of the first and of this
// (its first line's)
WITH o, d, p, day, net, CASE WHEN any(m IN $marks WHERE m.orders <> 'all') THEN head(COLLECT {
    OPTIONAL MATCH (o)-[:PLACED_BY]->(c:Customer)
    OPTIONAL MATCH (c)<-[:PLACED_BY]-(x:Order)
    WHERE x.paid_at IS NOT NULL AND (x.recorded_at <= $known_at OR x.id = o.id AND x.line = o.line)
    WITH o.id AS id, x.id AS order_id,
      collect(CASE WHEN x.id = o.id AND x.line = o.line THEN d.at ELSE coalesce($late[x.id + '\u001f' + x.line], CASE $counted_by WHEN 'paid_at' THEN x.paid_at ELSE x.placed_at END) END) AS dates
    WITH id, order_id,
      coll.min([v IN dates | datetime({datetime: CASE WHEN v IS :: DATE THEN datetime({date: v, timezone: $time_zone}) ELSE v END,
        timezone: 'Z'})]) AS at
    ORDER BY at, order_id
    WITH id, collect(order_id) AS ids, collect(at) AS instants
    RETURN [coll.indexOf(ids, id)] +
      CASE WHEN ids = [] THEN [] ELSE [t IN [instants[0], instants[coll.indexOf(ids, id)]] |
        date(datetime({datetime: t, timezone: $time_zone}))] END AS found
  }) END AS customer
WITH o, d, p, day, net, customer[0] AS place, customer[1..] AS days,
  CASE WHEN p.joined_at IS :: DATE THEN p.joined_at ELSE date(datetime({datetime: p.joined_at, timezone: $time_zone})) END AS joined
WITH o, d, p, net, [m IN $marks |
  (m.days IS NULL OR day < joined + duration({days: m.days}))
  AND (m.joined_months IS NULL OR day < joined + duration({months: m.joined_months}))
  AND (m.calendar_months IS NULL OR day < date.truncate('month', joined) + duration({months: m.calendar_months}))
  AND (m.kinds IS NULL OR o.kind IN m.kinds) AND (m.categories IS NULL OR coalesce(o.category, '') IN m.categories)
  AND CASE m.orders WHEN 'all' THEN true WHEN 'first' THEN place = 0
    ELSE place > 0 AND (m.count IS NULL OR place <= m.count)
      AND (m.months IS NULL OR days[1] < days[0] + duration({months: m.months})) END] AS marks
WITH p.seq AS k, marks, o.kind AS kind, coalesce(o.category, '') AS category, d.name AS order_id, o.line AS line, net
ORDER BY k, order_id, line
WITH k / 16384 AS bucket, marks, kind, category, collect(k) AS ids, collect(net[1]) AS qv, collect(net[2]) AS cv,
  collect(net[0]) AS money, collect(order_id) AS order_ids, collect(line) AS lines
CREATE (:FrozenVolume {run_id: $run_id, level: 0, bucket: bucket, window: $window, kind: kind, category: category, marks: marks,
  ids: ids, sources: 0, qv: qv, cv: cv, money_minor: money, customer_qv: [k IN ids | 0], order_ids: order_ids, lines: lines})
RETURN coalesce(sum(size(ids)), 0) AS lines
